/**
 * One log call, as it was at the moment it was made.
 *
 * A record holds copies only: nothing in it is shared with the program that
 * logged it, secrets are already redacted and sizes are already bounded. It is
 * built once and shared by every lane that accepts it, and it keeps its identity
 * (`uid`) and its time through retry and replay. Never change one: records share
 * their parts. `{ ...record.toJSON(), host }` is a copy with something added.
 *
 * @since 0.1.0
 */
import { digest } from "./node/digest.ts"
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions } from "./options/checkOptions.ts"
import { type LevelInput, levelOf } from "./options/level.ts"
import type { CauseReason } from "./record/CauseReason.ts"
import { mostPlaces, nanosOf, uidOf } from "./record/identity.ts"
import type { Level } from "./record/level.ts"
import { LogSpans } from "./record/LogSpans.ts"
import { ordinaryData, ordinaryFields, ordinaryReason } from "./record/ordinaryData.ts"
import { PackedMessage, shown } from "./record/PackedMessage.ts"
import { RecordContext, RecordOrigin } from "./record/RecordOrigin.ts"

export {
  /**
   * A level a record can have, from `"Trace"` up to `"Fatal"`.
   *
   * @category models
   * @since 0.1.0
   */
  type Level,
  /**
   * The levels in ascending order of severity.
   *
   * @category levels
   * @since 0.1.0
   */
  levels,
  /**
   * Returns the position of a level in {@link levels}, from 0 (`"Trace"`) to 5
   * (`"Fatal"`). `"All"` gives 0 and `"None"` 6, so both can serve as a minimum.
   *
   * @category levels
   * @since 0.1.0
   */
  severityOf,
  /**
   * The former name of {@link severityOf}.
   *
   * @deprecated
   * @category levels
   * @since 0.1.0
   */
  severityOf as ordinal
} from "./record/level.ts"

export {
  /**
   * What an error was when it was logged.
   *
   * @category models
   * @since 0.1.0
   */
  ErrorSnapshot
} from "./record/ErrorSnapshot.ts"

export type {
  /**
   * One reason of a `Cause`, with failures, defects and interruptions told apart.
   *
   * **Details**
   *
   * - `error` is a snapshot: an {@link ErrorSnapshot} for what is an error, or has
   *   a message like one.
   * - `frames` are the spans and the functions made by `Effect.fn` that the reason
   *   came through, innermost first: `"at Repo.load (repo.ts:3:9)"`. Left out
   *   without any.
   * - `interruptor` are those of the fiber that interrupted.
   * - `More` stands last and says how many reasons were left out: 100 are kept.
   *
   * @category models
   * @since 0.1.0
   */
  CauseReason
} from "./record/CauseReason.ts"

/**
 * Times are kept as their distance from the start of the process: a small
 * integer, which the engine stores in the record itself instead of in an object
 * of its own. Measured: 3 % of what a caller waits.
 */
const epoch = Date.now()

/**
 * One log call, snapshotted.
 *
 * **Gotchas**
 *
 * Objects in `message`, `cause` and `annotations` inherit nothing, so that any
 * key can be data: `JSON.stringify` shows them, a template string throws, and
 * strict comparisons tell them from object literals. In the records of
 * `TestLogging` and `MemorySink` they are ordinary objects.
 *
 * @category models
 * @since 0.1.0
 */
export class LogRecord {
  /** Rises by one with every record of a runtime. */
  readonly seq: number
  /** The reasons of the `Cause` that was logged, if there was one. */
  readonly cause: ReadonlyArray<CauseReason> | undefined
  /** The memory the record holds, estimated: `maxBytes` and `maxBatchBytes` of a lane count it. */
  readonly bytes: number
  /** @internal */
  readonly origin: RecordOrigin
  /** @internal */
  readonly offset: number
  /**
   * Its place among the records of its millisecond.
   *
   * @internal
   */
  readonly place: number
  /**
   * The message, packed and not yet well-formed until somebody asks for it.
   *
   * @internal
   */
  content: unknown

