import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import type { LogRecord } from "../LogRecord.ts"
import { unawaited } from "../options/unawaited.ts"
import { EventMessage, eventName, type GatheredEvent, SaidFields } from "../record/EventMessage.ts"
import type { Level } from "../record/level.ts"
import { PlainObject } from "../record/plainData.ts"
import { emit, emitIn } from "./emit.ts"
import { EventErrors } from "./EventErrors.ts"
import { EventFields, type Fields } from "./EventFields.ts"
import { EventLines } from "./EventLines.ts"
import type { EventOptions, Summary } from "./eventOptions.ts"
import { EventSummary } from "./EventSummary.ts"
import { opened } from "./opened.ts"
import type { Endable, OpenEvents } from "./OpenEvents.ts"
import { type Ending, endingAs, errorTypeOf, levelByOutcome, type Outcome } from "./outcome.ts"
import { isOwnName } from "./ownNames.ts"
import { say } from "./said.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** What an event is, whatever is added to it. */
export interface Declaration {
  readonly name: string
  /** What its record has for a message. */
  readonly text: string
}

/**
 * What is known of an event that was opened, until it has become a record. It knows
 * nothing of who may add to it, so that an event of a fiber that is dropped is dropped too.
 *
 *     open ──ends──▶ ended
 */
export class EventState implements Endable {
  phase: "open" | "ended" = "open"
  before: Endable | undefined = undefined
  after: Endable | undefined = undefined
  readonly declaration: Declaration
  readonly context: Context.Context<never>
  readonly lines: EventLines
  readonly options: EventOptions
  /** How many events were recorded inside. */
  inner = 0
  /** What was reported inside; none as long as nothing was. */
  reported: EventErrors | undefined = undefined
  readonly fiberId: number
  readonly outer: EventState | undefined
  private readonly events: OpenEvents
  private readonly fields: EventFields
  private readonly clock: Clock.Clock
  /** Where lines are kept, which say how long after it they came. */
  private readonly startedAt: number
  private readonly startedNanos: bigint
  private saidLate = false

  constructor(
    declaration: Declaration,
    options: EventOptions,
    place: {
      readonly context: Context.Context<never>
      readonly fiberId: number
      readonly outer: EventState | undefined
      readonly events: OpenEvents
    }
  ) {
    this.declaration = declaration
    this.options = options
    this.context = place.context
    this.fiberId = place.fiberId
    this.outer = place.outer
    this.events = place.events
    this.lines = new EventLines(options.keepLines)
    this.fields = new EventFields(options, place.events.copier)
    this.clock = Context.get(place.context, Clock.Clock)
    this.startedAt = options.keepLines > 0 ? this.clock.currentTimeMillisUnsafe() : 0
    this.startedNanos = this.clock.monotonicTimeNanosUnsafe()
    opened.count++
    place.events.enter(this)
  }

  get millis(): number {
    return Number((this.clock.monotonicTimeNanosUnsafe() - this.startedNanos) / 1000n) / 1000
  }

  /** Whether something may be added; says so once where it is too late. */
  isOpen(): boolean {
    if (this.phase === "open") return true
    if (!this.saidLate) this.events.hooks.late(this.declaration.name)
    this.saidLate = true
    return false
  }

  add(given: unknown): boolean {
    if (!this.isOpen()) return false
    this.fields.add(given)
    // To copy is to run getters, in one of which it may have ended.
    return this.isOpen()
  }

  /** The sum is rounded where it is said how. */
  increase(name: string, by: number, round?: (sum: number) => number): boolean {
    if (!this.isOpen()) return false
    this.fields.increase(name, by, round)
    return true
  }

  line(level: Level, call: object | undefined, record: LogRecord | undefined): void {
    if (this.phase === "open") this.lines.add(level, call, record)
  }

  /** Notes an error that was reported inside of it. Gives whether it will be its record's. */
  report(reason: Cause.Reason<unknown>, severity: Level | undefined): boolean {
    if (this.phase !== "open") return false
    this.reported ??= new EventErrors()
    return this.reported.add(reason, severity)
  }

  /** Notes an error that was reported inside of it, and is to be no part of its record. */
  pass(error: unknown): void {
    if (this.phase !== "open") return
    this.reported ??= new EventErrors()
    this.reported.pass(error)
  }

  endByShutdown(): void {
    this.end(endingAs("shutdown"), undefined)
  }

