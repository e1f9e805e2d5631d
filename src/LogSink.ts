/**
 * The contract of a destination.
 *
 * A sink says how to write a batch of records and how its lane should treat it:
 * how much to queue, how to batch, when to retry. It never queues, retries or
 * counts itself; the lane in front of it does.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import { type Pipeable, pipeArguments } from "effect/Pipeable"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { DropReason } from "./Ledger.ts"
import type { Level, LogRecord } from "./LogRecord.ts"

const TypeId = "~effect-spillway/LogSink"

/**
 * Why a write failed, which decides what the lane does next.
 *
 * **Details**
 *
 * - `Unavailable`: not now. Retried under the lane's schedule, not before
 *   `retryAfter` (at most 5 minutes). `ambiguous` says that the batch may have
 *   been stored all the same. `stored` is the number of records at the head of
 *   the batch that are known to be stored: they count as delivered and only the
 *   rest is retried.
 * - `Rejected`: refused for good. `records` are the positions in the batch that
 *   were refused; the others were stored. Without it the whole batch was.
 * - `TooLarge`: the batch is too big for the destination.
 * - `Misconfigured`: it cannot work before somebody changes something (a wrong
 *   credential, a missing folder). Retried at least 30 s apart for as long as the
 *   program runs; the data is kept.
 * - `Closed`: the destination is gone for good (a closed pipe). The lane closes
 *   and counts everything from then on as `sink_closed`.
 *
 * @category errors
 * @since 0.1.0
 */
export type Reason =
  | {
    readonly _tag: "Unavailable"
    readonly retryAfter?: Duration.Input | undefined
    readonly ambiguous?: boolean | undefined
    readonly stored?: number | undefined
  }
  | { readonly _tag: "Rejected"; readonly records?: ReadonlyArray<number> | undefined }
  | { readonly _tag: "TooLarge" }
  | { readonly _tag: "Misconfigured" }
  | { readonly _tag: "Closed" }

/**
 * The error of a sink's write.
 *
 * **Gotchas**
 *
 * `message` ends up on stderr: never put a payload or a credential into it.
 *
 * @category errors
 * @since 0.1.0
 */
export class SinkError extends Data.TaggedError("SinkError")<{
  readonly sink: string
  readonly reason: Reason
  readonly message: string
  readonly cause?: unknown
}> {
  /** Whether the same batch may succeed later. */
  get isRetryable(): boolean {
    return this.reason._tag === "Unavailable" || this.reason._tag === "Misconfigured"
  }
}

/**
 * Raised when a sink marked {@link required} cannot be acquired.
 *
 * @category errors
 * @since 0.1.0
 */
export class RequiredSinkError extends Data.TaggedError("RequiredSinkError")<{
  readonly message: string
  readonly cause: unknown
}> {}

/**
 * How a lane treats its sink.
 *
 * **Details**
 *
 * | option | default | meaning |
 * |---|---|---|
 * | `capacity` | 8,192 records (files and console 65,536) | most records the queue holds; the last tenth is kept for Warn and above |
 * | `maxBytes` | 16 MiB | most memory the queue holds, as estimated by `LogRecord.bytes` |
 * | `strategy` | `"dropping"` | when full: `"dropping"` refuses the new record, `"sliding"` evicts the oldest |
 * | `maxBatchSize` | 512 records (files and console 4,096) | most records in one write |
 * | `maxBatchBytes` | 512 KiB (files and console 4 MiB) | most bytes in one write; a single larger record is a batch of its own |
 * | `batchWindow` | 1 s (files 100 ms, console 0) | longest wait for a batch to fill; a full batch never waits |
 * | `concurrency` | 1 | writes at a time; above 1 the order of records is not kept |
 * | `writeTimeout` | 30 s | longest time of one write; `Infinity` for none |
 * | `retry` | {@link defaultRetry} | waits between attempts; the batch is dropped when it ends |
 * | `minimumLevel` | `"Trace"` | records below it pass this lane by |
 * | `filter` | all | records it returns `false` for pass this lane by |
 * | `breaker` | 5 failures, 30 s | after so many failed writes in a row the lane waits so long before it probes with its oldest batch; `false` for none; bypassed while draining |
 * | `fallback` | none | a sink, with a lane of its own, that takes what this one gives up, unless it passes it by |
 * | `spool` | none | a {@link SpoolOptions}: keeps records on disk through outages and restarts |
 * | `deadLetter` | none | takes what this lane gives up and no fallback takes, with the reason |
 *
 * @category models
 * @since 0.1.0
 */
