import * as Cause from "effect/Cause"
import * as Fiber from "effect/Fiber"
import type * as Logger from "effect/Logger"
import type { LogLevel } from "effect/LogLevel"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { Inlet } from "../lane/Inlet.ts"
import { type CaptureBooks, noDrops, total } from "../Ledger.ts"
import { type Level, LogRecord, severityOf } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import { PlainObject, threw } from "../record/plainData.ts"
import { RecordContext, type RecordOrigin } from "../record/RecordOrigin.ts"
import { type Annotations, emptyContext, extended, extendedOnce } from "./attributes.ts"
import { Fanout } from "./Fanout.ts"
import type { FiberOrigins } from "./FiberOrigins.ts"
import { RedactionFailed } from "./KnownKeys.ts"
import { bytesOfText, type Limits, longestWhole } from "./limits.ts"
import { Snapshot } from "./Snapshot.ts"
import { addSpanEvent, openSpan } from "./spanEvents.ts"

const recordOverhead = 160
const deepestNesting = 2
/** The answer that a call is settled without a record. */
const unrecorded = Symbol("unrecorded")

/**
 * Turns log calls into records and offers them to the lanes, synchronously, in
 * the caller. It is total: whatever a call holds, nothing escapes.
 *
 * A call may also be made where the stack is almost full, so that any call in
 * it can throw. It is counted as unsettled first; whatever happens, in the end
 * it is settled in one step, and what did not get so far is `encode_failed`.
 */
export class Capture {
  private readonly fanout: Fanout
  private readonly diagnostics: Diagnostics
  private readonly now: () => number
  private readonly spanEvents: boolean
  private readonly snapshots: ReadonlyArray<Snapshot>
  private readonly origins: FiberOrigins
  /** The longest text that is captured in the shortest way; none is where code of the program has a say in it. */
  private readonly longestText: number
  private readonly recordBytes: number
  private nesting = 0
  private handingOver = false
  private seq = 0
  /** `ended`: it refuses records; `late`: it has, and has said so. */
  private phase: "open" | "ended" | "late" = "open"
  private exiting = false
  private lastResort: ((records: ReadonlyArray<LogRecord>) => void) | undefined = undefined

  /** Calls that have begun and are in none of the other counts. */
  private unsettled = 0
  private filtered = 0
  private accepted = 0
  private readonly rejected = noDrops()

  constructor(options: {
    readonly inlets: ReadonlyArray<Inlet>
    /** The origin of the fiber that logged last. */
    readonly origins: FiberOrigins
    readonly redactor: LogRedactor
    readonly limits: Limits
    readonly diagnostics: Diagnostics
    readonly now: () => number
    /** Whether a log call inside a span adds an event to it, as Effect's own logger does. */
    readonly spanEvents: boolean
  }) {
    this.fanout = new Fanout(options.inlets)
    this.origins = options.origins
    this.diagnostics = options.diagnostics
    this.now = options.now
    this.spanEvents = options.spanEvents
    this.longestText = this.fanout.isFiltered ? -1 : longestWhole(options.limits)
    this.recordBytes = options.limits.recordBytes
    this.snapshots = Array.from({ length: deepestNesting }, () => new Snapshot(options.redactor, options.limits))
  }

  /**
   * A log call of an Effect program. So short that the engine puts it into the
   * caller, where the options are then never allocated.
   */
  readonly log = (options: Logger.Options<unknown>): void => {
    let record: LogRecord | undefined
    try {
      record = this.call(options.logLevel, options.message, options.cause, options.date, options.fiber)
    } catch {
      this.rejected.encode_failed++
      return
    }
    try {
      if (this.spanEvents && options.fiber.cache.span !== undefined) this.addSpanEvent(options, record)
    } catch {
      // The record is what counts.
    }
  }

  /** Gives the record that the call became, if it became one. */
  private call(
    logLevel: LogLevel,
    message: unknown,
    cause: Cause.Cause<unknown>,
    date: Date,
    fiber: Fiber.Fiber<unknown, unknown>
  ): LogRecord | undefined {
    const { handingOver, nesting, unsettled } = this
    try {
      if (handingOver) {
        this.refuseInner(logLevel, "from a filter or a synchronous write")
        return undefined
      }
      this.unsettled++
      const level = levelOf(logLevel)
      const severity = severityOf(level)
      const captured = this.captureText(severity, message, cause, date, fiber)
      if (captured !== undefined) return captured === unrecorded ? undefined : captured
      const isAdmitted = this.admit(severity)
      if (isAdmitted ? this.refusedByAll(severity) : this.lastResort === undefined) return undefined
      const record = this.recordOf(level, severity, message, cause, date, fiber)
      if (isAdmitted) this.fanOut(record, severity)
      else this.resort(record)
      return record
    } catch {
      return undefined
    } finally {
      this.nesting = nesting
      this.handingOver = handingOver
      if (this.unsettled > unsettled) {
        this.unsettled = unsettled
        this.rejected.encode_failed++
      }
    }
  }

