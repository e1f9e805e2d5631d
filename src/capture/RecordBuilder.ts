import * as Cause from "effect/Cause"
import type * as Fiber from "effect/Fiber"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { type Level, LogRecord } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import { EventMessage } from "../record/EventMessage.ts"
import { FailedMessage } from "../record/FailedMessage.ts"
import { PlainObject } from "../record/plainData.ts"
import { RecordContext, type RecordOrigin } from "../record/RecordOrigin.ts"
import { type Annotations, extended, extendedByEvent, extendedByGathered, extendedOnce, joined } from "./attributes.ts"
import type { FiberOrigins } from "./FiberOrigins.ts"
import { RedactionFailed } from "./KnownKeys.ts"
import type { Limits } from "./limits.ts"
import { Sequence } from "./Sequence.ts"
import { Snapshot } from "./Snapshot.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

const noFields: Annotations = new PlainObject()

/** What a record is counted with, besides what it says. */
export const recordOverhead = 160

/** What a walk reads: the outermost log call, or one that was made by a getter while that is read. */
export type Reading = "reading" | "nested"

/**
 * Makes records of what log calls were given. What cannot be captured becomes a
 * stub that says so: a call that was admitted is a record, whatever it holds.
 */
export class RecordBuilder {
  readonly sequence = new Sequence()
  private readonly origins: FiberOrigins
  private readonly diagnostics: Diagnostics
  private readonly now: () => number
  private readonly outer: Snapshot
  private readonly inner: Snapshot
  private readonly copier: object | undefined
  /** How many records are events with a marker in place of a field. */
  marked = 0

  constructor(options: {
    readonly origins: FiberOrigins
    readonly redactor: LogRedactor
    readonly limits: Limits
    readonly diagnostics: Diagnostics
    readonly now: () => number
    /** Who copies for it what is added to events. */
    readonly copier?: object
  }) {
    this.origins = options.origins
    this.diagnostics = options.diagnostics
    this.now = options.now
    this.copier = options.copier
    this.outer = new Snapshot(options.redactor, options.limits)
    this.inner = new Snapshot(options.redactor, options.limits)
  }

  /** The record of a log call of an Effect program. Unnumbered, it takes none and is for nobody to keep. */
  ofFiber(
    reading: Reading | undefined,
    level: Level,
    severity: number,
    given: unknown,
    failure: Cause.Cause<unknown>,
    date: Date,
    fiber: AnyFiber,
    unnumbered = false
  ): LogRecord {
    try {
      const snapshot = this.begin(reading)
      const time = date.getTime()
      const isList = Array.isArray(given) && given.length !== 1
      // Read once: it may be code of the program that gives it.
      const only: unknown = Array.isArray(given) && !isList ? given[0] : given
      if (isEvent(only)) {
        const place = only.kind.gathered === undefined
          ? this.origins.of(level, severity, fiber, time, snapshot)
          : this.origins.once(level, fiber, time, snapshot)
        return this.event(only, failure, time, place, snapshot, unnumbered)
      }
      const origin = this.origins.of(level, severity, fiber, time, snapshot)
      snapshot.bytes = origin.context.bytes
      const message = isList ? snapshot.messages(given) : snapshot.message(only)
      const cause = failure.reasons.length === 0 ? undefined : snapshot.cause(failure)
      return this.record(time, message, cause, origin, recordOverhead + snapshot.bytes, unnumbered)
    } catch (error) {
      return this.stub(level, error, unnumbered)
    }
  }

  /** The record of an event: its fields stand behind the annotations, and go before those of the same name. */
  private event(
    message: EventMessage,
    failure: Cause.Cause<unknown>,
    time: number,
    origin: RecordOrigin,
    snapshot: Snapshot,
    unnumbered: boolean
  ): LogRecord {
    const { kind } = message
    // Before the fields, which may take all the room there is: it says what the record is.
    snapshot.bytes = origin.context.bytes
    const text = snapshot.message(kind.text)
    const textBytes = snapshot.bytes - origin.context.bytes
    const walked = this.walked(message, origin.context, snapshot)
    const isMarked = walked === undefined ? message.encoded.isMarked : snapshot.isMarked
    const context = walked ?? extendedOnce(origin.context, message.encoded.fields, snapshot)
    snapshot.bytes = context.bytes + textBytes
    const cause = failure.reasons.length === 0 ? undefined : snapshot.cause(failure)
    if (isMarked && !unnumbered) this.marked++
    return this.record(time, text, cause, origin.with(context), recordOverhead + snapshot.bytes, unnumbered)
  }

