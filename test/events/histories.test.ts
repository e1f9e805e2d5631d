import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, Context, Effect, Exit, Fiber, Layer, Option, Random, Scheduler, Scope } from "effect"
import { TestClock } from "effect/testing"
import { opened } from "../../src/events/opened.ts"
import { Ledger, Logging, type LogRecord, LogSink, TestLogging, WideEvent } from "../../src/index.ts"

const histories = 1000
const seeds = 1_000_000

/** Numbers from a seed, always the same. */
const numbersFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
    return ((state ^ (state >>> 12)) >>> 0) % below
  }
}

/** What an event should be. */
interface Modelled {
  /** `ending` is from the end of what is inside to the record. */
  phase: "open" | "ending" | "ended"
  outcome: WideEvent.Outcome | undefined
  readonly fields: Map<string, number>
  lines: number
  inside: number
  /** Whether the runtime began to end before it was opened. */
  readonly isLate: boolean
}

const outcomeOf = (exit: Exit.Exit<unknown, unknown>): WideEvent.Outcome => {
  if (Exit.isSuccess(exit)) return "success"
  if (Cause.hasDies(exit.cause)) return "defect"
  if (!Cause.hasFails(exit.cause)) return "interrupted"
  return exit.cause.reasons.some((reason) => Cause.isFailReason(reason) && Cause.isTimeoutError(reason.error))
    ? "timeout"
    : "failure"
}

type Program = Effect.Effect<unknown, unknown>

const history = (seed: number) =>
  Effect.gen(function*() {
    const below = numbersFrom(seed)
    const records: Array<LogRecord.LogRecord> = []
    const reports: Array<Logging.ShutdownReport> = []
    const sink = LogSink.make({
      name: "events",
      filter: ({ message }) => typeof message === "string" && message.startsWith("event "),
      write: (batch) => Effect.sync(() => records.push(...batch)),
      writeSync: (batch) => records.push(...batch)
    })
    const scope = yield* Scope.make()
    const before = opened.count
    const runtime = yield* Layer.buildWithScope(
      Logging.layer({
        sinks: [sink],
        queue: below(2) === 0,
        diagnostics: () => {},
        onShutdown: (report) => Effect.sync(() => reports.push(report))
      }),
      scope
    )
    const context = Context.merge(yield* Effect.context(), runtime)
    const { logger } = Context.get(runtime, Logging.Logging)
    const events = new Map<string, Modelled>()
    const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
    let isEnding = false
    let next = 0

    const tell = (run: (event: WideEvent.OpenEvent, modelled: Modelled) => void): Program =>
      Effect.map(WideEvent.current, (event) => {
        if (event === undefined) return
        const modelled = events.get(event.name)!
        if (modelled.phase === "open" && !isEnding) assert.isTrue(event.isOpen, "is open until it ends")
        if (modelled.phase === "ended") assert.isFalse(event.isOpen, "has ended")
        run(event, modelled)
      })

    const add = tell((event, modelled) => {
      const name = `f${below(6)}`
      const value = next++
      const isOpen = event.isOpen
      assert.strictEqual(event.add({ [name]: value }), isOpen)
      if (!isOpen) return
      modelled.fields.set(name, value)
    })

    const count = tell((event, modelled) => {
      const isOpen = event.isOpen
      assert.strictEqual(event.count("count", 2), isOpen)
      if (isOpen) modelled.fields.set("count", (modelled.fields.get("count") ?? 0) + 2)
    })

    const line = tell((event, modelled) => {
      const { isOpen } = event
      logger.info("line")
      if (isOpen) modelled.lines++
    })

    const recorded = (program: Program): Program =>
      Effect.gen(function*() {
        const name = `event ${events.size}`
        const modelled: Modelled = {
          phase: "open",
          outcome: undefined,
          fields: new Map(),
          lines: 0,
          inside: 0,
          isLate: isEnding
        }
        const outer = yield* WideEvent.current
        const outside = outer && events.get(outer.name)
        if (outside !== undefined) outside.inside++
        const inside = Effect.onExit(program, (exit) =>
          Effect.sync(() => {
            modelled.phase = "ending"
            modelled.outcome = outcomeOf(exit)
          }))
        // No interruption comes between the two: an event that is in the model is opened.
        return yield* Effect.uninterruptible(
          Effect.andThen(
            Effect.sync(() => events.set(name, modelled)),
            Effect.onExit(
              WideEvent.record(name, { keepLines: below(3) })(Effect.interruptible(inside)),
              () =>
                Effect.sync(() => {
                  if (modelled.phase === "open") modelled.outcome = "interrupted"
                  modelled.phase = "ended"
                })
            )
          )
        )
      })

    const fork = (program: Program, how: typeof Effect.forkDetach): Program =>
      Effect.map(how(program, { startImmediately: below(2) === 0 }), (fiber) => fibers.push(fiber))

    const some = (depth: number): Program => {
      const steps = Array.from({ length: 1 + below(4) }, () => one(depth))
      return Effect.all(steps, { discard: true })
    }

    const one = (depth: number): Program => {
      const kind = below(depth > 0 ? 20 : 9)
      switch (kind) {
        case 0:
        case 1:
        case 2:
          return add
        case 3:
          return count
        case 4:
          return line
        case 5:
          return Effect.yieldNow
        case 6:
          return Effect.sleep(below(30))
        case 7:
          return [Effect.fail("no"), Effect.die(new Error("no")), Effect.interrupt, add, line][below(5)]!
        case 8:
          return Effect.suspend(() => {
            const fiber = fibers[below(fibers.length + 1)]
            return fiber === undefined ? add : Effect.forkDetach(Fiber.interrupt(fiber))
          })
        case 9:
        case 10:
        case 11:
          return recorded(some(depth - 1))
        case 12:
          return fork(some(depth - 1), Effect.forkChild)
        case 13:
          return fork(some(depth - 1), Effect.forkDetach)
        case 14:
          return Effect.raceFirst(some(depth - 1), some(depth - 1))
        case 15:
          return Effect.all([some(depth - 1), some(depth - 1)], { concurrency: 2 })
        case 16:
          return Effect.timeout(some(depth - 1), below(40))
        case 17:
          return Effect.exit(some(depth - 1))
        case 18:
          return Effect.scoped(Effect.andThen(Effect.addFinalizer(() => Effect.ignore(add)), some(depth - 1)))
        default: {
          const same = recorded(some(depth - 1))
          return Effect.all([Effect.exit(same), Effect.exit(same)], { concurrency: below(2) + 1 })
        }
      }
    }

    const close = Effect.andThen(
      Effect.sync(() => {
        isEnding = true
      }),
      Scope.close(scope, Exit.void)
    )

    for (let i = 0; i < 3; i++) {
      fibers.push(yield* Effect.forkDetach(Effect.provideContext(recorded(some(4)), context)))
    }
    const closesAt = below(12)
    let closing: Fiber.Fiber<void> | undefined
    for (let step = 0; step < 8; step++) {
      if (step === closesAt) closing = yield* Effect.forkChild(close, { startImmediately: true })
      yield* TestClock.adjust(below(20))
    }
    if (below(2) === 0) yield* Fiber.interruptAll(fibers)
    closing ??= yield* Effect.forkChild(close, { startImmediately: true })
    yield* Fiber.join(closing)
    while (fibers.length > 0) yield* Fiber.interruptAll(fibers.splice(0))

    assert.strictEqual(opened.count, before, "each has ended")
    const names = records.map(({ message }) => String(message))
    assert.strictEqual(new Set(names).size, names.length, "none is recorded twice")
    const [report] = reports
    assert.isTrue(report?.balanced, report && Ledger.format(report))
    for (const [name, { fields, inside, isLate, lines, outcome }] of events) {
      const found = records.filter(({ message }) => message === name)
      if (isLate) {
        assert.deepStrictEqual(found, [], `${name} was opened after the end`)
        continue
      }
      assert.strictEqual(found.length, 1, `${name} is recorded once`)
      const { annotations } = found[0]!
      const said = annotations["event.outcome"]
      if (said !== "shutdown") assert.strictEqual(said, outcome, name)
      else assert.isTrue(isEnding)
      for (const [field, value] of fields) assert.strictEqual(annotations[field], value, `${name}: ${field}`)
      const others = Object.keys(annotations).filter((key) => /^f\d|^count$/.test(key) && !fields.has(key))
      assert.deepStrictEqual(others, [], name)
      assert.strictEqual(annotations["event.lines.info"] ?? 0, lines, `${name}: lines`)
      assert.isAtMost(Number(annotations["event.inner"] ?? 0), inside, `${name}: inside`)
    }
    return events.size
  })