  /** @internal */
  constructor(
    seq: number,
    time: number,
    content: unknown,
    cause: ReadonlyArray<CauseReason> | undefined,
    origin: RecordOrigin,
    bytes: number,
    place: number
  ) {
    this.seq = seq
    this.offset = time - epoch
    this.content = content
    this.cause = cause
    this.origin = origin
    this.bytes = bytes
    this.place = place
  }

  /**
   * The record's own name: at most 26 letters, digits, `-` and `_`, the same through
   * retry, split, spool, restart and replay, and different for any two records, whatever
   * process, machine or runtime they are from.
   */
  get uid(): string {
    return uidOf(this.origin.runtimeId, this.seq)
  }

  /** The wall-clock time of the log call, in milliseconds since the epoch. */
  get time(): number {
    return epoch + this.offset
  }

  /**
   * The time of the log call in nanoseconds since the epoch: its millisecond, and its
   * place among the records of that (those beyond a million share the last one). It
   * rises with `seq` as long as the clock is not set back, so that a destination that
   * sorts by time keeps the order.
   */
  get timeNanos(): bigint {
    return nanosOf(this.time, this.place)
  }

  /** The snapshot of the only message of the call, or an array of them when it had none or several. */
  get message(): unknown {
    const { content } = this
    return this.content = content instanceof PackedMessage ? content.unpack() : shown(content)
  }

  /** `"Trace"`, `"Debug"`, `"Info"`, `"Warn"`, `"Error"` or `"Fatal"`. */
  get level(): Level {
    return this.origin.level
  }

  /** The annotations of the fiber, or the attributes of the direct logger, snapshotted. */
  get annotations(): Readonly<Record<string, unknown>> {
    return this.origin.context.annotations
  }

  /** The milliseconds of each log span, by its label; `undefined` without any. */
  get spans(): Readonly<Record<string, number>> | undefined {
    return this.origin.spans?.durations(this.time)
  }

  /** The number of the fiber; `0` for a call made outside Effect. */
  get fiberId(): number {
    return this.origin.fiberId
  }

  /** The trace of the span that the call was made in, if any. */
  get traceId(): string | undefined {
    return this.origin.traceId
  }

  /** The span that the call was made in, if any. */
  get spanId(): string | undefined {
    return this.origin.spanId
  }

  /** Whether the trace is recorded (the flag `sampled` of W3C trace context); `undefined` outside of a span. */
  get sampled(): boolean | undefined {
    return this.origin.sampled
  }

  /**
   * The fields as an ordinary object: to spread, to clone, or to send to another
   * thread. `LogEncoder.json` has the format of files.
   */
  toJSON(): Readonly<Record<string, unknown>> {
    const { annotations, bytes, cause, fiberId, level, message, sampled, seq, spanId, spans, time, traceId, uid } = this
    return { uid, seq, time, level, message, cause, annotations, spans, fiberId, traceId, spanId, sampled, bytes }
  }
}

// Set from outside the class, whose declaration would otherwise need Node's types.
Object.defineProperty(LogRecord.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: LogRecord): unknown {
    return this.toJSON()
  }
})

/**
 * Returns `true` when a value is a {@link LogRecord}.
 *
 * @category guards
 * @since 0.1.0
 */
export const isLogRecord = (u: unknown): u is LogRecord => u instanceof LogRecord

