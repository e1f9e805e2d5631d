import { type LogRecord, severityOf } from "../LogRecord.ts"
import { demandStack } from "../node/demandStack.ts"
import { type LaneQueue, warn } from "./LaneQueue.ts"
import type { Settlement } from "./Settlement.ts"
import { Turns } from "./Turns.ts"

/**
 * The part of the lane that may be taken when every record is kept again. Thinning frees
 * half of it, which does not say that the sink keeps up.
 */
const takenAtEnd = { sampled: 1 / 2, thinned: 1 / 4 }
/** Queued records make room for one that is not urgent, as long as so many of them may: to look for fewer takes too long. */
const leastOrdinary = 1 / 8

const isOrdinary = (record: LogRecord): boolean => severityOf(record.level) < warn

/**
 * What is kept of the records that find a lane full, until the sink has made room: a share
 * of the ordinary ones, those below Warn, spread evenly over all of them whenever they
 * come, and each urgent one. Where what is kept has no room, half of the ordinary
 * records in the queue make room for it: what waits becomes the thinner the older it is.
 *
 *     whole ──full──▶ sampled ──half empty──▶ whole
 *                       └──thinned──▶ thinned ──three quarters empty──▶ whole
 */
export class Sampling {
  private phase: "whole" | "sampled" | "thinned" = "whole"
  /** How many ordinary records are in the queue, and their bytes; known while it is sampled. */
  private ordinary = 0
  private ordinaryBytes = 0
  private readonly kept: Turns
  private readonly thinned = new Turns(1 / 2)
  private readonly queue: LaneQueue
  private readonly settlement: Settlement

  constructor(share: number, queue: LaneQueue, settlement: Settlement) {
    this.kept = new Turns(share)
    this.queue = queue
    this.settlement = settlement
  }

  get isOn(): boolean {
    return this.phase !== "whole"
  }

  /** Whether a record would be dropped whatever it holds, as {@link keeps} would have it. */
  drops(urgent: boolean): boolean {
    if (this.isRecovered) return false
    if (!urgent) return !this.kept.isNext
    return this.ordinary === 0 && this.queue.lacks(1, true) !== undefined
  }

  /** A record is dropped that {@link drops} has answered for. */
  dropped(): void {
    this.kept.pass()
  }

  /** Whether a record is kept, with room made for it. One that is urgent or too large may meet a bound all the same. */
  keeps(bytes: number, urgent: boolean): boolean {
    const { queue } = this
    const canFit = queue.couldHold(bytes, urgent)
    if (this.isOn && this.isRecovered) this.end()
    if (!this.isOn && canFit && queue.lacks(bytes, urgent) !== undefined) this.begin()
    if (!this.isOn) return true
    if (!urgent) {
      // One that is too large leaves its turn to the next.
      if (!canFit && this.kept.isNext) return true
      if (!this.kept.pass()) return false
    }
    if (!canFit) return true
    if (queue.lacks(bytes, urgent) !== undefined && this.canThinFor(bytes, urgent)) this.thinFor(bytes, urgent)
    if (urgent) return true
    if (queue.lacks(bytes, urgent) !== undefined) return false
    this.holds(bytes)
    return true
  }

  /** Whether the ordinary records are enough to make room. */
  private canThinFor(bytes: number, urgent: boolean): boolean {
    const { ordinary, ordinaryBytes, queue } = this
    if (!urgent && ordinary < leastOrdinary * queue.size) return false
    return queue.couldHold(queue.bytes - ordinaryBytes + bytes, urgent)
  }

  private thinFor(bytes: number, urgent: boolean): void {
    while (this.ordinary > 0 && this.queue.lacks(bytes, urgent) !== undefined) {
      demandStack()
      this.phase = "thinned"
      this.ordinary = 0
      this.ordinaryBytes = 0
      this.settlement.thin(this.goes)
    }
  }

  private readonly goes = (record: LogRecord): boolean => {
    if (!isOrdinary(record)) return false
    if (this.thinned.pass()) return true
    this.holds(record.bytes)
    return false
  }

  /** An ordinary record is in the queue, or stays there. */
  private holds(bytes: number): void {
    this.ordinary++
    this.ordinaryBytes += bytes
  }

  private begin(): void {
    demandStack()
    const { queue } = this
    const ordinary = queue.slice(0, queue.size).filter(isOrdinary)
    this.ordinary = ordinary.length
    this.ordinaryBytes = ordinary.reduce((sum, { bytes }) => sum + bytes, 0)
    this.phase = "sampled"
    queue.isWatched = true
    queue.onLeave = (records) => {
      for (const record of records) {
        if (!isOrdinary(record)) continue
        this.ordinary--
        this.ordinaryBytes -= record.bytes
      }
    }
  }

  private end(): void {
    this.phase = "whole"
    this.queue.isWatched = false
    this.queue.onLeave = undefined
  }

  /** Whether every record is to be kept. */
  private get isRecovered(): boolean {
    return this.phase === "whole" || this.queue.partTaken <= takenAtEnd[this.phase]
  }
}
