import { type LogRecord, severityOf } from "../LogRecord.ts"
import { demandStack } from "../node/demandStack.ts"
import { type LaneQueue, warn } from "./LaneQueue.ts"
import type { Settlement } from "./Settlement.ts"

/** The part of the lane that may be taken when every record is kept again. */
const takenAtEnd = 1 / 2
/** Queued records make room for one that is not urgent, as long as so many of them may: to look for fewer takes too long. */
const leastOrdinary = 1 / 8
/** A share of 0.1 owes a record after ten, whatever ten of them come to in floating point. */
const wholeRecord = 1 - 1e-9

const isOrdinary = (record: LogRecord): boolean => severityOf(record.level) < warn

/**
 * What is kept of the records that find a lane full, until half of it is free: a share
 * of the ordinary ones, those below Warn, spread evenly over all of them whenever they
 * come, and each urgent one. Where what is kept has no room, every second of the
 * ordinary records in the queue makes room for it: what waits becomes the thinner the
 * older it is.
 *
 *     whole ──full──▶ sampled ──half empty──▶ whole
 */
export class Sampling {
  private phase: "whole" | "sampled" = "whole"
  /** The share of those that were dropped: the part of a record that is to be kept for them. */
  private owed = 0
  /** How many ordinary records are in the queue; known while it is sampled. */
  private ordinary = 0
  private readonly share: number
  private readonly queue: LaneQueue
  private readonly settlement: Settlement

  constructor(share: number, queue: LaneQueue, settlement: Settlement) {
    this.share = share
    this.queue = queue
    this.settlement = settlement
  }

  get isOn(): boolean {
    return this.phase === "sampled"
  }

  /** Whether a record would be dropped whatever it holds, as {@link pass} would have it. */
  drops(urgent: boolean): boolean {
    if (this.phase === "whole" || this.isRecovered) return false
    if (!urgent) return this.owed + this.share < wholeRecord
    return this.ordinary === 0 && this.queue.lacks(1, true) !== undefined
  }

  /** A record is dropped that {@link drops} has answered for. */
  dropped(): void {
    this.owed += this.share
  }

  /** Whether a record is kept, with room made for it. One that is urgent or too large may meet a bound all the same. */
  keeps(bytes: number, urgent: boolean): boolean {
    const { queue } = this
    const canFit = queue.couldHold(bytes, urgent)
    if (this.isOn && this.isRecovered) this.end()
    if (!this.isOn && canFit && queue.lacks(bytes, urgent) !== undefined) this.begin()
    if (!this.isOn) return true
    if (!urgent && !this.isItsTurn()) return false
    if (!canFit) return true
    while (queue.lacks(bytes, urgent) !== undefined && this.mayThin(urgent)) this.thin()
    if (urgent) return true
    if (queue.lacks(bytes, urgent) !== undefined) return false
    this.ordinary++
    return true
  }

  private isItsTurn(): boolean {
    this.owed += this.share
    if (this.owed < wholeRecord) return false
    this.owed--
    return true
  }

  private mayThin(urgent: boolean): boolean {
    return this.ordinary > 0 && (urgent || this.ordinary >= leastOrdinary * this.queue.size)
  }

  private thin(): void {
    demandStack()
    const gone = this.settlement.thin(isOrdinary)
    // Every second is gone, and of an odd number one more.
    this.ordinary = Math.min(this.ordinary - gone, gone)
  }

  private begin(): void {
    demandStack()
    const { queue } = this
    this.ordinary = queue.slice(0, queue.size).filter(isOrdinary).length
    this.phase = "sampled"
    queue.isWatched = true
    queue.onLeave = (records) => {
      for (const record of records) if (isOrdinary(record)) this.ordinary--
    }
  }

  private end(): void {
    this.phase = "whole"
    this.queue.isWatched = false
    this.queue.onLeave = undefined
  }

  private get isRecovered(): boolean {
    return this.queue.partTaken <= takenAtEnd
  }
}