export interface LaneOptions {
  readonly capacity: number
  readonly maxBytes: number
  readonly strategy: "dropping" | "sliding"
  readonly maxBatchSize: number
  readonly maxBatchBytes: number
  readonly batchWindow: Duration.Input
  readonly concurrency: number
  readonly writeTimeout: Duration.Input
  readonly retry: Schedule.Schedule<unknown, SinkError>
  readonly minimumLevel: Level
  readonly filter: ((record: LogRecord) => boolean) | undefined
  readonly breaker: Breaker | false
  readonly fallback: LogSink | undefined
  readonly deadLetter: ((letters: ReadonlyArray<DeadLetter>) => void) | undefined
  readonly spool: SpoolOptions | undefined
}

/**
 * How a lane keeps records on disk.
 *
 * **Details**
 *
 * - `mode`: `"overflow"` moves the queue to disk when it is four fifths full, when
 *   an outage lasts longer than 5 s, and what is left at the end of shutdown.
 *   `"always"` puts every record on disk in the turn of the event loop after its
 *   log call, before it is sent: it survives SIGKILL from then on.
 * - `directory`: where the spools of all lanes are; a lane has a folder of its
 *   own in it. A second process on the same lane gets a folder of its own, and
 *   what a dead one left is sent first.
 * - `maxBytes`: most bytes on disk. Defaults to 256 MiB.
 * - `segmentBytes`: size of a file, the unit in which space is given back.
 *   Defaults to 8 MiB.
 * - `strategy`: when it is full, `"sliding"` (the default) drops the oldest file,
 *   `"dropping"` the new records. Both are counted as `spool_full`.
 * - `fsync`: `"interval"` (the default) forces records to the disk within 500 ms,
 *   `"always"` before they count as spooled, `"never"` leaves it to the system.
 * - `maxAge`: a record older than this when its turn comes is not sent any more,
 *   but given up as `expired` (as `unconfirmed` when it may have arrived). Its age
 *   is counted from the log call, through restarts. Defaults to 24 hours;
 *   `Infinity` for no limit.
 *
 * A record may be sent twice: when its delivery was uncertain, or when a crash
 * came before the note that it was delivered.
 *
 * @category models
 * @since 0.1.0
 */
export interface SpoolOptions {
  readonly directory: string
  readonly mode: "overflow" | "always"
  readonly maxBytes?: number | undefined
  readonly segmentBytes?: number | undefined
  readonly strategy?: "sliding" | "dropping" | undefined
  readonly fsync?: "never" | "interval" | "always" | undefined
  readonly maxAge?: Duration.Input | undefined
}

/**
 * When a lane stops trying for a while.
 *
 * @category models
 * @since 0.1.0
 */
export interface Breaker {
  readonly failures: number
  readonly cooldown: Duration.Input
}

/**
 * A record that a lane gave up, and why. `attempts` is the number of writes it
 * was part of, `lastError` the message of the last one that failed (at most 256
 * characters, never a payload).
 *
 * @category models
 * @since 0.1.0
 */
export interface DeadLetter {
  readonly record: LogRecord
  readonly sink: string
  readonly reason: DropReason
  readonly attempts: number
  readonly lastError: string | undefined
}

/**
 * A destination and the options of its lane.
 *
 * **Details**
 *
 * - `write` is run with one batch at a time (per unit of `concurrency`). It may
 *   fail, die, hang or throw: the lane copes, counts and goes on.
 * - `writeSync`, when present, writes a batch before it returns. It is used
 *   where no Effect can run any more, and for synchronous logging. A throw
 *   counts as an undelivered batch.
 * - `close` runs once, after the last write, for at most 50 ms at the deadline.
 * - `reopen` is called when somebody else may have moved the destination (SIGHUP).
 *
 * @category models
 * @since 0.1.0
 */
