import type * as Effect from "effect/Effect"
import type { Pipeable } from "effect/Pipeable"
import * as Predicate from "effect/Predicate"
import type * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { DropReason } from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import type { DurationInput } from "../options/duration.ts"
import type { BoundInput } from "../options/level.ts"
import type { RecordMap } from "./RecordMap.ts"
import type { RequiredSinkError, SinkError } from "./SinkError.ts"
import type { SpoolOptions } from "./SpoolOptions.ts"

export const TypeId = "~effect-spillway/LogSink"

/**
 * How a lane treats its sink.
 *
 * @category options
 * @since 0.1.0
 */
export interface LaneOptions {
  /**
   * Most records the queue holds; the last tenth is kept for Warn and above. What
   * finds it full is dropped as `queue_full`, or as `sampled`.
   *
   * @default 8,192 records; file and console 131,072
   */
  readonly capacity: number
  /**
   * Most memory the queue holds, as estimated by `LogRecord.bytes`; the last tenth
   * is kept for Warn and above. What finds it full is dropped as `bytes_full`, or as
   * `sampled`.
   *
   * @default 16 MiB; file 48 MiB
   */
  readonly maxBytes: number
  /**
   * Which record is dropped when the queue is full: with `"dropping"` the new one,
   * with `"sliding"` the oldest. With `"sampling"` a share is kept, `sampleShare`, and
   * all of Warn and above; the others are dropped as `sampled`.
   *
   * @default "dropping"
   */
  readonly strategy: "dropping" | "sliding" | "sampling"
  /**
   * The share of the records below Warn that is kept when the queue is full and
   * `strategy` is `"sampling"`: above 0 and below 1.
   *
   * @default 0.1
   */
  readonly sampleShare: number
  /**
   * Most records in one write. Files, the console and sinks over HTTP get so many only when the
   * lane fills: 512 at a time while there is little, so that the event loop is not held up.
   *
   * @default 512 records; over HTTP 4,096; file and console 65,536
   */
  readonly maxBatchSize: number
  /**
   * Most bytes in one write; a larger record is a batch of its own.
   *
   * @default 512 KiB; otlp, elasticsearch and clickhouse 4 MiB; loki 1 MiB; file and console 32 MiB
   */
  readonly maxBatchBytes: number
  /**
   * Longest wait for a batch to fill; a full batch never waits.
   *
   * @default 1 s; file 100 ms; console and memory 0
   */
  readonly batchWindow: DurationInput
  /**
   * Writes at a time; above 1 the order of records is not kept.
   *
   * @default 1
   */
  readonly concurrency: number
  /**
   * Longest time of one write; `Infinity` for none. A write that takes longer is
   * interrupted, and tried again because it may not have arrived. One that cannot be
   * interrupted within 1 s is left behind, its batch given up as `unconfirmed`.
   *
   * @default 30 s; console none; otlp 10 s
   */
  readonly writeTimeout: DurationInput
  /**
   * Waits between attempts: a `Schedule`. When it ends, the batch is given up as
   * `retries_exhausted`, or as `unconfirmed` when it may have arrived.
   *
   * @default 0.5 s, doubled, at most 30 s, full jitter, for 5 minutes
   */
  readonly retry: Schedule.Schedule<unknown, SinkError>
  /**
   * Records below this level pass the lane by; with `"None"` all of them do.
   *
   * @default "Trace"
   */
  readonly minimumLevel: BoundInput
  /**
   * Records for which this returns `false` pass the lane by. It runs in the log call
   * and must be fast; one that throws lets the record through.
   *
   * @default none
   */
  readonly filter: ((record: LogRecord) => boolean) | undefined
  /**
   * What the sink is given in place of each record: fields of its annotations left out,
   * renamed and added ({@link FieldMap}), or what a pure function says of it
   * ({@link MappedRecord}). It is asked once, in the lane, before the first write; its dead letters,
   * its fallback and its spool have records as they were logged. A record that it
   * throws for is written as a marker, which the books count: `marked`.
   *
   * @default none
   */
  readonly map: RecordMap | undefined
  /**
   * When the lane stops trying for a while: a {@link Breaker}, or `false` for never.
   *
   * @default 5 failures, 30 s
   */
  readonly breaker: Breaker | false
  /**
   * A sink, with a lane of its own, that takes what this one gives up, unless its
   * own level or filter has it pass by.
   *
   * @default none
   */
  readonly fallback: LogSink | undefined
  /**
   * Takes what this lane gives up and no fallback takes, with the reason. When it
   * throws, that is dropped. See `DeadLetters.into`.
   *
   * @default none
   */
  readonly deadLetter: ((letters: ReadonlyArray<DeadLetter>) => void) | undefined
  /**
   * Keeps records on disk through outages and restarts: {@link SpoolOptions}.
   *
   * @default none
   */
  readonly spool: SpoolOptions | undefined
}

