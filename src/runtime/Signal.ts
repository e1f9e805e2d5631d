import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { SchedulerDispatcher } from "effect/Scheduler"
import type * as Scope from "effect/Scope"

/** Says on a later step that something has happened in a lane. It is there before the lanes are. */
export class Signal {
  private readonly dispatcher: SchedulerDispatcher
  private readonly latch = Latch.makeUnsafe(false)
  private pending = false

  constructor(dispatcher: SchedulerDispatcher) {
    this.dispatcher = dispatcher
  }

  /** Called by a lane, in the middle of whatever it does. */
  readonly note = (): void => {
    if (this.pending) return
    this.pending = true
    try {
      this.dispatcher.scheduleTask(() => this.latch.openUnsafe(), 0)
    } catch {
      this.pending = false
    }
  }

  /** Waits until something has happened since the last {@link reset}. */
  get noted(): Effect.Effect<void> {
    return this.latch.await
  }

  reset(): void {
    this.pending = false
    this.latch.closeUnsafe()
  }
}

/** The signals of all who want to know the same. */
export class Signals {
  private readonly all = new Set<Signal>()

  /** Called by a lane. Nothing happens while nobody wants to know. */
  readonly note = (): void => {
    for (const signal of this.all) signal.note()
  }

  /** A signal for who waits in a scope. */
  readonly subscribe: Effect.Effect<Signal, never, Scope.Scope> = Effect.acquireRelease(
    Effect.map(Effect.fiber, ({ currentDispatcher }) => {
      const signal = new Signal(currentDispatcher)
      this.all.add(signal)
      return signal
    }),
    (signal) => Effect.sync(() => this.all.delete(signal))
  )
}
