import type * as Cause from "effect/Cause"
import * as Fiber from "effect/Fiber"
import type * as Logger from "effect/Logger"
import type { LogLevel } from "effect/LogLevel"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { opened } from "../events/opened.ts"
import { CurrentEvent, type OpenEvent } from "../events/OpenEvent.ts"
import type { Inlet } from "../lane/Inlet.ts"
import type { CaptureBooks as Counts } from "../Ledger.ts"
import { type Level, LogRecord, severityOf } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import type { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { type Annotations, withheldContext } from "./attributes.ts"
import { CaptureBooks } from "./CaptureBooks.ts"
import type { Fanout } from "./Fanout.ts"
import type { FiberOrigins } from "./FiberOrigins.ts"
import { bytesOfText, type Limits, longestWhole } from "./limits.ts"
import type { LiveLevels } from "./LiveLevels.ts"
import { type Reading, RecordBuilder, recordOverhead } from "./RecordBuilder.ts"
import type { Rules } from "./Rules.ts"
import { addSpanEvent, openSpan } from "./spanEvents.ts"

/** The answer that every lane has dropped a call before it became a record. */
const unrecorded = Symbol("unrecorded")

export type DirectLog = (message: unknown, attributes?: Annotations) => void

/** Writes records when nothing else does any more. It may throw. */
type LastResort = (records: ReadonlyArray<LogRecord>) => void

/**
 * Takes log calls, from their start until they are settled: admits them, has
 * records made of them and offers these to the lanes, synchronously, in the
 * caller. It is total: whatever a call holds, nothing escapes.
 *
 * A call may also be made where the stack is almost full, so that any call in
 * it can throw. It is counted as unsettled first; whatever happens, in the end
 * it is settled in one step, and what did not get so far is `encode_failed`.
 *
 * Whether it takes the calls of a program (`ended` and `late` count them as closed,
 * `late` has also said so):
 *
 *     open ──close──▶ ended ──a call──▶ late
 *
 * At what the call of just now is, since code of the program may log in it: a
 * getter that is read, one that is read while that logs, and in the end a filter,
 * a synchronous write, a scheduler.
 *
 *     idle ──▶ reading ──▶ nested
 *       └─────────┴──────────┴──▶ offering
 *
 * A call within `nested` is not captured, one within `offering` is no record of
 * the program. Each leaves behind the stage that it has found.
 */
export class Capture {
  private readonly calls: CaptureBooks
  private readonly builder: RecordBuilder
  private readonly origins: FiberOrigins
  /** What calls go by from now on. */
  private rules: Rules
  private readonly levels: LiveLevels | undefined
  /** Where levels are set. */
  private readonly place: { readonly value: unknown }
  /** The longest text that is captured in the shortest way. */
  private readonly longestText: number
  private readonly recordBytes: number
  private phase: "open" | "ended" | "late" = "open"
  private stage: "idle" | Reading | "offering" = "idle"
  private readonly spanEvents: boolean
  private readonly diagnostics: Diagnostics
  /** Given when the process ends; then late calls are not only counted. */
  private lastResort: LastResort | undefined = undefined

  constructor(options: {
    readonly rules: Rules
    /** What may be set while the program runs; without it everything is logged that Effect lets through. */
    readonly levels?: LiveLevels
    /** The origin of the fiber that logged last. */
    readonly origins: FiberOrigins
    readonly redactor: LogRedactor
    readonly limits: Limits
    readonly diagnostics: Diagnostics
    readonly now: () => number
    /** Whether a log call inside a span adds an event to it, as Effect's own logger does. */
    readonly spanEvents: boolean
    /** Who copies for it what is added to events. */
    readonly copier?: object
  }) {
    this.calls = new CaptureBooks()
    this.builder = new RecordBuilder(options)
    this.origins = options.origins
    this.rules = options.rules
    this.levels = options.levels
    this.place = options.levels?.place ?? { value: options.rules.seen }
    this.longestText = longestWhole(options.limits)
    this.recordBytes = options.limits.recordBytes
    this.spanEvents = options.spanEvents
    this.diagnostics = options.diagnostics
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
      this.calls.rejected.encode_failed++
      return
    }
    try {
      if (this.spanEvents && options.fiber.cache.span !== undefined) this.addSpanEvent(options, record)
      if (opened.count > 0) this.tellEvent(options, record)
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
    const { calls, stage } = this
    const { unsettled } = calls
    try {
      const level = levelOf(logLevel)
      const severity = severityOf(level)
      if (stage === "offering") {
        if (severity >= this.lanesOf(fiber).gate) this.refuseInner(logLevel, "from a filter or a synchronous write")
        return undefined
      }
      calls.unsettled++
      const fanout = this.lanesOf(fiber)
      if (severity < fanout.gate) {
        calls.unsettled--
        return undefined
      }
      const captured = this.captureText(fanout, severity, message, cause, date, fiber)
      if (captured !== undefined) {
        calls.unsettled--
        calls.accepted++
        return captured === unrecorded ? undefined : captured
      }
      const isAdmitted = this.admit(fanout, severity)
      if (isAdmitted ? this.refusedByAll(fanout, severity) : this.lastResort === undefined) return undefined
      const record = this.builder.ofFiber(this.read(), level, severity, message, cause, date, fiber)
      if (isAdmitted) this.fanOut(fanout, record, severity)
      else this.resort(record)
      return record
    } catch {
      return undefined
    } finally {
      this.stage = stage
      if (calls.unsettled > unsettled) {
        calls.unsettled = unsettled
        calls.rejected.encode_failed++
      }
    }
  }

  /**
   * The shortest way, for most calls: a text from the fiber that logged last, to
   * lanes with room for it. Measured: it spares a third of what capture takes.
   */
  private captureText(
    fanout: Fanout,
    severity: number,
    message: unknown,
    cause: Cause.Cause<unknown>,
    date: Date,
    fiber: Fiber.Fiber<unknown, unknown>
  ): LogRecord | typeof unrecorded | undefined {
    // Where it is not certain, code of the program has a say in what is taken.
    if (this.phase !== "open" || this.stage !== "idle" || !(severity >= fanout.certain)) return undefined
    let text: unknown
    let time: number
    let origin: RecordOrigin | undefined
    // Whoever calls a logger by hand may pass what runs code of the program when it is read.
    this.stage = "reading"
    try {
      if (!Array.isArray(message) || message.length !== 1 || cause.reasons.length > 0) return undefined
      text = message[0]
      time = date.getTime()
      origin = this.origins.known(severity, fiber)
    } catch {
      return undefined
    } finally {
      this.stage = "idle"
    }
    if (typeof text !== "string" || text.length > this.longestText) return undefined
    if (origin === undefined || origin.context.bytes > this.recordBytes) return undefined
    const bytes = recordOverhead + origin.context.bytes + bytesOfText(text)
    if (!fanout.haveRoomFor(bytes, severity)) return fanout.refuse(severity) ? unrecorded : undefined
    this.stage = "offering"
    const { sequence } = this.builder
    const record = new LogRecord(sequence.next(time), time, text, undefined, origin, bytes, sequence.place)
    fanout.accept(record, severity)
    return record
  }

  /** The lanes for a call of a fiber. */
  private lanesOf(fiber: Fiber.Fiber<unknown, unknown>): Fanout {
    const rules = this.current()
    return rules.isGated ? this.gated(rules, fiber) : rules.fanout
  }

  private gated(rules: Rules, fiber: Fiber.Fiber<unknown, unknown>): Fanout {
    if (!rules.governs(fiber)) return rules.fanout
    const { levelled } = rules
    if (!levelled.hasScopes) return levelled.unscoped
    const { stage } = this
    if (stage === "nested") return levelled.unscoped
    // To look at annotations may run code of the program.
    this.read()
    try {
      return levelled.of(this.origins.scopeOf(fiber))
    } finally {
      this.stage = stage
    }
  }

  /** Whether the levels let a call of an Effect program through, which other loggers go by as well. */
  readonly letsThrough = ({ fiber, logLevel }: Logger.Options<unknown>): boolean => {
    try {
      return severityOf(levelOf(logLevel)) >= this.lanesOf(fiber).gate
    } catch {
      return true
    }
  }

  /** The log calls of one level from outside Effect, or from a place in it that cannot run one. */
  logAt(level: Level, bound: RecordContext, scope?: string, event?: OpenEvent): DirectLog {
    const severity = severityOf(level)
    return (message, attributes) => {
      try {
        const fanout = this.current().direct.of(scope)
        if (severity < fanout.gate) return
        const record = this.direct(fanout, level, severity, message, bound, attributes)
        if (opened.count > 0) (event ?? Fiber.getCurrent()?.getRef(CurrentEvent))?.line(level, undefined, record)
      } catch {
        this.calls.rejected.encode_failed++
      }
    }
  }

  /** Whether a call of the direct logger would be a record, as far as levels say. */
  isEnabled(level: Level, scope?: string): boolean {
    try {
      return severityOf(level) >= this.current().direct.of(scope).gate
    } catch {
      return true
    }
  }

  private direct(
    fanout: Fanout,
    level: Level,
    severity: number,
    message: unknown,
    bound: RecordContext,
    attributes: Annotations | undefined
  ): LogRecord | undefined {
    const fiber = Fiber.getCurrent()
    const { calls, stage } = this
    const { unsettled } = calls
    if (stage === "offering" || (fiber !== undefined && this.isSinks(fiber))) {
      this.refuseInner(level, "through the direct logger")
      return undefined
    }
    try {
      calls.unsettled++
      const isAdmitted = this.admit(fanout, severity)
      if (isAdmitted ? this.refusedByAll(fanout, severity) : this.lastResort === undefined) return undefined
      const record = this.builder.ofDirect(this.read(), level, message, bound, attributes, fiber)
      if (isAdmitted) this.fanOut(fanout, record, severity)
      else this.resort(record)
      return record
    } catch {
      // It is settled below.
      return undefined
    } finally {
      this.stage = stage
      if (calls.unsettled > unsettled) {
        calls.unsettled = unsettled
        calls.rejected.encode_failed++
      }
    }
  }

  /** An event for every call, as Effect adds one, also for those that become no record, save what levels refuse. */
  private addSpanEvent(options: Logger.Options<unknown>, record: LogRecord | undefined): void {
    const { stage } = this
    try {
      const span = openSpan(options)
      if (record === undefined && !this.letsThrough(options)) return
      if (span !== undefined) addSpanEvent(span, options, record ?? this.unkept(options))
    } catch {
      this.diagnostics.report(
        "logging",
        "a span event could not be added; the record itself is kept: look at the tracer"
      )
    } finally {
      this.stage = stage
    }
  }

  /** Tells the event of a fiber of a line, also of one that became no record, save what levels refuse. */
  private tellEvent(options: Logger.Options<unknown>, record: LogRecord | undefined): void {
    const event = options.fiber.getRef(CurrentEvent)
    if (event === undefined || (record === undefined && !this.letsThrough(options))) return
    const { stage } = this
    try {
      event.line(
        levelOf(options.logLevel),
        options.date,
        event.keepsLines ? record ?? this.unkept(options) : undefined
      )
    } finally {
      this.stage = stage
    }
  }

  /** Counts an event that was not wanted as a call that was filtered. */
  skip(): void {
    this.calls.filtered++
  }

  /** The counts of what became no record, for whoever loses one before it is a call. */
  get rejected(): { encode_failed: number } {
    return this.calls.rejected
  }

  /** What a call would have said that became no record. It takes no number. */
  private unkept({ cause, date, fiber, logLevel, message }: Logger.Options<unknown>): LogRecord {
    const level = levelOf(logLevel)
    return this.builder.ofFiber(this.read(), level, severityOf(level), message, cause, date, fiber, true)
  }

  /** The snapshot of attributes that are bound once and logged many times. */
  bind(bound: RecordContext | undefined, attributes: Annotations): RecordContext {
    const before = bound ?? this.origins.base
    const { stage } = this
    if (stage === "nested") return before
    try {
      return this.builder.extend(this.read(), before, attributes)
    } catch {
      return withheldContext("attributes")
    } finally {
      this.stage = stage
    }
  }

  /** A record of the runtime itself, for one lane. */
  own(inlet: Inlet, level: Level, message: string, fields: Annotations): void {
    this.calls.accepted++
    const bytes = recordOverhead + 4 * message.length
    inlet.offer(this.builder.own(level, message, undefined, fields, bytes), severityOf(level))
  }

  /** What ends the process becomes a record. */
  crash(error: unknown): void {
    const { calls, stage } = this
    const { unsettled } = calls
    try {
      calls.unsettled++
      const severity = severityOf("Fatal")
      const { fanout } = this.rules
      if (this.admit(fanout, severity)) this.fanOut(fanout, this.builder.ofCrash(this.read(), error), severity)
    } catch {
      // It is settled below.
    } finally {
      this.stage = stage
      if (calls.unsettled > unsettled) {
        calls.unsettled = unsettled
        calls.rejected.encode_failed++
      }
    }
  }

  /** Refuses records from now on. With a last resort, because the process ends, they are counted and written there, one by one. */
  close(lastResort?: LastResort): void {
    if (this.phase === "open") this.phase = "ended"
    this.origins.release()
    if (lastResort === undefined) return
    this.lastResort = lastResort
    // The call in which the process was ended does not return.
    this.stage = "idle"
    this.calls.leave()
  }

  /** Has calls go by other rules from now on: what is made of those of now. */
  follow(next: (rules: Rules) => Rules): void {
    this.rules = next(this.rules)
  }

  /** The rules of now: levels may have been set since the last call. */
  current(): Rules {
    const { place, rules } = this
    return place.value === rules.seen ? rules : this.relevel()
  }

  private relevel(): Rules {
    const { levels, rules } = this
    if (levels === undefined) return rules
    // Before anything is said of it: whoever hears it may log.
    this.rules = rules.with({ followed: levels.read() })
    levels.tell(rules.lanes)
    return this.rules
  }

  books(): Counts {
    return this.calls.books(this.builder.marked)
  }

  private admit(fanout: Fanout, severity: number): boolean {
    if (this.phase !== "open") {
      this.calls.close()
      if (this.phase === "ended") this.sayLate()
      return false
    }
    if (severity < fanout.minimum) {
      this.calls.filter()
      return false
    }
    if (this.stage !== "nested") return true
    this.calls.fail()
    return false
  }

  private sayLate(): void {
    this.phase = "late"
    this.diagnostics.report(
      "logging",
      this.lastResort === undefined
        ? "a record was logged after shutdown began; it and later ones are counted only; " +
          "provide the logging layer around all that log"
        : "a record was logged after the last writes; it and later ones are counted and go to the last resort; " +
          "log nothing in later listeners of exit"
    )
  }

  /** Spares the snapshot of a record that every lane would drop; the lanes count it as if they had seen it. */
  private refusedByAll(fanout: Fanout, severity: number): boolean {
    if (!fanout.refuse(severity)) return false
    this.calls.unsettled--
    this.calls.accepted++
    return true
  }

  // Filters and synchronous writes are code of the program, and so is a scheduler that a lane wakes its workers with.
  private refuseInner(level: LogLevel, how: string): void {
    this.diagnostics.report(
      "a sink logged",
      `${level.toUpperCase()} ${how}; it is dropped: have a sink log nothing to its own runtime`,
      level
    )
  }

  /** Whether a fiber does the work of a sink. When the process ends, it may be in the middle of it. */
  private isSinks(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    return this.lastResort === undefined && this.diagnostics.inside(fiber)
  }

  private read(): Reading | undefined {
    if (this.stage === "nested") return undefined
    return this.stage = this.stage === "idle" ? "reading" : "nested"
  }

  private fanOut(fanout: Fanout, record: LogRecord, severity: number): void {
    this.stage = "offering"
    const isWanted = fanout.offer(record, severity)
    this.calls.unsettled--
    if (isWanted) this.calls.accepted++
    else this.calls.filtered++
  }

  /** Writes a record that is counted as closed. A last resort that refuses one is not tried again: it may take long to. */
  private resort(record: LogRecord): void {
    try {
      this.lastResort?.([record])
    } catch {
      this.lastResort = () => {}
    }
  }
}

const levelOf = (level: LogLevel): Level => level === "All" ? "Trace" : level === "None" ? "Fatal" : level
