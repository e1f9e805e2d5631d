/**
 * One record for a whole piece of work: a request, a job, a message. It is made when the
 * work ends, however it ends, and says how, how long it took, and everything that was
 * added to it on the way.
 *
 * **Example** (One record for a checkout)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, TestLogging, WideEvent } from "effect-spillway"
 *
 * const pay = WideEvent.add({ "payment.method": "card" }).pipe(
 *   Effect.andThen(WideEvent.count("db.queries", 2)),
 *   Effect.andThen(Effect.logInfo("charged"))
 * )
 * const checkout = Effect.all([pay, WideEvent.add({ "cart.items": 3 })], { concurrency: 2 }).pipe(
 *   WideEvent.record("checkout")
 * )
 *
 * const program = Effect.gen(function*() {
 *   yield* checkout
 *   const { records } = yield* TestLogging.TestLogging
 *   const { annotations: { "event.duration_ms": duration, ...said }, level, message } = (yield* records).at(-1)!
 *   return { level, message, said, isTimed: typeof duration }
 * })
 *
 * const seen = await Effect.runPromise(Effect.provide(program, Logging.layerTest()))
 * seen.level // => "Info"
 * seen.message // => "checkout"
 * seen.said // => { "event.name": "checkout", "event.outcome": "success", "event.lines.info": 1, "payment.method": "card", "db.queries": 2, "cart.items": 3 }
 * seen.isTimed // => "number"
 * ```
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { eventsElsewhere } from "./capture/eventsElsewhere.ts"
import { eventChecks, type Options, settledOptions } from "./events/eventOptions.ts"
import { open } from "./events/open.ts"
import { CurrentEvent, type OpenEvent } from "./events/OpenEvent.ts"
import { satisfies, text } from "./options/check.ts"
import { checkArgument, checkOptions } from "./options/checkOptions.ts"

export type { Options, Summary } from "./events/eventOptions.ts"
export type { OpenEvent } from "./events/OpenEvent.ts"
export type { Outcome } from "./events/outcome.ts"

/**
 * Makes one record of an effect when it ends: by success, error, defect or interruption.
 * Its result, its errors and what it needs stay as they are.
 *
 * **Details**
 *
 * The record has the name as its message and as `event.name`, the cause of a failure, the
 * annotations, log spans, trace and span of where the effect is run, and these annotations:
 *
 * - `event.outcome`, see {@link Outcome}; `event.duration_ms`, by the monotonic time of Effect's
 *   Clock; `error.type`, the tag or the name of what went wrong, `_OTHER` without one.
 * - `event.lines.info` and so on: how many lines of a level were logged inside, also those
 *   that a full lane has dropped; `event.log` with the option `keepLines`.
 * - `event.inner`: how many events were recorded inside. Each is its own record, and what is
 *   added in it is added to it alone.
 * - `event.omitted`: how many times a field was left out because of `maxFields` or `maxBytes`.
 * - What was added, save fields of these names; an `error.type` where nothing went wrong.
 *
 * It goes through the loggers of the effect like any log call, so that levels, routes and
 * redaction hold for it. Each run makes a record of its own.
 *
 * When the runtime shuts down first, the record is made then, with the outcome `shutdown`. Of a
 * fiber that waits for what nobody can bring any more, it is made when the engine drops the fiber:
 * `abandoned`. `kill -9` takes what is open along.
 *
 * Throws a `RangeError` for a name that is blank and for an option that is not what it must be.
 *
 * @category recording
 * @since 0.1.0
 */
export const record = (name: string, options: Options = {}) => {
  const { declaration, settled } = declared("WideEvent.record", name, options)
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    // Nothing may interrupt between the two steps of opening it and of waiting for its end.
    Effect.uninterruptibleMask((restore) =>
      Effect.withFiber((fiber) => {
        const event = open(declaration, settled, fiber.context, fiber.id, eventsElsewhere())
        return Effect.onExit(Effect.provideService(restore(effect), CurrentEvent, event), (exit) => {
          event.endIn(fiber, exit)
          return Effect.void
        })
      })
    )
}