/**
 * When a lane stops trying for a while. A drain does not wait for it.
 *
 * @category options
 * @since 0.1.0
 */
export interface Breaker {
  /** Failed writes in a row after which the lane stops trying: a whole number of at least 1. */
  readonly failures: number
  /** How long it waits before each probe with its oldest batch. */
  readonly cooldown: DurationInput
}

/**
 * A record that a lane gave up, and why. `attempts` is the number of writes it
 * was part of, `lastError` the message of the last one that failed with those of its
 * causes (512 bytes and how long it was), without the credentials of URLs; of a record that
 * was refused by itself, what was said of it. A record that was shortened is here as it was.
 *
 * `partial` is there when so many of the records that are given together were refused and
 * nobody knows which: the others are stored. No lane sends these again.
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
  readonly partial?: number | undefined
}

/**
 * Says that the record at a position of the batch, from 0, is stored, while the write
 * goes on. After the write has ended it says nothing any more.
 *
 * @category models
 * @since 0.1.0
 */
export type Acknowledge = (record: number) => void

/**
 * How large a record may be, as the destination counts it.
 *
 * @category options
 * @since 0.1.0
 */
export interface RecordLimit {
  /** Most bytes of one record: a whole number of at least 1. */
  readonly maxBytes: number
  /**
   * The bytes of one record on the wire. It runs for each record that is about to be
   * written, and again for one that was shortened; where it throws, or gives no number, the record is sent as it is.
   */
  readonly sizeOf: (record: LogRecord) => number
  /**
   * Whether each record of a batch is within `maxBytes`, where that is found out with less than `sizeOf` of each: it is
   * asked first, and `sizeOf` only where it says no, or throws.
   *
   * @default none: each is measured
   */
  readonly allFit?: ((batch: ReadonlyArray<LogRecord>) => boolean) | undefined
}

/**
 * How a sink is given its records that takes any number of them, but holds the event loop
 * while it encodes them.
 *
 * @category options
 * @since 0.1.0
 */
export interface Pace {
  /**
   * Most records in one write while fewer than `full` wait: a whole number of at least 1. The event
   * loop has a turn after each. As many are written without waiting for the window, unless they come
   * so fast that it will bring `full` of them.
   */
  readonly slice: number
  /** So many records are written without waiting for the window, with all that wait, up to `maxBatchSize`: a whole number of at least 1. */
  readonly full: number
}

/**
 * A destination and the options of its lane.
 *
 * @category models
 * @since 0.1.0
 */
export interface LogSink extends Pipeable {
  readonly [TypeId]: typeof TypeId
  /** Names the lane, in the books and on stderr. */
  readonly name: string
  /**
   * Runs with one batch at a time (per unit of `concurrency`). It may fail, die,
   * hang or throw: the lane copes, counts and goes on. It runs in a fiber of the lane,
   * which has nothing of the request that built the runtime or logged the records: no
   * span, no annotations, no service, no store of an `AsyncLocalStorage`.
   *
   * While it runs it may say of records, one by one and in any order, that they are stored:
   * these are not sent again however it ends, by its time, by the end of the lane or by a
   * failure. When it succeeds all are.
   */
  readonly write: (batch: ReadonlyArray<LogRecord>, acknowledge?: Acknowledge) => Effect.Effect<void, SinkError>
  /**
   * Writes a batch before it returns. It is used where no Effect can run any more,
   * and for synchronous logging. A throw counts as an undelivered batch, save for
   * what a thrown `SinkError` says of its records. At the end of a process
   * its waits are bounded to 250 ms for all batches together, or it holds up the end.
   */
  readonly writeSync: ((batch: ReadonlyArray<LogRecord>) => void) | undefined
  /** Runs once, after the last write, for at most 50 ms at the deadline. */
  readonly close: Effect.Effect<void> | undefined
  /** Called when somebody else may have moved the destination (SIGHUP). */
  readonly reopen: (() => void) | undefined
  /** How large a record may be: {@link RecordLimit}. */
  readonly recordLimit?: RecordLimit | undefined
  /** How much of what waits it is given at once: {@link Pace}. */
  readonly pace?: Pace | undefined
  /** Whether its records end up beside the spans of the program, so that events of these would say the same twice. */
  readonly replacesSpanEvents?: boolean | undefined
  /** How many records it has delivered as markers, because an encoder of the program did not encode them, or a map did not take them. */
  readonly marked?: (() => number) | undefined
  /** What the sink sets; the rest is `LogSink.defaults`. */
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

/**
 * Returns `true` when a value is a {@link LogSink}.
 *
 * @category guards
 * @since 0.1.0
 */
export const isLogSink = (u: unknown): u is LogSink => Predicate.hasProperty(u, TypeId)