  /**
   * The shortest way, for most calls: a text from the fiber that logged last, to
   * lanes with room for it. Measured: it spares a third of what capture takes.
   */
  private captureText(
    severity: number,
    message: unknown,
    cause: Cause.Cause<unknown>,
    date: Date,
    fiber: Fiber.Fiber<unknown, unknown>
  ): LogRecord | typeof unrecorded | undefined {
    if (this.phase !== "open" || this.nesting > 0 || severity < this.fanout.minimum) return undefined
    let text: unknown
    let time: number
    let origin: RecordOrigin | undefined
    // Whoever calls a logger by hand may pass what runs code of the program when it is read.
    this.nesting = 1
    try {
      if (!Array.isArray(message) || message.length !== 1 || cause.reasons.length > 0) return undefined
      text = message[0]
      time = date.getTime()
      origin = this.origins.known(severity, fiber)
    } catch {
      return undefined
    } finally {
      this.nesting = 0
    }
    if (typeof text !== "string" || text.length > this.longestText) return undefined
    if (origin === undefined || origin.context.bytes > this.recordBytes) return undefined
    const bytes = recordOverhead + origin.context.bytes + bytesOfText(text)
    if (!this.fanout.haveRoomFor(bytes, severity)) return this.refusedByAll(severity) ? unrecorded : undefined
    this.handingOver = true
    const record = new LogRecord(++this.seq, time, text, undefined, origin, bytes)
    this.fanout.accept(record, severity)
    this.unsettled--
    this.accepted++
    return record
  }

  /** The log calls of one level from outside Effect, or from a place in it that cannot run one. */
  logAt(level: Level, bound: RecordContext): (message: unknown, attributes?: Annotations) => void {
    return (message, attributes) => {
      try {
        this.direct(level, message, bound, attributes)
      } catch {
        this.rejected.encode_failed++
      }
    }
  }

  private direct(
    level: Level,
    message: unknown,
    bound: RecordContext,
    attributes: Annotations | undefined
  ): void {
    const fiber = Fiber.getCurrent()
    const { handingOver, nesting, unsettled } = this
    if (handingOver || (fiber !== undefined && !this.exiting && this.diagnostics.inside(fiber))) {
      return this.refuseInner(level, "through the direct logger")
    }
    try {
      this.unsettled++
      const severity = severityOf(level)
      const isAdmitted = this.admit(severity)
      if (isAdmitted ? this.refusedByAll(severity) : this.lastResort === undefined) return
      const record = this.directRecordOf(level, message, bound, attributes, fiber)
      if (isAdmitted) this.fanOut(record, severity)
      else this.resort(record)
    } catch {
      // It is settled below.
    } finally {
      this.nesting = nesting
      this.handingOver = handingOver
      if (this.unsettled > unsettled) {
        this.unsettled = unsettled
        this.rejected.encode_failed++
      }
    }
  }

  /** An event for every call, as Effect adds one, also for those that become no record. */
  private addSpanEvent(options: Logger.Options<unknown>, record: LogRecord | undefined): void {
    const { nesting } = this
    try {
      const span = openSpan(options)
      if (span !== undefined) addSpanEvent(span, options, record ?? this.unkept(options))
    } catch {
      this.diagnostics.report("logging", "a span event could not be added")
    } finally {
      this.nesting = nesting
    }
  }

  /** What a call would have said that became no record. */
  private unkept({ cause, date, fiber, logLevel, message }: Logger.Options<unknown>): LogRecord {
    const level = levelOf(logLevel)
    return this.recordOf(level, severityOf(level), message, cause, date, fiber, this.seq)
  }

  private recordOf(
    level: Level,
    severity: number,
    given: unknown,
    failure: Cause.Cause<unknown>,
    date: Date,
    fiber: Fiber.Fiber<unknown, unknown>,
    seq?: number
  ): LogRecord {
    try {
      const snapshot = this.begin()
      const time = date.getTime()
      const origin = this.origins.of(level, severity, fiber, time, snapshot)
      snapshot.bytes = origin.context.bytes
      const message = Array.isArray(given) ? snapshot.messages(given) : snapshot.message(given)
      const cause = failure.reasons.length === 0 ? undefined : snapshot.cause(failure)
      return new LogRecord(seq ?? ++this.seq, time, message, cause, origin, recordOverhead + snapshot.bytes)
    } catch (error) {
      return this.stub(level, error, seq)
    }
  }

  private directRecordOf(
    level: Level,
    message: unknown,
    bound: RecordContext,
    attributes: Annotations | undefined,
    fiber: Fiber.Fiber<unknown, unknown> | undefined
  ): LogRecord {
    try {
      const snapshot = this.begin()
      const context = attributes === undefined ? bound : extendedOnce(bound, attributes, snapshot)
      snapshot.bytes = context.bytes
      const copy = snapshot.message(message)
      const origin = this.origins.direct(level, context, fiber)
      return new LogRecord(++this.seq, this.now(), copy, undefined, origin, recordOverhead + snapshot.bytes)
    } catch (error) {
      return this.stub(level, error)
    }
  }

