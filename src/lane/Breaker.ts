import * as Duration from "effect/Duration"
import type { LaneOptions } from "../LogSink.ts"
import { durationOf } from "../options/duration.ts"

/**
 * The circuit breaker of a lane: open after so many failed writes in a row,
 * until one succeeds. While it is open the lane probes with its oldest batch,
 * once a cooldown. A drain bypasses it. A destination that refuses a batch for
 * good is alive: that is no failure here.
 */
export class Breaker {
  /** Failed writes since the last one that succeeded. */
  failures = 0
  private threshold = Number.POSITIVE_INFINITY
  private cooldownMillis = 0
  /** Monotonic time in milliseconds. */
  readonly now: () => number
  private probeAt = 0

  constructor(options: LaneOptions["breaker"], now: () => number) {
    this.now = now
    this.goBy(options)
  }

  /** Opens and closes by other options from now on. */
  goBy(options: LaneOptions["breaker"]): void {
    this.threshold = options === false ? Number.POSITIVE_INFINITY : options.failures
    this.cooldownMillis = options === false ? 0 : Duration.toMillis(durationOf(options.cooldown))
  }

  get isOpen(): boolean {
    return this.failures >= this.threshold
  }

  /** Milliseconds until the next probe; 0 when the breaker is closed. */
  remaining(): number {
    return this.isOpen ? Math.max(0, this.probeAt - this.now()) : 0
  }

  failed(): void {
    this.failures++
    if (this.isOpen) this.probeAt = this.now() + this.cooldownMillis
  }

  succeeded(): void {
    this.failures = 0
  }
}