  /** A context with the fields of an event, where these need not be encoded for it. */
  private walked({ given, kind }: EventMessage, bound: RecordContext, snapshot: Snapshot): RecordContext | undefined {
    const { fieldwise, gathered } = kind
    if (fieldwise !== undefined) return extendedByEvent(bound, fieldwise, given, snapshot)
    // What was copied for this runtime is not copied again: what is cut would be cut twice.
    if (gathered === undefined || gathered.copiedBy !== this.copier) return undefined
    return bound.bytes + gathered.bytes > snapshot.limits.recordBytes
      ? undefined
      : extendedByGathered(bound, gathered, snapshot)
  }

  /** The record of a call of the direct logger. */
  ofDirect(
    reading: Reading | undefined,
    level: Level,
    message: unknown,
    bound: RecordContext,
    attributes: Annotations | undefined,
    fiber: AnyFiber | undefined
  ): LogRecord {
    try {
      const snapshot = this.begin(reading)
      const context = attributes === undefined ? bound : extendedOnce(bound, attributes, snapshot)
      const origin = this.origins.direct(level, context, fiber)
      if (isEvent(message)) {
        return this.event(message, Cause.empty, this.now(), origin, snapshot, false)
      }
      snapshot.bytes = context.bytes
      const isFailed = message instanceof FailedMessage
      const copy = snapshot.message(isFailed ? message.message : message)
      const cause = isFailed ? snapshot.cause(Cause.fail(message.error)) : undefined
      return this.record(this.now(), copy, cause, origin, recordOverhead + snapshot.bytes)
    } catch (error) {
      return this.stub(level, error)
    }
  }

  /** The record of what ends the process. */
  ofCrash(reading: Reading | undefined, error: unknown): LogRecord {
    const snapshot = this.begin(reading)
    const cause = snapshot.cause(Cause.die(error))
    const bytes = recordOverhead + snapshot.bytes
    return this.own("Fatal", "the process is ended by an uncaught error", cause, noFields, bytes)
  }

  /** A record of the runtime itself. */
  own(
    level: Level,
    message: string,
    cause: LogRecord["cause"],
    fields: Annotations,
    bytes: number,
    unnumbered = false
  ): LogRecord {
    const context = joined(this.origins.base, new RecordContext(fields, 0), this.outer)
    return this.record(this.now(), message, cause, this.origins.direct(level, context, undefined), bytes, unnumbered)
  }

  private record(
    time: number,
    content: unknown,
    cause: LogRecord["cause"],
    origin: RecordOrigin,
    bytes: number,
    unnumbered = false
  ): LogRecord {
    const { sequence } = this
    const seq = unnumbered ? sequence.seq : sequence.next(time)
    return new LogRecord(seq, time, content, cause, origin, bytes, sequence.place)
  }

  /** What stands for a call that could not be captured. */
  private stub(level: Level, error: unknown, unnumbered = false): LogRecord {
    const message = error instanceof RedactionFailed
      ? "[record withheld: redaction failed]"
      : "[record withheld: it could not be captured]"
    this.diagnostics.report(
      "logging",
      `a record was replaced by a stub: ${message}; look at what is logged, and at the rules of redact`
    )
    return this.own(level, message, undefined, noFields, recordOverhead, unnumbered)
  }

  /** A context with further attributes, for all records of a logger. */
  extend(reading: Reading | undefined, bound: RecordContext, attributes: Annotations): RecordContext {
    return extended(bound, attributes, this.begin(reading))
  }

  /** Fails where a getter logs that is read because of another that did. */
  private begin(reading: Reading | undefined): Snapshot {
    if (reading === undefined) throw new Error("both snapshots are being made")
    const snapshot = reading === "reading" ? this.outer : this.inner
    snapshot.reset()
    return snapshot
  }
}

/** Whether what was logged is an event. */
const isEvent = (only: unknown): only is EventMessage => {
  try {
    return only instanceof EventMessage
  } catch {
    return false
  }
}
