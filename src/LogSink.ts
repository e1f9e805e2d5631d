/**
 * The contract of a destination.
 *
 * A sink says how to write a batch of records and how its lane should treat it:
 * how much to queue, how to batch, when to retry. It never queues, retries or
 * counts itself; the lane in front of it does.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import { pipeArguments } from "effect/Pipeable"
import * as Predicate from "effect/Predicate"
import { type Changed, changed, type WithFallback, withFallback as joined } from "./contract/changedSource.ts"
import type { Given } from "./contract/given.ts"
import { laneChecks, source } from "./contract/laneChecks.ts"
import {
  type Acknowledge,
  isLogSink,
  type LaneOptions,
  type LogSink,
  type Pace,
  type RecordLimit,
  type Source,
  TypeId
} from "./contract/Sink.ts"
import { RequiredSinkError, type SinkError } from "./contract/SinkError.ts"
import type { LogRecord } from "./LogRecord.ts"
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions, optionsOf } from "./options/checkOptions.ts"
import type { BoundInput } from "./options/level.ts"
import { shown } from "./options/shown.ts"
import { unawaited } from "./options/unawaited.ts"

export { classic, defaultRetry, defaults, exponentialRetry } from "./contract/laneDefaults.ts"
export type { FieldMap, MappedRecord, RecordMap } from "./contract/RecordMap.ts"
export {
  type Acknowledge,
  type Breaker,
  type DeadLetter,
  isLogSink,
  type LaneOptions,
  type LogSink,
  type Pace,
  type RecordLimit,
  type Source,
  type SourceError,
  type SourceServices
} from "./contract/Sink.ts"
export { type Reason, RequiredSinkError, SinkError } from "./contract/SinkError.ts"
export { closed, misconfigured, perRecord, rejected, tooLarge, unavailable } from "./contract/sinkErrors.ts"
export type { SpoolOptions } from "./contract/SpoolOptions.ts"
export type { DurationInput } from "./options/duration.ts"
export type { BoundInput, LevelInput } from "./options/level.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LaneOptions> {
  /** Names the lane, in the books and on stderr. */
  readonly name: string
  /**
   * Writes one batch. It may fail, die, hang or throw: the lane copes, counts and goes on.
   * With `acknowledge` it says while it runs which records are stored, by their positions.
   */
  readonly write: (batch: ReadonlyArray<LogRecord>, acknowledge: Acknowledge) => Effect.Effect<void, SinkError>
  /**
   * Writes one batch before it returns, where no Effect can run any more and for
   * synchronous logging. Without it, what is left when the process ends goes to a spool
   * or to the last resort of `ProcessHooks`.
   *
   * @default none
   */
  readonly writeSync?: ((batch: ReadonlyArray<LogRecord>) => void) | undefined
  /**
   * Runs once, after the last write, for at most 50 ms at the deadline.
   *
   * @default none
   */
  readonly close?: Effect.Effect<void> | undefined
  /**
   * Called when somebody else may have moved the destination (SIGHUP).
   *
   * @default none
   */
  readonly reopen?: (() => void) | undefined
  /**
   * How large a record may be, as the destination counts it. One that is larger is shortened
   * before it costs a request, and given up as `too_large` where that does not help.
   *
   * @default any size
   */
  readonly recordLimit?: RecordLimit | undefined
  /**
   * How much of what waits it is given at once, for a destination on this machine that takes
   * any number of records: little while there is little, all of it when the lane fills.
   *
   * @default always up to `maxBatchSize`
   */
  readonly pace?: Pace | undefined
  /**
   * Whether the records it writes end up beside the spans of the program, with trace and span: then
   * log calls are no events of their spans as well, unless `spanEvents` of the layer says so.
   *
   * @default false
   */
  readonly replacesSpanEvents?: boolean | undefined
}

