import { type DropReason, type LaneBooks, noDrops } from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import type { LaneQueue } from "./LaneQueue.ts"

/** Where a record of a lane is. What is queued is counted by the queue itself, so that the books check one against the other. */
export type Place = "queued" | "inFlight" | "retrying" | "spooled" | "delivered" | "deadLettered"

/**
 * The counters of a lane; nothing else changes them. A record enters once, and
 * from then on every change is a move: out of one place, into another.
 *
 * ```
 *  accept ─▸ queued ─▸ inFlight ⇄ retrying ─▸ delivered, deadLettered, dropped
 *               ╰────────▸ ⇅ ◂────────╯            (out of any place)
 *  recover ──────────▸ spooled
 *  refuse ─▸ dropped
 * ```
 */
export class LaneCounters {
  /**
   * Records that a caller has on a stack too full for a call: accepted, and lost.
   * It adds one to this, and calls nothing.
   */
  missed = 0
  private accepted = 0
  private recovered = 0
  private restarts = 0
  private readonly at = { inFlight: 0, retrying: 0, spooled: 0, delivered: 0, deadLettered: 0 }
  private readonly dropped = noDrops()

  /**
   * Offers a record to the queue, whose `false` is given. On a stack that is full the
   * offer may throw, and has then not been made; what counts it calls nothing.
   */
  accept(queue: LaneQueue, record: LogRecord): boolean {
    if (!queue.offer(record)) return false
    this.accepted++
    return true
  }

  /** Drops the oldest record of the queue, in the same manner. */
  evict(queue: LaneQueue, reason: DropReason): void {
    if (queue.takeOldest() !== undefined) this.dropped[reason]++
  }

  /** A record is accepted and dropped at once. */
  refuse(reason: DropReason): void {
    this.accepted++
    this.dropped[reason]++
  }

  /** Records come back from disk. */
  recover(to: "inFlight" | "spooled", count: number): void {
    this.recovered += count
    this.at[to] += count
  }

  move(from: Place, to: Exclude<Place, "queued">, count: number): void {
    if (from !== "queued") this.at[from] -= count
    this.at[to] += count
  }

  drop(from: Place, reason: DropReason, count: number): void {
    if (from !== "queued") this.at[from] -= count
    this.dropped[reason] += count
  }

  /**
   * Has a record at a place while a step runs, and then where the step says. It may
   * be cut off by a full stack anywhere: what comes after it calls nothing.
   */
  during(
    entry: "accepted" | "recovered",
    place: "inFlight" | "deadLettered",
    lost: DropReason,
    step: () => "delivered" | "deadLettered" | DropReason
  ): void {
    const { at, dropped } = this
    this[entry]++
    at[place]++
    let fate: "delivered" | "deadLettered" | DropReason = lost
    try {
      fate = step()
    } catch {
      // It is lost.
    }
    at[place]--
    if (fate === "delivered" || fate === "deadLettered") at[fate]++
    else dropped[fate]++
  }

  /** A worker was started again, or a write died. */
  restart(): void {
    this.restarts++
  }

  get inFlight(): number {
    return this.at.inFlight
  }

  get spooled(): number {
    return this.at.spooled
  }

  get delivered(): number {
    return this.at.delivered
  }

  books(queued: number, marked = 0): LaneBooks {
    const { at, dropped, missed } = this
    return {
      accepted: this.accepted + missed,
      recovered: this.recovered,
      delivered: at.delivered,
      dropped: { ...dropped, encode_failed: dropped.encode_failed + missed },
      deadLettered: at.deadLettered,
      queued,
      inFlight: at.inFlight,
      retrying: at.retrying,
      spooled: at.spooled,
      restarts: this.restarts,
      marked
    }
  }
}