describe("events", () => {
  it.effect(
    `${histories} random histories make one record of each, with all that was added before its end`,
    () =>
      Effect.gen(function*() {
        // The seed that a failure names replays it alone.
        const one = yield* Config.option(Config.Int("MODEL_SEED"))
        const start = Option.isSome(one) ? one.value : yield* Random.nextIntBetween(0, seeds)
        const count = Option.isSome(one) ? 1 : histories
        let events = 0
        for (let seed = start; seed < start + count; seed++) {
          const exit = yield* Effect.exit(Effect.scoped(history(seed)))
          if (Exit.isFailure(exit)) assert.fail(`MODEL_SEED=${seed}: ${String(exit.cause)}`)
          else events += exit.value
        }
        assert.isAtLeast(events, 3 * count)
      }),
    60_000
  )

  it.effect("are ended where a fiber is interrupted in any of its steps, those that open and end one too", () =>
    Effect.gen(function*() {
      let started = 0
      let cut = 0
      for (let after = 0; after < 40; after++) {
        const before = opened.count
        let isStarted = false
        const program = Effect.sync(() => {
          isStarted = true
        }).pipe(
          WideEvent.record("inside"),
          WideEvent.record("work"),
          // It lets others go on between any two steps.
          Effect.provideService(Scheduler.MaxOpsBeforeYield, 3)
        )
        const fiber = yield* Effect.forkDetach(program)
        yield* Effect.replicateEffect(Effect.yieldNow, after, { discard: true })
        const exit = yield* Effect.andThen(Fiber.interrupt(fiber), Fiber.await(fiber))
        assert.strictEqual(opened.count, before)
        const records = yield* (yield* TestLogging.TestLogging).records
        yield* (yield* TestLogging.TestLogging).clear
        const names = records.map(({ message }) => message)
        assert.include(["", "work", "inside,work"], names.join(","))
        if (isStarted) assert.strictEqual(names.length, 2)
        if (Exit.isFailure(exit) && names.length > 0) cut++
        if (isStarted) started++
      }
      assert.isAbove(started, 5)
      assert.isAbove(cut, 5)
    }).pipe(Effect.provide(Logging.layerTest())))
})
