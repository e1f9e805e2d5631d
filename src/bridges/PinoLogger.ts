/**
 * A logger as pino 9 and 10 have them, whose records go to the lanes of the runtime: for
 * Fastify's `loggerInstance`, for pino-http, and for every library and every program that
 * has a pino logger.
 *
 * **Example** (A pino logger over the runtime)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, MemorySink } from "effect-spillway"
 * import * as PinoLogger from "effect-spillway/bridges/PinoLogger"
 *
 * const memory = MemorySink.make()
 *
 * const program = Effect.gen(function*() {
 *   const logger = yield* PinoLogger.make()
 *   const log = logger.child({ requestId: "r-1" })
 *   log.info({ order: 1042 }, "%d items for %s", 3, "Ada")
 *   log.error(new Error("card declined"))
 * })
 *
 * await Effect.runPromise(Effect.provide(program, Logging.layer({ sinks: [memory] })))
 * memory.records.map(({ message }) => message) // => ["3 items for Ada", "card declined"]
 * memory.records.map(({ annotations }) => annotations) // => [{ requestId: "r-1", order: 1042 }, { requestId: "r-1" }]
 * memory.records.map(({ cause }) => cause?.length) // => [null, 1]
 * ```
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { DirectLogger } from "../capture/directLogger.ts"
import { Logging } from "../Logging.ts"
import { satisfies } from "../options/check.ts"
import { checkArgument, checkOptions } from "../options/checkOptions.ts"
import type { LevelMapping } from "./pino/levels.ts"
import { valueOf } from "./pino/levels.ts"
import { type Flush, PinoBridge } from "./pino/PinoBridge.ts"
import { bindingsOf } from "./pino/PinoFields.ts"
import { type ChildOptions, optionChecks, type Options } from "./pino/pinoOptions.ts"
import { Serialized, type Serializers } from "./pino/Serializers.ts"

export type { LevelMapping, PinoLevel } from "./pino/levels.ts"
export type { ChildOptions, Options } from "./pino/pinoOptions.ts"
export type { Serializers } from "./pino/Serializers.ts"

/**
 * A call of a logger: `(message, ...values)`, `(fields, message?, ...values)` or
 * `(error, message?, ...values)`.
 *
 * @category models
 * @since 0.1.0
 */
export interface LogFn {
  (given: unknown, message?: string, ...values: ReadonlyArray<unknown>): void
}

/**
 * A logger as pino has them.
 *
 * **Details**
 *
 * Fields and bindings are annotations of the record, and the message is what pino makes of it
 * (`%s %d %i %f %j %o %O %%`). An error, alone or as the field `err`, is the error of the record,
 * as that of a failed effect would be. Nothing that it is given makes it throw.
 *
 * It logs what the levels of the runtime let through, those of now. Its own `level` is a bound above
 * them. What is hidden is said by `redact` of the runtime; texts that `%j` and `%o` make of
 * objects are without the values whose names are those of secrets.
 *
 * @category models
 * @since 0.1.0
 */
export interface PinoLogger {
  readonly trace: LogFn
  readonly debug: LogFn
  readonly info: LogFn
  readonly warn: LogFn
  readonly error: LogFn
  readonly fatal: LogFn
  /** Logs nothing. */
  readonly silent: LogFn
  /** The lowest level that is logged now. To set it bounds this logger, and children that are made later. One that is none is not followed, which a record says. */
  level: string
  /** The number of {@link level}: 10 for `trace`, `Infinity` for `silent`. */
  readonly levelVal: number
  readonly levels: LevelMapping
  readonly isLevelEnabled: (level: string) => boolean
  /** A logger whose records have these fields too. They are snapshotted now. */
  readonly child: (bindings: Readonly<Record<string, unknown>>, options?: ChildOptions) => PinoLogger
  /** The fields of all its records. */
  readonly bindings: () => Record<string, unknown>
  /** Adds to the fields of all its later records. */
  readonly setBindings: (bindings: Readonly<Record<string, unknown>>) => void
  readonly serializers: Serializers
  readonly msgPrefix: string | undefined
  /** Calls back when everything that was accepted before is settled. */
  readonly flush: (done?: (error?: Error) => void) => void
  /** The version of pino that it is like. */
  readonly version: string
  /** Told of every child that is made. */
  onChild(child: PinoLogger): void
  /** Told when {@link level} is set. */
  on(event: "level-change", listener: LevelChange): unknown
  off(event: "level-change", listener: LevelChange): unknown
}

type LevelChange = (level: string, value: number, before: string, valueBefore: number, logger: PinoLogger) => void

/**
 * Makes a pino logger over the runtime.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<PinoLogger, never, Logging> => {
  const checked = checkOptions("PinoLogger.make", optionChecks, options)
  return Effect.gen(function*() {
    const { flush, logger } = yield* Logging
    const runFork = Effect.runForkWith(yield* Effect.context())
    return bridge(logger, checked, (done) => {
      runFork(flush).addObserver((exit) => {
        if (exit._tag === "Success") done()
        else done(new Error("the log was not flushed, because it was ended; flush it before"))
      })
    })
  })
}

/**
 * Makes a pino logger over a direct logger: one with attributes of its own, or that of a
 * request. Its `flush` calls back at once.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromLogger = (logger: DirectLogger, options: Options = {}): PinoLogger => {
  checkArgument("PinoLogger.fromLogger", "logger", aDirectLogger, logger)
  return bridge(logger, checkOptions("PinoLogger.fromLogger", optionChecks, options), (done) => done())
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const aDirectLogger = satisfies(
  "a direct logger: logger of the service Logging, or what its with gives",
  (value) => Predicate.hasProperty(value, "isEnabled") && Predicate.hasProperty(value, "with")
)

const bridge = (direct: DirectLogger, options: Options, flush: Flush): PinoLogger => {
  const serialized = new Serialized(options.serializers)
  const bound = bindingsOf(options.bindings, serialized)
  return new PinoBridge({
    direct: Object.keys(bound).length === 0 ? direct : direct.with(bound),
    own: valueOf(options.level) ?? 0,
    serialized,
    prefix: options.msgPrefix,
    bound,
    flush
  })
}