export interface LogSink extends Pipeable {
  readonly [TypeId]: typeof TypeId
  readonly name: string
  readonly write: (batch: ReadonlyArray<LogRecord>) => Effect.Effect<void, SinkError>
  readonly writeSync: ((batch: ReadonlyArray<LogRecord>) => void) | undefined
  readonly close: Effect.Effect<void> | undefined
  readonly reopen: (() => void) | undefined
  readonly options: Partial<LaneOptions>
}

/**
 * Anything `Logging.layer` accepts as a sink: a sink, or an Effect that builds
 * one with services and resources of the layer's scope.
 *
 * @category models
 * @since 0.1.0
 */
export type Source = LogSink | Effect.Effect<LogSink, unknown, unknown>

/**
 * Returns `true` when a value is a {@link LogSink}.
 *
 * @category guards
 * @since 0.1.0
 */
export const isLogSink = (u: unknown): u is LogSink => Predicate.hasProperty(u, TypeId)

/**
 * Waits that grow from `base`, doubled, capped at 30 s, full jitter, for at most
 * `times` retries or `duration`, whichever ends first.
 *
 * @category constructors
 * @since 0.1.0
 */
export const exponentialRetry = (options: {
  readonly base: Duration.Input
  readonly times?: number | undefined
  readonly duration?: Duration.Input | undefined
}): Schedule.Schedule<unknown, SinkError> =>
  Schedule.min([Schedule.exponential(options.base, 2), Schedule.spaced("30 seconds")]).pipe(
    Schedule.modifyDelay(({ duration }) => Effect.map(Random.next, (part) => Duration.times(duration, part))),
    Schedule.upTo({ times: options.times, duration: options.duration })
  )

/**
 * The default waits between attempts: exponential from 0.5 s, doubled, capped at
 * 30 s, full jitter (a uniformly random part of each wait), for 5 minutes.
 *
 * @category defaults
 * @since 0.1.0
 */
export const defaultRetry: Schedule.Schedule<unknown, SinkError> = exponentialRetry({
  base: "500 millis",
  duration: "5 minutes"
})

/**
 * The options of a lane whose sink sets none.
 *
 * @category defaults
 * @since 0.1.0
 */
export const defaults: LaneOptions = {
  capacity: 8192,
  maxBytes: 16 * 1024 * 1024,
  strategy: "dropping",
  maxBatchSize: 512,
  maxBatchBytes: 512 * 1024,
  batchWindow: "1 second",
  concurrency: 1,
  writeTimeout: "30 seconds",
  retry: defaultRetry,
  minimumLevel: "Trace",
  filter: undefined,
  breaker: { failures: 5, cooldown: "30 seconds" },
  fallback: undefined,
  deadLetter: undefined,
  spool: undefined
}

/**
 * The preset of small, patient lanes: 1,000 records, batches of 10 within 1 s,
 * three retries from 1 s on.
 *
 * @category defaults
 * @since 0.1.0
 */
export const classic: Partial<LaneOptions> = {
  capacity: 1000,
  maxBatchSize: 10,
  batchWindow: "1 second",
  retry: exponentialRetry({ base: "1 second", times: 3 })
}

