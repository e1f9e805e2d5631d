import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"

/**
 * What a lane is doing, and who waits for that to change.
 *
 * ```
 *   open ──drain──▸ draining ──deadline, or all is settled──▸ closed
 *     │                 │                                       ▴
 *     ╰─────────────────┴──the destination is gone──▸ gone ─────╯
 * ```
 *
 * In a lane that is `closed` the workers are left behind: who has closed it
 * settles what they hold.
 */
export class LanePhase {
  now: "open" | "draining" | "gone" | "closed" = "open"
  /** What a record is refused for that comes when the lane takes none. */
  late: "closed" | "sink_closed" = "closed"
  private draining = Latch.makeUnsafe(false)
  private readonly gone = Latch.makeUnsafe(false)

  /** Whether it takes records. */
  get isOpen(): boolean {
    return this.now === "open"
  }

  /** Whether nothing is written any more. */
  get hasEnded(): boolean {
    return this.now === "closed" || this.now === "gone"
  }

  become(next: "draining" | "closed" | "gone"): void {
    if (next === "gone") this.late = "sink_closed"
    if (this.now !== "closed") this.now = next
  }

  /** Wakes who sleeps although the lane drains, or its destination is gone. They go on at once, on the caller's stack. */
  wake(): void {
    this.draining.openUnsafe()
    if (this.now === "gone") this.gone.openUnsafe()
  }

  /** Wakes who sleeps in a lane that goes on. */
  rouse(): void {
    const { draining } = this
    if (!this.isOpen) return
    this.draining = Latch.makeUnsafe(false)
    draining.openUnsafe()
  }

  /** Sleeps, until it is woken for the end of the lane. Who sleeps in a lane that is closed is left behind. */
  pause(millis: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      const end = this.isOpen ? this.draining : this.gone
      return Effect.asVoid(Effect.timeoutOption(end.await, millis))
    })
  }
}