/**
 * Adds fields to the innermost event that is open here, from any fiber of it. They are
 * copied now, redacted and bounded like what is logged; a later value takes the place of an
 * earlier one. Where no event is open, it does nothing.
 *
 * What a fiber adds that outlives the event is in no record, which is said once on stderr.
 *
 * @category adding
 * @since 0.1.0
 */
export const add = (fields: Readonly<Record<string, unknown>>): Effect.Effect<void> =>
  Effect.withFiberSucceed((fiber) => {
    fiber.getRef(CurrentEvent)?.add(fields)
  })

/**
 * Adds to a counter of the innermost event that is open here: to the field of that name.
 *
 * @category adding
 * @since 0.1.0
 */
export const count = (name: string, by = 1): Effect.Effect<void> =>
  Effect.withFiberSucceed((fiber) => {
    fiber.getRef(CurrentEvent)?.count(name, by)
  })

/**
 * Times an effect in the innermost event that is open here: the field `name.duration_ms` is how
 * long all of that name took together, in milliseconds by the monotonic time of Effect's Clock, however they ended, and
 * `name.count` how many there were.
 *
 * @category adding
 * @since 0.1.0
 */
export const time = (name: string) => {
  checkArgument("WideEvent.time", "name", text, name)
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber((fiber) => {
      const event = fiber.getRef(CurrentEvent)
      if (event === undefined) return effect
      const since = event.millis
      return Effect.onExit(effect, () => {
        event.time(name, event.millis - since)
        return Effect.void
      })
    })
}

/**
 * The innermost event that is open here, if there is one: to add to it from where no Effect runs.
 *
 * @category adding
 * @since 0.1.0
 */
export const current: Effect.Effect<OpenEvent | undefined> = Effect.withFiberSucceed((fiber) =>
  fiber.getRef(CurrentEvent)
)

/**
 * Opens an event by hand, for a framework that tells of the start and the end of a request
 * by calls. `end` or `endAs` makes its record; one that nobody ends is recorded by shutdown, or when
 * nothing refers to it any more.
 *
 * **Details**
 *
 * The context has the loggers (`Effect.context<never>()` inside of the program). Run the effects
 * that belong to it with `event.context`, and log with `logger.within(event)`.
 *
 * Throws a `RangeError` for a name that is blank and for an option that is not what it must be.
 *
 * **Example** (An event of a callback)
 *
 * ```ts
 * import { Effect, Exit } from "effect"
 * import { Logging, MemorySink, WideEvent } from "effect-spillway"
 *
 * const memory = MemorySink.make()
 *
 * const program = Effect.gen(function*() {
 *   const context = yield* Effect.context<never>()
 *   const { logger } = yield* Logging.Logging
 *
 *   const event = WideEvent.openUnsafe(context, "upload")
 *   event.add({ file: "cat.png" })
 *   logger.within(event).warn("slow disk")
 *   event.end(Exit.void) // => true
 *   event.end(Exit.void) // => false
 * })
 *
 * await Effect.runPromise(Effect.provide(program, Logging.layer({ sinks: [memory] })))
 * memory.records.map(({ message }) => message) // => ["slow disk", "upload"]
 * memory.records[1]!.annotations["event.lines.warn"] // => 1
 * ```
 *
 * @category opening
 * @since 0.1.0
 */
export const openUnsafe = (context: Context.Context<never>, name: string, options: Options = {}): OpenEvent => {
  checkArgument("WideEvent.openUnsafe", "context", aContext, context)
  const { declaration, settled } = declared("WideEvent.openUnsafe", name, options)
  return open(declaration, settled, context, 0, eventsElsewhere())
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const aContext = satisfies("a Context, like Effect.context gives one", Context.isContext)

const declared = (where: string, name: string, options: Options) => {
  checkArgument(where, "name", text, name)
  return { declaration: { name, text: name }, settled: settledOptions(checkOptions(where, eventChecks, options)) }
}