/**
 * Creates a sink.
 *
 * **Details**
 *
 * Throws a `RangeError` that names the option, the value and what was expected
 * when an option is out of range.
 *
 * **Example** (Posting batches with a client)
 *
 * ```ts
 * const sink = LogSink.make({
 *   name: "archive",
 *   write: (batch) =>
 *     client.send(batch.map(encode)).pipe(
 *       Effect.mapError((cause) => LogSink.unavailable("archive", "the archive does not answer", { cause }))
 *     )
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: {
    readonly name: string
    readonly write: (batch: ReadonlyArray<LogRecord>) => Effect.Effect<void, SinkError>
    readonly writeSync?: ((batch: ReadonlyArray<LogRecord>) => void) | undefined
    readonly close?: Effect.Effect<void> | undefined
    readonly reopen?: (() => void) | undefined
  } & { readonly [K in keyof LaneOptions]?: LaneOptions[K] | undefined }
): LogSink => {
  const { close, name, reopen, write, writeSync, ...lane } = options
  if (typeof name !== "string" || name.trim() === "") {
    throw new RangeError(`LogSink.make: name must be a string that is not blank, got ${show(name)}`)
  }
  return {
    [TypeId]: TypeId,
    name,
    write,
    writeSync,
    close,
    reopen,
    options: checked(name, lane),
    pipe() {
      return pipeArguments(this, arguments)
    }
  }
}

/**
 * Returns the sink with other options for its lane.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withOptions: {
  (options: Partial<LaneOptions>): <S extends LogSink>(self: S) => S
  <S extends LogSink>(self: S, options: Partial<LaneOptions>): S
} = dual(2, <S extends LogSink>(self: S, options: Partial<LaneOptions>): S => ({
  ...self,
  options: checked(self.name, { ...self.options, ...options })
}))

/**
 * Returns the sink with a minimum level: records below it pass it by.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withMinimumLevel: {
  (level: Level): <S extends LogSink>(self: S) => S
  <S extends LogSink>(self: S, level: Level): S
} = dual(2, <S extends LogSink>(self: S, minimumLevel: Level): S => withOptions(self, { minimumLevel }))

/**
 * Returns the sink with a filter added to those it has: records for which it
 * returns `false` pass it by.
 *
 * **Details**
 *
 * The filter runs in the log call and must be fast. One that throws lets the
 * record through.
 *
 * @category combinators
 * @since 0.1.0
 */
export const filter: {
  (predicate: (record: LogRecord) => boolean): <S extends LogSink>(self: S) => S
  <S extends LogSink>(self: S, predicate: (record: LogRecord) => boolean): S
} = dual(2, <S extends LogSink>(self: S, predicate: (record: LogRecord) => boolean): S => {
  const before = self.options.filter
  return withOptions(self, {
    filter: before === undefined ? predicate : (record) => before(record) && predicate(record)
  })
})

/**
 * Returns the sink with a fallback: another sink, with a lane of its own, that
 * takes what this one gives up. What it takes is counted as dead-lettered here;
 * what passes it by, for its own level or filter, goes to the dead letters.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withFallback: {
  (fallback: LogSink): <S extends LogSink>(self: S) => S
  <S extends LogSink>(self: S, fallback: LogSink): S
} = dual(2, <S extends LogSink>(self: S, fallback: LogSink): S => withOptions(self, { fallback }))

/**
 * Returns the sink under another name.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withName: {
  (name: string): <S extends LogSink>(self: S) => S
  <S extends LogSink>(self: S, name: string): S
} = dual(2, <S extends LogSink>(self: S, name: string): S => ({ ...self, name }))

/**
 * Marks a sink that the program must not start without: when it cannot be
 * acquired, the logging layer fails with a {@link RequiredSinkError}. Any other
 * sink only degrades its own lane, which keeps trying.
 *
 * @category combinators
 * @since 0.1.0
 */
export const required = <E, R>(
  self: Effect.Effect<LogSink, E, R>
): Effect.Effect<LogSink, RequiredSinkError, R> =>
  Effect.catchCause(
    self,
    (cause) => Effect.fail(new RequiredSinkError({ message: "a required sink could not be acquired", cause }))
  )

/**
 * Creates an error for a batch that may succeed later.
 *
 * @category errors
 * @since 0.1.0
 */
export const unavailable = (
  sink: string,
  message: string,
  options?: {
    readonly retryAfter?: Duration.Input | undefined
    readonly ambiguous?: boolean | undefined
    readonly stored?: number | undefined
    readonly cause?: unknown
  }
): SinkError =>
  new SinkError({
    sink,
    message,
    cause: options?.cause,
    reason: {
      _tag: "Unavailable",
      retryAfter: options?.retryAfter,
      ambiguous: options?.ambiguous,
      stored: options?.stored
    }
  })