/**
 * Creates a record from values that are already safe to keep, for tests of
 * sinks and encoders. The runtime captures its own records. Throws a `RangeError` for a
 * field that is not known or not what it must be.
 *
 * **Example** (Making a record for a test)
 *
 * ```ts
 * import { LogRecord } from "effect-spillway"
 *
 * const record = LogRecord.make({ message: "order placed", level: "Warn", annotations: { order: 1042 } })
 *
 * record.message // => "order placed"
 * record.toJSON()["level"] // => "Warn"
 * LogRecord.isLogRecord(record) // => true
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (fields: Fields): LogRecord => {
  const set = checkOptions("LogRecord.make", fieldChecks, fields)
  return new LogRecord(
    set.seq ?? 0,
    set.time ?? 0,
    set.message,
    set.cause,
    new RecordOrigin(
      levelOf(set.level ?? "Info"),
      new RecordContext(set.annotations ?? {}, 0),
      set.spans && new LogSpans(set.spans, set.time ?? 0),
      set.fiberId ?? 0,
      set.traceId,
      set.spanId,
      set.sampled,
      set.runtimeId ?? "made"
    ),
    set.bytes ?? 256,
    set.place ?? 0
  )
}

interface Fields {
  readonly message: unknown
  readonly seq?: number | undefined
  readonly time?: number | undefined
  readonly level?: LevelInput | undefined
  readonly cause?: ReadonlyArray<CauseReason> | undefined
  readonly annotations?: Readonly<Record<string, unknown>> | undefined
  readonly spans?: Readonly<Record<string, number>> | undefined
  readonly fiberId?: number | undefined
  readonly traceId?: string | undefined
  readonly spanId?: string | undefined
  readonly sampled?: boolean | undefined
  /** What its `uid` begins with, before its `seq`: without it all that is made so has one in common. */
  readonly runtimeId?: string | undefined
  /** Its place among the records of its millisecond, from 0: it tells their `timeNanos` apart. */
  readonly place?: number | undefined
  readonly bytes?: number | undefined
}

const anObject = Check.satisfies("an object", (value) => typeof value === "object" && value !== null)

const fieldChecks: Check.Checks<Fields> = {
  message: Check.required(Check.anything),
  seq: Check.aNumber,
  time: Check.aNumber,
  level: Check.level,
  cause: Check.listOf(anObject),
  annotations: anObject,
  spans: anObject,
  fiberId: Check.aNumber,
  traceId: Check.anyText,
  spanId: Check.anyText,
  sampled: Check.flag,
  runtimeId: Check.anyText,
  place: Check.wholeNumber(0, mostPlaces - 1),
  bytes: Check.aNumber
}

/**
 * The record with ordinary objects in it, equal to what literals say.
 *
 * @internal
 */
export const ordinary = (record: LogRecord): LogRecord =>
  new LogRecord(
    record.seq,
    record.time,
    ordinaryData(record.message),
    record.cause?.map(ordinaryReason),
    new RecordOrigin(
      record.level,
      new RecordContext(ordinaryFields(record.annotations), 0),
      record.origin.spans,
      record.fiberId,
      record.traceId,
      record.spanId,
      record.sampled,
      record.origin.runtimeId
    ),
    record.bytes,
    record.place
  )

/**
 * Returns a name for some records that are sent together: 22 letters, digits, `-` and
 * `_`, equal for the same records in the same order, and another one for any other,
 * also for the parts of a batch that was split. For destinations that take such a name
 * to know a batch that they were sent before. Throws a `RangeError` for what is no array of
 * records.
 *
 * **Example** (Naming a batch)
 *
 * ```ts
 * import { LogRecord } from "effect-spillway"
 *
 * const batch = [1, 2, 3].map((seq) => LogRecord.make({ message: "order placed", seq }))
 *
 * LogRecord.batchId(batch) === LogRecord.batchId([...batch]) // => true
 * LogRecord.batchId(batch) === LogRecord.batchId(batch.slice(0, 2)) // => false
 * ```
 *
 * @category identity
 * @since 0.1.0
 */
export const batchId = (records: ReadonlyArray<LogRecord>): string => {
  checkArgument("LogRecord.batchId", "records", someRecords, records)
  return digest(records.map(({ uid }) => uid))
}

const someRecords = Check.satisfies(
  "an array of records",
  (value) => Array.isArray(value) && value.every(isLogRecord)
)
