import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { DropReason } from "../Ledger.ts"
import type { SinkError } from "../LogSink.ts"
import { askedFor } from "./RetryWaits.ts"

/** How many attempts a drain makes at the first batch of a sink that did not work before. */
const mostProbes = 2
const shortestWaitMillis = 10
const firstWaitMillis = 25
const slowestWaitMillis = 500
/** The part of its time that a drain goes on with one batch while others wait behind it. */
const partBeforeOthers = 0.9
/** The same when somebody else takes what is given up, who needs time for it as well. */
const partBeforeFallback = 0.5

/**
 * How long a lane that drains goes on with a batch that its sink does not take.
 *
 * ```
 *           breaker closed            time is up: one attempt for each batch
 * running ────────────────▸ patient ─────────────────────────▸ (given up)
 *    │                         ▴ a write succeeds
 *    │      breaker open       │         a probe and one more
 *    ╰────────────────────▸ probing ───────────────────────▸ hopeless
 * ```
 *
 * `hopeless`: one attempt for each batch. `over`, from any of them: what is left
 * stays on the spool.
 */
export class DrainPatience {
  mood: "running" | "patient" | "probing" | "hopeless" | "over" = "running"
  private readonly hasFallback: boolean
  private readonly now: () => number
  private begun = 0
  private millis = 0

  constructor(hasFallback: boolean, now: () => number) {
    this.hasFallback = hasFallback
    this.now = now
  }

  /** The drain begins, and has so much time. */
  begin(millis: number, isFailing: boolean): void {
    this.mood = isFailing ? "probing" : "patient"
    this.begun = this.now()
    this.millis = millis
  }

  /** A write succeeded: the sink works, whatever it did before. */
  succeeded(): void {
    if (this.mood === "probing" || this.mood === "hopeless") this.mood = "patient"
  }

  /**
   * The wait before the next attempt in milliseconds, or why there is none: short,
   * growing, jittered, not shorter than what the sink asked for. What does not fit
   * into the time that is left is cut to half of it, so that the last attempt is
   * made shortly before the end.
   */
  next(error: SinkError, attempts: number, othersWait: boolean): Effect.Effect<number | DropReason> {
    return Effect.map(Random.next, (random) => {
      if (this.isHopeless(error, attempts)) return "retries_exhausted"
      const left = this.begun + this.millis * this.partFor(othersWait) - this.now()
      if (left < 2 * shortestWaitMillis) return "shutdown_deadline"
      const growing = Math.min(slowestWaitMillis, firstWaitMillis * 2 ** attempts)
      const wait = Math.max(growing * (0.5 + random / 2), askedFor(error))
      return Math.min(wait, left / 2)
    })
  }

  private isHopeless({ reason }: SinkError, attempts: number): boolean {
    if (this.mood === "probing" && attempts >= mostProbes) this.mood = "hopeless"
    // Nobody mends a configuration in the seconds of a shutdown.
    return this.mood === "hopeless" || (reason._tag === "Misconfigured" && attempts >= mostProbes)
  }

  private partFor(othersWait: boolean): number {
    if (this.hasFallback) return partBeforeFallback
    return othersWait ? partBeforeOthers : 1
  }
}
