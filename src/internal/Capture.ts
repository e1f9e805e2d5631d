import type * as Cause from "effect/Cause"
import * as Fiber from "effect/Fiber"
import type * as Logger from "effect/Logger"
import type { LogLevel } from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { type CaptureBooks, type DropReason, noDrops } from "../Ledger.ts"
import { type Level, LogRecord, ordinal, RecordContext } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import type { Diagnostics } from "./Diagnostics.ts"
import { type Limits, PlainObject, RedactionFailed, Snapshot, threw } from "./snapshot.ts"

/** What capture needs of a lane. */
export interface Outlet {
  readonly minimum: number
  readonly filter: ((record: LogRecord) => boolean) | undefined
  offer(record: LogRecord): void
}

type Annotations = Readonly<Record<string, unknown>>

const recordOverhead = 160
const deepestNesting = 2
const emptyContext = new RecordContext(new PlainObject(), 0)

/**
 * Turns log calls into records and offers them to the lanes, synchronously, in
 * the caller. It is total: whatever a call holds, nothing escapes.
 */
export class Capture {
  private readonly outlets: ReadonlyArray<Outlet>
  private readonly diagnostics: Diagnostics
  private readonly now: () => number
  private readonly minimum: number
  private readonly snapshots: ReadonlyArray<Snapshot>
  private readonly contexts = new WeakMap<Annotations, RecordContext>()
  private lastAnnotations: Annotations | undefined = undefined
  private lastContext = emptyContext
  private nesting = 0
  private seq = 0
  private closed = false

  private offered = 0
  private filtered = 0
  private accepted = 0
  private readonly rejected = noDrops()

  constructor(options: {
    readonly outlets: ReadonlyArray<Outlet>
    readonly redactor: LogRedactor
    readonly limits: Limits
    readonly diagnostics: Diagnostics
    readonly now: () => number
  }) {
    this.outlets = options.outlets
    this.diagnostics = options.diagnostics
    this.now = options.now
    this.minimum = Math.min(...options.outlets.map((outlet) => outlet.minimum))
    this.snapshots = Array.from({ length: deepestNesting }, () => new Snapshot(options.redactor, options.limits))
  }

  /** A log call of an Effect program. */
  readonly log = (options: Logger.Options<unknown>): void => {
    const level = levelOf(options.logLevel)
    if (!this.admit(level)) return
    const fiber = options.fiber
    const span = fiber.cache.span
    let record: LogRecord
    try {
      const snapshot = this.begin()
      const annotations = fiber.getRef(References.CurrentLogAnnotations)
      const context = annotations === this.lastAnnotations ? this.lastContext : this.contextOf(annotations, snapshot)
      snapshot.bytes = context.bytes
      const time = options.date.getTime()
      const spans = fiber.getRef(References.CurrentLogSpans)
      record = new LogRecord(
        ++this.seq,
        time,
        level,
        messageOf(options.message, snapshot),
        causeOf(options.cause, snapshot),
        context,
        spans.length === 0 ? undefined : durations(spans, time, snapshot),
        fiber.id,
        span?.traceId,
        span?.spanId,
        recordOverhead + snapshot.bytes
      )
    } catch (error) {
      record = this.stub(level, error)
    }
    this.nesting--
    this.fanOut(record)
  }

  /** A log call from outside Effect, or from a place in it that cannot run one. */
  direct(level: Level, message: unknown, bound: RecordContext, attributes: Annotations | undefined): void {
    const fiber = Fiber.getCurrent()
    if (fiber !== undefined && this.diagnostics.inside(fiber)) {
      this.diagnostics.report("a sink logged", `${level.toUpperCase()} through the direct logger`)
      return
    }
    if (!this.admit(level)) return
    const span = fiber?.cache.span
    let record: LogRecord
    try {
      const snapshot = this.begin()
      const context = attributes === undefined ? bound : this.extend(bound, attributes, snapshot)
      snapshot.bytes = context.bytes
      record = new LogRecord(
        ++this.seq,
        this.now(),
        level,
        snapshot.value(message),
        undefined,
        context,
        undefined,
        fiber?.id ?? 0,
        span?.traceId,
        span?.spanId,
        recordOverhead + snapshot.bytes
      )
    } catch (error) {
      record = this.stub(level, error)
    }
    this.nesting--
    this.fanOut(record)
  }

  /** The snapshot of attributes that are bound once and logged many times. */
  bind(bound: RecordContext | undefined, attributes: Annotations): RecordContext {
    const before = bound ?? emptyContext
    if (this.nesting >= deepestNesting) return before
    try {
      return this.extend(before, attributes, this.begin())
    } catch {
      const stub = new PlainObject()
      stub["attributes"] = threw
      return new RecordContext(stub, recordOverhead)
    } finally {
      this.nesting--
    }
  }

