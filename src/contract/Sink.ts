import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Pipeable } from "effect/Pipeable"
import * as Predicate from "effect/Predicate"
import type * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { DropReason } from "../Ledger.ts"
import type { Level, LogRecord } from "../LogRecord.ts"
import type { RequiredSinkError, SinkError } from "./SinkError.ts"

export const TypeId = "~effect-spillway/LogSink"

/**
 * How a lane treats its sink.
 *
 * **Details**
 *
 * | option | default | meaning |
 * |---|---|---|
 * | `capacity` | 8,192 records (files and console 65,536) | most records the queue holds; the last tenth is kept for Warn and above |
 * | `maxBytes` | 16 MiB (files 32 MiB) | most memory the queue holds, as estimated by `LogRecord.bytes` |
 * | `strategy` | `"dropping"` | when full: `"dropping"` refuses the new record, `"sliding"` evicts the oldest |
 * | `maxBatchSize` | 512 records (files and console 4,096) | most records in one write |
 * | `maxBatchBytes` | 512 KiB (files and console 4 MiB) | most bytes in one write; a single larger record is a batch of its own |
 * | `batchWindow` | 1 s (files 100 ms, console 0) | longest wait for a batch to fill; a full batch never waits |
 * | `concurrency` | 1 | writes at a time; above 1 the order of records is not kept |
 * | `writeTimeout` | 30 s (console none) | longest time of one write; `Infinity` for none |
 * | `retry` | `defaultRetry` | waits between attempts; the batch is given up when it ends |
 * | `minimumLevel` | `"Trace"` | records below it pass this lane by |
 * | `filter` | all | records it returns `false` for pass this lane by; one that throws lets the record through |
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
 * - `mode`: `"overflow"` moves the queue to disk when it is four fifths full, with
 *   what is being written then in front of it, when an outage lasts longer than
 *   5 s, and what is left at the end of shutdown.
 *   `"always"` puts every record on disk in the turn of the event loop after its
 *   log call, before it is sent: it survives SIGKILL from then on.
 * - `directory`: where the spools of all lanes are; a lane has a folder of its
 *   own in it. A second process on the same lane gets a folder of its own, and
 *   what a dead one left is sent first: by the next that starts, or within a
 *   minute by one that runs beside it. When it cannot be seen whether an owner
 *   still runs (it is on another machine, say), what it left stays where it is,
 *   and a line on stderr names it. A relative path is that of the working
 *   directory when the layer is built.
 * - `maxBytes`: most bytes on disk. Defaults to 256 MiB.
 * - `segmentBytes`: size of a file, the unit in which space is given back.
 *   Defaults to 8 MiB.
 * - `strategy`: when it is full, `"sliding"` (the default) drops the oldest file,
 *   `"dropping"` the new records. Both are counted as `spool_full`. What the disk
 *   does not take, because others have filled it, stays in memory and is tried
 *   again every half second.
 * - `fsync`: `"interval"` (the default) forces records to the disk within 500 ms,
 *   `"always"` before they count as spooled, `"never"` leaves it to the system.
 * - `maxAge`: a record older than this when its turn comes is not sent any more,
 *   but given up as `expired` (as `unconfirmed` when it may have arrived). Its age
 *   is counted from the log call, by a clock that nobody sets. Through a restart
 *   there is only the wall clock: a record that an earlier process left is as old
 *   as that says at the start, right or wrong. Defaults to 24 hours; `Infinity`
 *   for no limit.
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
 * was part of, `lastError` the message of the last one that failed (512 bytes and
 * how long it was), without the credentials of URLs.
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
 *   counts as an undelivered batch, save for the records that a thrown
 *   `SinkError` says are `stored`. At the end of a process its waits are bounded
 *   to 250 ms for all batches together, or it holds up the end.
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