  /** Makes the record, once. Gives whether it was this call. */
  end(ending: Ending, fiber: AnyFiber | undefined): boolean {
    if (this.phase === "ended") return false
    // On a full stack this may throw, and has it open then.
    opened.count--
    this.phase = "ended"
    let isSettled = false
    try {
      this.events.leave(this)
      if (this.outer?.phase === "open") this.outer.inner++
      isSettled = this.record(ending, fiber)
    } catch {
      // The stack is full.
    }
    if (!isSettled) this.events.hooks.rejected.encode_failed++
    return true
  }

  /** Gives whether what became of it is in the books: of the loggers, or because nobody wanted it. */
  private record(ending: Ending, fiber: AnyFiber | undefined): boolean {
    const { declaration, events: { copier, hooks }, options, reported } = this
    const durationMillis = this.millis
    const { outcome } = ending
    const cause = reported === undefined ? ending.cause : reported.with(ending.cause, outcome)
    let level = reported?.severity ?? levelByOutcome[outcome]
    const fields = this.fields.take()
    if (options.level !== undefined || options.when !== undefined) {
      let made: Summary | undefined
      const summary = (): Summary => made ??= this.summary(ending, durationMillis, fields)
      if (!this.isWanted(summary)) {
        hooks.skipped()
        return true
      }
      level = this.levelFor(summary, outcome) ?? level
    }
    const gathered = this.gathered({ outcome, cause }, durationMillis, fields)
    const message = new EventMessage(new EventSummary(declaration.text, gathered, copier), undefined)
    const date = new Date(this.clock.currentTimeMillisUnsafe())
    const emission = { level, message, cause, date, own: hooks.log, isGiven: false }
    say(cause)
    // It is counted as an inner event there, and as no line.
    this.outer?.lines.pass(date)
    try {
      if (fiber === undefined) emitIn(this.context, this.fiberId, emission)
      else emit(fiber, emission)
    } catch {
      // What it was given for is counted by who has it.
    }
    return emission.isGiven
  }

  private summary({ exit, outcome }: Ending, durationMillis: number, fields: Fields): Summary {
    const { events: { copier }, lines } = this
    let shown: Fields | undefined
    return {
      name: this.declaration.name,
      outcome,
      durationMillis,
      exit,
      // A copy: what a function of the program makes of it is in no record.
      get fields() {
        return shown ??= copier.copy(fields)
      },
      lines: lines.byLevel
    }
  }

  private isWanted(summary: () => Summary): boolean {
    try {
      return unawaited(this.options.when?.(summary)) !== false
    } catch {
      this.events.hooks.failed(this.declaration.name, "when")
      return true
    }
  }

  private levelFor(summary: () => Summary, outcome: Outcome): Level | undefined {
    if (this.options.level === undefined) return undefined
    try {
      const level = this.options.level(summary, outcome)
      if (level === undefined) this.events.hooks.failed(this.declaration.name, "level")
      return level
    } catch {
      this.events.hooks.failed(this.declaration.name, "level")
      return undefined
    }
  }

  /** All that its record says: what we say of it first, then its owner, then what was added. */
  private gathered(
    { cause, outcome }: Pick<Ending, "outcome" | "cause">,
    durationMillis: number,
    added: Record<string, unknown>
  ): GatheredEvent {
    const { declaration, events: { copier }, fields, inner, lines, options } = this
    const said = new SaidFields()
    said.say(eventName, declaration.name)
    said.say("event.outcome", outcome)
    said.say("event.duration_ms", durationMillis)
    lines.write(said)
    if (inner > 0) said.say("event.inner", inner)
    if (fields.omitted > 0) said.say("event.omitted", fields.omitted)
    options.own?.(said, outcome)
    const errorType = errorTypeOf(cause)
    if (errorType !== undefined && !said.has("error.type")) said.say("error.type", errorType)
    const copies = without(said, added)
    const log = lines.take(this.startedAt)
    if (log !== undefined) {
      copies["event.log"] = log
      fields.bytes += copier.sizeOf("event.log", log)
    }
    return { said, copies, copiedBy: copier, bytes: fields.bytes }
  }
}

/** What was added, without what has a name that only an event itself may use, or has said. */
const without = (said: SaidFields, added: Record<string, unknown>): Record<string, unknown> => {
  const names = Object.keys(added)
  if (!names.some((name) => isOwnName(name) || said.has(name))) return added
  const out = new PlainObject()
  for (const name of names) if (!isOwnName(name) && !said.has(name)) out[name] = added[name]
  return out
}
