import type { SchedulerDispatcher } from "effect/Scheduler"
import type { LogRecord } from "../LogRecord.ts"
import type { LaneQueue } from "./LaneQueue.ts"
import { never } from "./WakeUp.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"

/** Which records that wait in a lane were not looked at yet, and who is told when these are many. */
export class Unswept {
  /** How many of them somebody is told of; {@link never} when nobody is. */
  many = never
  private tell: () => void = () => {}
  /** How many records had entered the lane when its queue was swept last. */
  private sweptUpTo = 0
  private readonly queue: LaneQueue
  private readonly slots: ReadonlyArray<WorkerSlot>
  private readonly dispatcher: SchedulerDispatcher

  constructor(queue: LaneQueue, slots: ReadonlyArray<WorkerSlot>, dispatcher: SchedulerDispatcher) {
    this.queue = queue
    this.slots = slots
    this.dispatcher = dispatcher
  }

  /** Who is told, in a step of its own, when there are so many that they are worth a look. */
  onMany(tell: () => void): void {
    this.tell = tell
  }

  /** Whether so many wait, in the queue or in the workers' hands. If not, it is told once they do. */
  watchForMany(count: number): boolean {
    const { queue } = this
    const inQueue = queue.entered - Math.max(this.sweptUpTo, queue.taken)
    const isMany = this.slots.reduce((sum, { unswept }) => sum + unswept, inQueue) >= count
    this.many = isMany ? never : count
    return isMany
  }

  /** The queue has grown to {@link many}: all of it, or with what was looked at before. */
  grown(): void {
    const { many } = this
    if (this.queue.entered < this.sweptUpTo + many) return
    this.many = never
    try {
      this.dispatcher.scheduleTask(this.tell, 0)
    } catch {
      this.many = many
    }
  }

  /** A slot has taken a batch. */
  taken(slot: WorkerSlot): void {
    slot.unswept = slot.isInMemoryOnly ? slot.firstPosition + slot.held - this.sweptUpTo : 0
  }

  /** The records that wait, in hand and in the queue, and were not given before, some at a time. */
  *batches(most: number): Generator<ReadonlyArray<LogRecord>> {
    const { queue } = this
    for (const slot of this.slots) {
      if (slot.unswept > 0) yield slot.sweep()
    }
    const end = queue.entered
    const start = Math.max(this.sweptUpTo, queue.taken)
    const waiting = queue.slice(start - queue.taken, end - queue.taken)
    for (let at = start; at < end; at = Math.max(at + most, queue.taken)) {
      this.sweptUpTo = Math.min(end, at + most)
      yield waiting.slice(at - start, at - start + most)
    }
  }
}