/**
 * Creates a sink.
 *
 * **Details**
 *
 * Throws a `RangeError` that names every option that is not known or not what it
 * must be, with its value and what was expected.
 *
 * **Example** (Posting batches with a client)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { LogEncoder, Logging, LogSink } from "effect-spillway"
 *
 * const stored: Array<string> = []
 * const client = {
 *   send: (lines: string): Promise<number> => Promise.resolve(stored.push(lines))
 * }
 *
 * const { encode } = LogEncoder.json()
 *
 * const archive = LogSink.make({
 *   name: "archive",
 *   maxBatchSize: 100,
 *   write: (batch) =>
 *     Effect.tryPromise({
 *       try: () => client.send(batch.map(encode).join("\n")),
 *       catch: (cause) => LogSink.unavailable("the archive does not answer", { cause })
 *     })
 * })
 *
 * await Effect.runPromise(Effect.logInfo("invoice sent").pipe(Effect.provide(Logging.layer({ sinks: [archive] }))))
 *
 * stored.map((line) => JSON.parse(line).message) // => ["invoice sent"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): LogSink => {
  const { close, name, pace, recordLimit, reopen, replacesSpanEvents, write, writeSync, ...lane } = checkOptions(
    inSink("make", Predicate.hasProperty(options, "name") ? options.name : undefined),
    checks,
    options
  )
  return {
    [TypeId]: TypeId,
    name,
    write: (batch, acknowledge = unheard) => write(batch, acknowledge),
    writeSync: writeSync && ((batch) => unawaited(writeSync(batch))),
    close,
    reopen: reopen && (() => unawaited(reopen())),
    recordLimit: recordLimit && measuring(recordLimit),
    pace,
    replacesSpanEvents,
    options: lane,
    pipe() {
      return pipeArguments(this, arguments)
    }
  }
}

/**
 * Returns the sink, or the Effect of one, with other options for its lane. One that
 * is `undefined` stays as it is.
 *
 * **Example** (Changing a sink, and an Effect of one)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { ConsoleSink, Logging, LogSink, MemorySink } from "effect-spillway"
 *
 * const recent = MemorySink.make().pipe(LogSink.withOptions({ capacity: 1000 }))
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [
 *     ConsoleSink.make({ format: "logfmt" }).pipe(LogSink.withMinimumLevel("Warn")),
 *     recent.pipe(LogSink.filter((record) => record.annotations["path"] !== "/health"))
 *   ]
 * })
 *
 * const program = Effect.andThen(
 *   Effect.annotateLogs(Effect.logInfo("answered"), "path", "/health"),
 *   Effect.annotateLogs(Effect.logInfo("answered"), "path", "/orders")
 * )
 *
 * await Effect.runPromise(Effect.provide(program, LoggingLive))
 *
 * recent.records.map((record) => record.annotations["path"]) // => ["/orders"]
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const withOptions: {
  (options: Given<LaneOptions>): <S extends Source>(self: S) => Changed<S>
  <S extends Source>(self: S, options: Given<LaneOptions>): Changed<S>
} = dual(2, <S extends Source>(self: S, options: Given<LaneOptions>) => withSome("withOptions", self, options))

/**
 * Returns the sink, or the Effect of one, with a minimum level: records below it
 * pass it by.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withMinimumLevel: {
  (level: BoundInput): <S extends Source>(self: S) => Changed<S>
  <S extends Source>(self: S, level: BoundInput): Changed<S>
} = dual(
  2,
  <S extends Source>(self: S, minimumLevel: BoundInput) => withSome("withMinimumLevel", self, { minimumLevel })
)

/**
 * Returns the sink, or the Effect of one, with a filter added to those it has:
 * records for which it returns `false` pass it by.
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
  (predicate: (record: LogRecord) => boolean): <S extends Source>(self: S) => Changed<S>
  <S extends Source>(self: S, predicate: (record: LogRecord) => boolean): Changed<S>
} = dual(2, <S extends Source>(self: S, predicate: (record: LogRecord) => boolean) => {
  checkArgument(placeOf("filter", self), "predicate", Check.aSyncFunction, predicate)
  return changed(self, (sink) => {
    const before = sink.options.filter
    return replaced(sink, {
      filter: before === undefined ? predicate : (record) => before(record) && predicate(record)
    })
  })
})

/**
 * Returns the sink, or the Effect of one, with a fallback: another sink, with a
 * lane of its own, that takes what this one gives up. What it takes is counted as
 * dead-lettered here; what passes it by, for its own level or filter, goes to the
 * dead letters.
 *
 * **Details**
 *
 * A fallback that is an Effect, as `FileSink.make` gives one, is acquired after the
 * sink and belongs to it: where it fails, the sink is not acquired either. Each sink
 * that is given it has one of its own; sinks share a fallback that is a sink.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withFallback: {
  <F extends Source>(fallback: F): <S extends Source>(self: S) => WithFallback<S, F>
  <S extends Source, F extends Source>(self: S, fallback: F): WithFallback<S, F>
} = dual(
  2,
  <S extends Source, F extends Source>(self: S, other: F) => {
    const where = placeOf("withFallback", self)
    checkArgument(where, "fallback", source, other)
    return joined(self, other, (sink, fallback) => replaced(sink, checkOptions(where, laneChecks, { fallback })))
  }
)

/**
 * Returns the sink, or the Effect of one, under another name.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withName: {
  (name: string): <S extends Source>(self: S) => Changed<S>
  <S extends Source>(self: S, name: string): Changed<S>
} = dual(2, <S extends Source>(self: S, name: string) => {
  checkArgument(placeOf("withName", self), "name", Check.text, name)
  return changed(self, (sink) => ({ ...sink, name }))
})

/**
 * Marks a sink that the program must not start without: when it cannot be
 * acquired, the logging layer fails with a {@link RequiredSinkError}. Any other
 * sink only degrades its own lane, which keeps trying. A sink that is there already
 * cannot fail to be acquired: it is given back, as an Effect.
 *
 * @category combinators
 * @since 0.1.0
 */
