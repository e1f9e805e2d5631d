import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { LogRecord } from "../LogRecord.ts"
import type { Level } from "../record/level.ts"
import type { Fields } from "./EventFields.ts"
import type { EventState } from "./EventState.ts"
import { endingAs, endingOf, type Outcome } from "./outcome.ts"

/** The innermost event that is open where a fiber is. */
export const CurrentEvent = Context.Reference<OpenEvent | undefined>("effect-spillway/CurrentEvent", {
  defaultValue: () => undefined
})

/** Told of the events that nobody can end any more. */
let dropped: FinalizationRegistry<EventState> | undefined

/**
 * An event that was opened. Its functions are synchronous and total: nothing that is
 * added can make one throw. What is added after its end is in no record, which the function
 * says by `false`, and the runtime once on stderr.
 *
 * @category models
 * @since 0.1.0
 */
export class OpenEvent {
  private readonly state: EventState
  private inside: Context.Context<never> | undefined = undefined

  /** @internal */
  constructor(state: EventState) {
    this.state = state
    // To be told of one costs the collector more than all else that an event does.
    if (state.options.isHeld === true) return
    dropped ??= new FinalizationRegistry((left) => left.end(endingAs("abandoned"), undefined))
    dropped.register(this, state, state)
  }

  /** Its name, which its record has as `event.name`. */
  get name(): string {
    return this.state.declaration.name
  }

  /** Whether it has not ended. */
  get isOpen(): boolean {
    return this.state.phase === "open"
  }

  /** The context that it was opened in, with this event as the current one: for effects that belong to it. */
  get context(): Context.Context<never> {
    return this.inside ??= Context.add(this.state.context, CurrentEvent, this)
  }

  /** How long it is open, in milliseconds, by the monotonic time of Effect's Clock. */
  get millis(): number {
    return this.state.millis
  }

  /** Adds fields: copies of what they are now. A later value takes the place of an earlier one. */
  add(fields: Fields): boolean {
    return this.guarded(() => this.state.add(fields))
  }

  /** Adds to a counter, which is the field of that name. */
  count(name: string, by = 1): boolean {
    return this.guarded(() => this.state.increase(name, by))
  }

  /** Adds to a timer: to the fields `name.duration_ms` and `name.count`. */
  time(name: string, millis: number): boolean {
    return this.guarded(() =>
      this.state.increase(`${name}.count`, 1) && this.state.increase(`${name}.duration_ms`, millis, microseconds)
    )
  }

  /**
   * Counts a line that was logged inside. Loggers of a runtime do it themselves.
   *
   * @internal
   */
  line(level: Level, call: object | undefined, record: LogRecord | undefined): void {
    this.state.line(level, call, record)
  }

  /**
   * Notes an error that was reported inside of it. Gives whether it will be its record's.
   *
   * @internal
   */
  report(reason: Cause.Reason<unknown>, severity: Level | undefined): boolean {
    return this.guarded(() => this.state.report(reason, severity))
  }

  /** Whether lines are part of its record. @internal */
  get keepsLines(): boolean {
    return this.state.options.keepLines > 0
  }

  /** What an event inside tells of itself. @internal */
  static stateOf(event: OpenEvent | undefined): EventState | undefined {
    return event?.state
  }

  /** Ends it by an exit: now it becomes its record. Gives whether it was this call that ended it. */
  end(exit: Exit.Exit<unknown, unknown>): boolean {
    return this.ended(this.state.end(endingOf(exit), undefined))
  }

  /** Ends it by an outcome, with a cause where there is one. */
  endAs(outcome: Outcome, cause?: Cause.Cause<unknown>): boolean {
    return this.ended(this.state.end(endingAs(outcome, cause), undefined))
  }

  /**
   * The same in the fiber that has opened it, wherever that is now: as if it was where the event was opened. In another fiber
   * it does what {@link endAs} does.
   *
   * @internal
   */
  endAsIn(fiber: Fiber.Fiber<unknown, unknown> | undefined, outcome: Outcome, cause: Cause.Cause<unknown>): boolean {
    const { state } = this
    if (fiber?.id !== state.fiberId) return this.endAs(outcome, cause)
    const now = fiber.context
    fiber.setContext(state.context)
    try {
      return this.ended(state.end(endingAs(outcome, cause), fiber))
    } finally {
      fiber.setContext(now)
    }
  }

  /** Ends it in the fiber that has opened it. @internal */
  endIn(fiber: Fiber.Fiber<unknown, unknown>, exit: Exit.Exit<unknown, unknown>): void {
    this.ended(this.state.end(endingOf(exit), fiber))
  }

  private ended(isNow: boolean): boolean {
    if (isNow && this.state.options.isHeld !== true) dropped?.unregister(this.state)
    return isNow
  }

  private guarded(run: () => boolean): boolean {
    try {
      return run()
    } catch {
      return false
    }
  }
}

/** Milliseconds as durations are said: sums of such have more digits behind the point than they mean. */
const microseconds = (millis: number): number => Math.round(millis * 1000) / 1000