  /** The snapshot of attributes that are bound once and logged many times. */
  bind(bound: RecordContext | undefined, attributes: Annotations): RecordContext {
    const before = bound ?? emptyContext
    const nesting = this.nesting
    if (nesting >= deepestNesting) return before
    try {
      return extended(before, attributes, this.begin())
    } catch {
      const stub = new PlainObject()
      stub["attributes"] = threw
      return new RecordContext(stub, recordOverhead)
    } finally {
      this.nesting = nesting
    }
  }

  /** A record of the runtime itself, for one lane. */
  own(inlet: Inlet, level: Level, message: string, fields: Annotations): void {
    this.accepted++
    const record = this.ownRecord(
      level,
      message,
      undefined,
      new RecordContext(fields, 0),
      recordOverhead + 4 * message.length
    )
    inlet.offer(record, severityOf(level))
  }

  /** Refuses records from now on. With a last resort they are counted and written there, one by one. */
  close(lastResort?: (records: ReadonlyArray<LogRecord>) => void): void {
    if (this.phase === "open") this.phase = "ended"
    this.lastResort = lastResort
    this.origins.release()
    if (lastResort !== undefined) this.leaveCalls()
  }

  /** A call in which the process was ended, in a filter or a getter, does not return: it is counted as closed. */
  private leaveCalls(): void {
    this.exiting = true
    this.nesting = 0
    this.handingOver = false
    this.rejected.closed += this.unsettled
    this.unsettled = 0
  }

  /** Writes a record that is counted as closed. A last resort that refuses one is not tried again: it may take long to. */
  private resort(record: LogRecord): void {
    try {
      this.lastResort?.([record])
    } catch {
      this.lastResort = undefined
    }
  }

  /** What ends the process becomes a record. */
  crash(error: unknown): void {
    const { handingOver, nesting, unsettled } = this
    try {
      this.unsettled++
      const severity = severityOf("Fatal")
      if (!this.admit(severity)) return
      const snapshot = this.begin()
      const cause = snapshot.cause(Cause.die(error))
      const bytes = recordOverhead + snapshot.bytes
      this.fanOut(
        this.ownRecord("Fatal", "the process is ended by an uncaught error", cause, emptyContext, bytes),
        severity
      )
    } catch {
      // It is settled below.
    } finally {
      this.nesting = nesting
      this.handingOver = handingOver
      if (this.unsettled > unsettled) {
        this.unsettled = unsettled
        this.rejected.encode_failed++
      }
    }
  }

  private ownRecord(
    level: Level,
    message: string,
    cause: LogRecord["cause"],
    context: RecordContext,
    bytes: number,
    seq = ++this.seq
  ): LogRecord {
    const origin = this.origins.direct(level, context, undefined)
    return new LogRecord(seq, this.now(), message, cause, origin, bytes)
  }

  books(): CaptureBooks {
    return {
      offered: this.unsettled + this.filtered + this.accepted + total(this.rejected),
      filtered: this.filtered,
      accepted: this.accepted,
      rejected: { ...this.rejected }
    }
  }

  private admit(severity: number): boolean {
    if (this.phase !== "open") {
      this.unsettled--
      this.rejected.closed++
      if (this.phase === "ended") this.sayLate()
      return false
    }
    if (severity < this.fanout.minimum) {
      this.unsettled--
      this.filtered++
      return false
    }
    if (this.nesting < deepestNesting) return true
    this.unsettled--
    this.rejected.encode_failed++
    return false
  }

  private sayLate(): void {
    this.phase = "late"
    this.diagnostics.report(
      "logging",
      this.lastResort === undefined
        ? "a record was logged after shutdown began; it and later ones are counted only"
        : "a record was logged after the last writes; it and later ones are counted and go to the last resort"
    )
  }

  /** Spares the snapshot of a record that every lane would drop; the lanes count it as if they had seen it. */
  private refusedByAll(severity: number): boolean {
    if (!this.fanout.refuse(severity)) return false
    this.unsettled--
    this.accepted++
    return true
  }

  // Filters and synchronous writes are code of the program, and so is a scheduler that a lane wakes its workers with.
  private refuseInner(level: LogLevel, how: string): void {
    this.diagnostics.report("a sink logged", `${level.toUpperCase()} ${how}`)
  }

  // A getter that logs while it is read gets a walk of its own, once.
  private begin(): Snapshot {
    const snapshot = this.snapshots[this.nesting++]!
    snapshot.reset()
    return snapshot
  }

  private stub(level: Level, error: unknown, seq?: number): LogRecord {
    const message = error instanceof RedactionFailed
      ? "[record withheld: redaction failed]"
      : "[record withheld: it could not be captured]"
    this.diagnostics.report("logging", `a record was replaced by a stub: ${message}`)
    return this.ownRecord(level, message, undefined, emptyContext, recordOverhead, seq)
  }

  private fanOut(record: LogRecord, severity: number): void {
    this.handingOver = true
    const isWanted = this.fanout.offer(record, severity)
    this.unsettled--
    if (isWanted) this.accepted++
    else this.filtered++
  }
}

const levelOf = (level: LogLevel): Level => level === "All" ? "Trace" : level === "None" ? "Fatal" : level
