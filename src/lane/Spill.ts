import type * as Effect from "effect/Effect"
import type { SchedulerDispatcher } from "effect/Scheduler"
import type { DropReason } from "../Ledger.ts"
import { unanswered } from "./answers.ts"
import type { LaneQueue } from "./LaneQueue.ts"
import type { LaneSpool } from "./LaneSpool.ts"
import type { Settlement } from "./Settlement.ts"
import { never } from "./WakeUp.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"

/** What a spill moves between. */
interface Between {
  readonly spool: LaneSpool
  readonly queue: LaneQueue
  readonly slots: ReadonlyArray<WorkerSlot>
  readonly settlement: Settlement
  readonly dispatcher: SchedulerDispatcher
  /** Most records, and bytes, that are moved at once. */
  fullSize: number
  fullBytes: number
  /** Most records that are sent at once. */
  maxBatchSize: number
  /** There is more to be sent. */
  readonly wake: () => void
}

/**
 * Moves what waits in memory to disk and back: the queue when it is nearly full,
 * or always; what the workers hold when an outage lasts or the lane ends. What is
 * on disk is settled: safe, though not yet delivered. It is sent before what is
 * queued.
 */
export class Spill {
  /** How full the queue is when it is moved to disk. */
  size = never
  bytes = never
  private readonly between: Between
  private isScheduled = false
  /** What had entered the queue when a slot was filled last. */
  private entered = 0

  constructor(between: Between) {
    const { settlement, spool, wake } = between
    this.between = between
    this.resize(between)
    settlement.attach(spool)
    settlement.room.attach(() => spool.taken)
    spool.whenSmaller(() => settlement.tellWaiting())
    spool.whenItMayTake(() => this.again())
    spool.whenMoreIsToSend(wake)
  }

  /** Moves so many at once from now on, of a queue that may hold more or less than before. */
  resize({ fullBytes, fullSize, maxBatchSize }: Pick<Between, "fullBytes" | "fullSize" | "maxBatchSize">): void {
    const { between } = this
    const { queue, spool } = between
    between.fullSize = fullSize
    between.fullBytes = fullBytes
    between.maxBatchSize = maxBatchSize
    this.size = spool.spillsAt(queue.openCapacity)
    this.bytes = spool.spillsAt(queue.openBytes)
    spool.keep(queue.openBytes)
  }

  /** Begins what keeps the spool, until it is closed. */
  get maintain(): Effect.Effect<void> {
    return this.between.spool.maintain
  }

  /** Records on disk, or on their way to it, that no worker holds. */
  get waiting(): number {
    return this.between.spool.waiting
  }

  get isDue(): boolean {
    const { queue } = this.between
    return queue.size >= this.size || queue.bytes >= this.bytes
  }

  /** Moves the queue to disk in a step of its own. */
  schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    try {
      this.between.dispatcher.scheduleTask(this.run, 0)
    } catch {
      this.isScheduled = false
    }
  }

  private readonly run = (): void => {
    this.now()
    this.between.wake()
  }

  /** Moves the queue to disk. */
  now(): void {
    const { fullBytes, fullSize, queue, settlement, spool } = this.between
    this.isScheduled = false
    while (spool.admits() && queue.size > 0 && this.isNext()) {
      const firstPosition = queue.taken
      spool.take(queue.takeBatch(fullSize, fullBytes), firstPosition)
    }
    settlement.tellWaiting()
  }

  /** The disk may take what it did not take before. */
  private again(): void {
    const { settlement, slots, spool } = this.between
    for (const slot of slots) slot.unspoolable = false
    if (spool.admits() && this.isDue) this.now()
    settlement.tellWaiting()
  }

  /** What a worker holds is older than the queue: in a lane that keeps the order it goes on disk first. */
  private isNext(): boolean {
    const { slots: [slot, other], spool } = this.between
    if (slot === undefined || other !== undefined || slot.isEmpty || !slot.isInMemoryOnly) return true
    if (!slot.unspoolable) slot.unspoolable = !spool.hold(slot)
    return !slot.unspoolable
  }

  /** Moves the oldest batch on disk into a slot; `false` when the queue may be taken from instead. */
  fill(slot: WorkerSlot): boolean {
    const { fullBytes, spool } = this.between
    if (spool.mode === "always") this.now()
    const most = { records: this.batchSize(), bytes: fullBytes }
    // What cannot be read now is older than the queue, which waits behind it.
    if (!spool.fill(slot, most)) return spool.waiting > 0
    // What was held back has kept the queue off the disk.
    if (this.isDue) this.schedule()
    return true
  }

  /**
   * How many records are to be sent next: twice as many as came since the last time. A program
   * that logs more in a turn of the event loop than is sent in it would never be caught up with.
   */
  private batchSize(): number {
    const { fullSize, maxBatchSize, queue: { entered } } = this.between
    const came = entered - this.entered
    this.entered = entered
    return Math.min(maxBatchSize, Math.max(fullSize, 2 * came))
  }

  /** Puts all that a slot holds on the spool; `false` when the slot keeps it, because the disk does not take it. */
  shelve(slot: WorkerSlot): boolean {
    const { settlement, spool } = this.between
    if (!spool.takeFrom(slot)) return false
    while (!slot.isEmpty) slot.release(slot.batch.length)
    settlement.tellWaiting()
    return true
  }

  /**
   * Takes everything that is not delivered out of the workers' hands and puts it
   * on the spool; what it does not take is given up.
   */
  park(reason: DropReason): void {
    const { settlement, slots, spool } = this.between
    // What stays where it is on disk comes last: it must not be dropped to make room for the others.
    this.now()
    for (const slot of slots) if (slot.spooled === undefined) this.parkSlot(slot, reason)
    for (const slot of slots) this.parkSlot(slot, reason)
    settlement.giveUpRecords("inFlight", spool.letGo(), { reason })
    settlement.giveUpQueued(reason)
  }

  /**
   * Puts what a slot holds on the spool, where it stays if it came from there and
   * had not to make room. A dead letter does not wait there.
   */
  private parkSlot(slot: WorkerSlot, reason: DropReason): void {
    const { settlement, spool } = this.between
    const isGone = slot.spooled !== undefined && !spool.holds(slot.spooled)
    while (!slot.isEmpty) {
      if (!settlement.acknowledge(slot)) continue
      if (!isGone && slot.letter === undefined && spool.park(slot)) slot.release(slot.batch.length)
      else settlement.giveUp(slot, unanswered(isGone ? "spool_full" : reason, slot.maybeSent))
    }
    slot.letGo()
    settlement.tellWaiting()
  }

  close(): void {
    this.between.spool.close()
  }
}