  /** A record of the runtime itself, for one lane. */
  own(outlet: Outlet, level: Level, message: string, fields: Annotations): void {
    this.offered++
    this.accepted++
    const bytes = recordOverhead + 4 * message.length
    outlet.offer(
      new LogRecord(
        ++this.seq,
        this.now(),
        level,
        message,
        undefined,
        new RecordContext(fields, 0),
        undefined,
        0,
        undefined,
        undefined,
        bytes
      )
    )
  }

  close(): void {
    this.closed = true
  }

  books(): CaptureBooks {
    return {
      offered: this.offered,
      filtered: this.filtered,
      accepted: this.accepted,
      rejected: { ...this.rejected }
    }
  }

  private admit(level: Level): boolean {
    this.offered++
    if (this.closed) {
      if (this.rejected.closed === 0) {
        this.diagnostics.report(
          "logging",
          "a record was logged after shutdown began; it and later ones are counted only"
        )
      }
      return this.refuse("closed")
    }
    if (ordinal(level) < this.minimum) {
      this.filtered++
      return false
    }
    return this.nesting < deepestNesting || this.refuse("encode_failed")
  }

  private refuse(reason: DropReason): false {
    this.rejected[reason]++
    return false
  }

  // A getter that logs while it is read gets a walk of its own, once.
  private begin(): Snapshot {
    const snapshot = this.snapshots[this.nesting++]!
    snapshot.reset()
    return snapshot
  }

  private contextOf(annotations: Annotations, snapshot: Snapshot): RecordContext {
    const known = this.contexts.get(annotations)
    if (known !== undefined) {
      this.lastAnnotations = annotations
      this.lastContext = known
      return known
    }
    const fields = snapshot.fields(annotations)
    const context = new RecordContext(fields, snapshot.bytes)
    if (isImmutable(annotations)) {
      this.contexts.set(annotations, context)
      this.lastAnnotations = annotations
      this.lastContext = context
    }
    return context
  }

  private extend(bound: RecordContext, attributes: Annotations, snapshot: Snapshot): RecordContext {
    const fields = snapshot.fields(attributes)
    const all = Object.assign(new PlainObject(), bound.annotations, fields)
    return new RecordContext(all, bound.bytes + snapshot.bytes)
  }

  private stub(level: Level, error: unknown): LogRecord {
    const message = error instanceof RedactionFailed
      ? "[record withheld: redaction failed]"
      : "[record withheld: it could not be captured]"
    this.diagnostics.report("logging", `a record was replaced by a stub: ${message}`)
    return new LogRecord(
      ++this.seq,
      this.now(),
      level,
      message,
      undefined,
      emptyContext,
      undefined,
      0,
      undefined,
      undefined,
      recordOverhead
    )
  }

  private fanOut(record: LogRecord): void {
    const order = ordinal(record.level)
    const outlets = this.outlets
    let wanted = false
    for (let i = 0; i < outlets.length; i++) {
      const outlet = outlets[i]!
      if (order < outlet.minimum || (outlet.filter !== undefined && !passes(outlet.filter, record))) continue
      wanted = true
      outlet.offer(record)
    }
    if (wanted) this.accepted++
    else this.filtered++
  }
}

const passes = (filter: (record: LogRecord) => boolean, record: LogRecord): boolean => {
  try {
    return filter(record)
  } catch {
    return true
  }
}

const levelOf = (level: LogLevel): Level => level === "All" ? "Trace" : level === "None" ? "Fatal" : level

const messageOf = (message: unknown, snapshot: Snapshot): unknown => {
  if (!Array.isArray(message)) return snapshot.value(message)
  return message.length === 1 ? snapshot.value(message[0]) : snapshot.value(message, -1)
}

const causeOf = (cause: Cause.Cause<unknown>, snapshot: Snapshot): LogRecord["cause"] =>
  cause.reasons.length === 0 ? undefined : snapshot.cause(cause)

const durations = (
  spans: ReadonlyArray<[label: string, timestamp: number]>,
  now: number,
  snapshot: Snapshot
): Readonly<Record<string, number>> => {
  const out: Record<string, unknown> = new PlainObject()
  const durations = out as Record<string, number>
  for (const [label, timestamp] of spans) {
    durations[snapshot.text(label)] = now - timestamp
  }
  return durations
}

/** Whether a snapshot of these annotations can stand for them for ever: nothing in them can change. */
const isImmutable = (annotations: Annotations): boolean => {
  for (const key of Object.keys(annotations)) {
    const value = annotations[key]
    if ((typeof value === "object" && value !== null && !Redacted.isRedacted(value)) || typeof value === "function") {
      return false
    }
  }
  return true
}
