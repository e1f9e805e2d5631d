import type * as Clock from "effect/Clock"
import { monotonicMillis } from "./monotonicMillis.ts"

/**
 * How many records a worker waits for: a slice, so that little is kept in memory and the
 * event loop is held up little, or a full batch while records come so fast that it fills
 * within the window.
 */
export class Filling {
  /** Whether records came so fast when it was last waited for them. */
  isFast = false
  private slice = 0
  private full = 0
  private readonly clock: Clock.Clock
  private began = 0
  private entered = 0

  constructor(clock: Clock.Clock) {
    this.clock = clock
  }

  resize(slice: number, full: number): void {
    this.slice = Math.min(slice, full)
    this.full = full
  }

  get size(): number {
    return this.isFast ? this.full : this.slice
  }

  /** So many records are there before they were waited for: they came in one turn, or during a write. */
  found(records: number): void {
    if (records >= this.size) this.isFast = true
  }

  /** A wait begins, when so many have entered the queue. */
  begin(entered: number): void {
    this.began = monotonicMillis(this.clock)
    this.entered = entered
  }

  /** A wait of at most the window has ended: how fast they came decides about the next. */
  end(entered: number, windowMillis: number): void {
    const millis = monotonicMillis(this.clock) - this.began
    this.isFast = (entered - this.entered) * windowMillis >= this.full * millis
  }
}
