import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"

type Monotonic = Pick<Clock.Clock, "monotonicTimeNanosUnsafe">

/**
 * Whether it is still worth waiting for Loki to take another stream. It does when streams have ended, and never where a
 * label has ever new values; then batches are refused, or the first of them would hold up the lane for ever.
 *
 * ```
 *  clear ──no more streams──▸ waiting ──for too long──▸ refusing
 *    ▴──────a batch is stored────┘                          │
 *    ▴────────────────heard nothing of it for as long───────┘
 * ```
 */
export class StreamLimit {
  private readonly clock: Monotonic
  private readonly patience: number
  private state: "clear" | "waiting" | "refusing" = "clear"
  private since = 0
  private heardAt = 0

  constructor(clock: Monotonic, patience: Duration.Duration) {
    this.clock = clock
    this.patience = Duration.toMillis(patience)
  }

  /** Loki takes no more streams: whether to go on waiting. */
  reached(): "waiting" | "refusing" {
    const now = Number(this.clock.monotonicTimeNanosUnsafe() / 1_000_000n)
    if (this.state === "clear" || (this.state === "refusing" && now - this.heardAt > this.patience)) {
      this.state = "waiting"
      this.since = now
    } else if (now - this.since >= this.patience) {
      this.state = "refusing"
    }
    this.heardAt = now
    return this.state
  }

  /** Loki has stored a batch. */
  stored(): void {
    if (this.state === "waiting") this.state = "clear"
  }
}