export const required = <E = never, R = never>(
  self: LogSink | Effect.Effect<LogSink, E, R>
): Effect.Effect<LogSink, RequiredSinkError, R> => {
  checkArgument("LogSink.required", "self", source, self)
  return Effect.catchCause(
    isLogSink(self) ? Effect.succeed(self) : self,
    (cause) => Effect.fail(new RequiredSinkError({ message: "a required sink could not be acquired", cause }))
  )
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** Where a sink is called by somebody who is no lane. */
const unheard: Acknowledge = () => {}

const measuring = ({ allFit, maxBytes, sizeOf }: RecordLimit): RecordLimit => ({
  maxBytes,
  sizeOf: (record) => unawaited(sizeOf(record)),
  allFit: allFit && ((batch) => unawaited(allFit(batch)))
})

const checks: Check.Checks<Options> = {
  name: Check.required(Check.text),
  write: Check.required(Check.effectful),
  writeSync: Check.aSyncFunction,
  close: Check.anEffect,
  reopen: Check.aSyncFunction,
  recordLimit: optionsOf<RecordLimit>({
    maxBytes: Check.required(Check.wholeNumber(1)),
    sizeOf: Check.required(Check.aSyncFunction),
    allFit: Check.aSyncFunction
  }),
  pace: optionsOf<Pace>({
    slice: Check.required(Check.wholeNumber(1)),
    full: Check.required(Check.wholeNumber(1))
  }),
  replacesSpanEvents: Check.flag,
  ...laneChecks
}

/** Where an option of a sink is given: the function, and which of the program's sinks it is. */
const inSink = (method: string, name: unknown): string =>
  typeof name === "string" ? `LogSink.${method}(${shown(name)})` : `LogSink.${method}`

/** The same for a sink that is changed. Throws a `RangeError` for what is neither a sink nor an Effect. */
const placeOf = (method: string, self: Source): string => {
  const where = inSink(method, isLogSink(self) ? self.name : undefined)
  checkArgument(where, "self", source, self)
  return where
}

const replaced = (sink: LogSink, options: Partial<LaneOptions>): LogSink => ({
  ...sink,
  options: { ...sink.options, ...options }
})

/** A sink with other options, which are checked before an Effect of it is run. */
const withSome = <S extends Source>(method: string, self: S, options: Given<LaneOptions>): Changed<S> => {
  const set = checkOptions(placeOf(method, self), laneChecks, options)
  return changed(self, (sink) => replaced(sink, set))
}