/**
 * Creates an error for a batch, or for some records of it, refused for good.
 *
 * @category errors
 * @since 0.1.0
 */
export const rejected = (
  sink: string,
  message: string,
  options?: { readonly records?: ReadonlyArray<number> | undefined; readonly cause?: unknown }
): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "Rejected", records: options?.records } })

/**
 * Creates an error for a batch that is too big for the destination.
 *
 * @category errors
 * @since 0.1.0
 */
export const tooLarge = (sink: string, message: string, options?: { readonly cause?: unknown }): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "TooLarge" } })

/**
 * Creates an error for a destination that needs somebody to change something.
 *
 * @category errors
 * @since 0.1.0
 */
export const misconfigured = (sink: string, message: string, options?: { readonly cause?: unknown }): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "Misconfigured" } })

/**
 * Creates an error for a destination that is gone for good.
 *
 * @category errors
 * @since 0.1.0
 */
export const closed = (sink: string, message: string, options?: { readonly cause?: unknown }): SinkError =>
  new SinkError({ sink, message, cause: options?.cause, reason: { _tag: "Closed" } })

/**
 * The errors a source of sinks can fail the layer with.
 *
 * @category type utils
 * @since 0.1.0
 */
export type SourceError<S> = S extends Effect.Effect<infer _A, infer E, infer _R> ? Extract<E, RequiredSinkError>
  : never

/**
 * The services a source of sinks needs.
 *
 * @category type utils
 * @since 0.1.0
 */
export type SourceServices<S> = S extends Effect.Effect<infer _A, infer _E, infer R> ? Exclude<R, Scope.Scope> : never

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const show = (u: unknown): string => typeof u === "string" ? JSON.stringify(u) : String(u)

const checked = (
  name: string,
  options: { readonly [K in keyof LaneOptions]?: LaneOptions[K] | undefined }
): Partial<LaneOptions> => {
  const refuse = (option: string, value: unknown, expected: string): never => {
    throw new RangeError(`sink "${name}": ${option} must be ${expected}, got ${show(value)}`)
  }
  for (const option of ["capacity", "maxBytes", "maxBatchSize", "maxBatchBytes", "concurrency"] as const) {
    const value = options[option]
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1)) {
      refuse(option, value, "a whole number of at least 1")
    }
  }
  for (const option of ["batchWindow", "writeTimeout"] as const) {
    const value = options[option]
    if (value === undefined) continue
    const millis = durationMillis(value)
    if (millis === undefined || millis < 0 || (option === "writeTimeout" && millis === 0)) {
      refuse(option, value, `a duration ${option === "writeTimeout" ? "above" : "of at least"} 0`)
    }
  }
  if (options.breaker !== undefined && options.breaker !== false) {
    const { cooldown, failures } = options.breaker
    if (!Number.isSafeInteger(failures) || failures < 1) {
      refuse("breaker.failures", failures, "a whole number of at least 1")
    }
    const millis = durationMillis(cooldown)
    if (millis === undefined || !(millis > 0) || !Number.isFinite(millis)) {
      refuse("breaker.cooldown", cooldown, "a finite duration above 0")
    }
  }
  const maxAge = options.spool?.maxAge
  if (maxAge !== undefined && !((durationMillis(maxAge) ?? 0) > 0)) {
    refuse("spool.maxAge", maxAge, "a duration above 0")
  }
  if (options.fallback?.options.fallback !== undefined) {
    refuse("fallback", options.fallback.name, "a sink without a fallback of its own")
  }
  if (options.strategy !== undefined && options.strategy !== "dropping" && options.strategy !== "sliding") {
    refuse("strategy", options.strategy, `"dropping" or "sliding"`)
  }
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined) out[key] = value
  }
  return out
}

const durationMillis = (input: Duration.Input): number | undefined => {
  try {
    return Duration.toMillis(Duration.fromInputUnsafe(input))
  } catch {
    return undefined
  }
}
