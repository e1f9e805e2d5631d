import type * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { SchedulerDispatcher } from "effect/Scheduler"

/** Says on a later step that lanes have dropped something. It is there before the lanes are. */
export class DropSignal {
  private readonly dispatcher: SchedulerDispatcher
  private readonly latch = Latch.makeUnsafe(false)
  private pending = false

  constructor(dispatcher: SchedulerDispatcher) {
    this.dispatcher = dispatcher
  }

  /** Called by a lane when it drops, in the middle of whatever it does. */
  readonly note = (): void => {
    if (this.pending) return
    this.pending = true
    try {
      this.dispatcher.scheduleTask(() => this.latch.openUnsafe(), 0)
    } catch {
      this.pending = false
    }
  }

  /** Waits until something was dropped since the last {@link reset}. */
  get dropped(): Effect.Effect<void> {
    return this.latch.await
  }

  reset(): void {
    this.pending = false
    this.latch.closeUnsafe()
  }
}
