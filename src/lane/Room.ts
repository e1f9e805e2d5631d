import * as Effect from "effect/Effect"
import type { LaneQueue } from "./LaneQueue.ts"

/** The part of a lane that may be taken when it has room. */
const mostTaken = 1 / 2
/** The part that may be taken when those who wait for room go on. */
const takenAtWake = 1 / 4

/**
 * Who waits for room in a lane. It has room while no more than half of it is taken;
 * whoever has to wait goes on when no more than a quarter is, so that a program that
 * waits before each record does not do so for each. Room is asked for once a turn:
 * who came first goes first.
 *
 *     open ──end──▶ ended, and in nobody's way
 */
export class Room {
  private phase: "open" | "ended" = "open"
  private readonly queue: LaneQueue
  private readonly waiting: Array<{ readonly turn: number; readonly goOn: () => void }> = []
  private spoolTaken: () => number | undefined = () => undefined

  constructor(queue: LaneQueue) {
    this.queue = queue
  }

  /** Has what is taken of a spool count; of the queue, while the disk does not take what is queued. */
  attach(spoolTaken: () => number | undefined): void {
    this.spoolTaken = spoolTaken
  }

  get isAwaited(): boolean {
    return this.waiting.length > 0
  }

  /** Whether there is room and nobody waits for it. */
  get isFree(): boolean {
    return this.phase === "ended" || (!this.isAwaited && this.taken <= mostTaken)
  }

  /** Waits until there is room, in a step of its own: what makes room may be a log call. */
  wait(turn: number): Effect.Effect<void> {
    const waits = Effect.callback<void>((resume) => {
      const waiter = { turn, goOn: () => resume(Effect.void) }
      this.waiting.push(waiter)
      this.look()
      return Effect.sync(() => {
        const index = this.waiting.indexOf(waiter)
        if (index !== -1) this.waiting.splice(index, 1)
      })
    })
    return Effect.andThen(waits, Effect.yieldNow)
  }

  /** Something has left the lane. */
  look(): void {
    if (this.isAwaited && (this.phase === "ended" || this.taken <= takenAtWake)) this.tellAll()
  }

  end(): void {
    this.phase = "ended"
    this.tellAll()
  }

  private tellAll(): void {
    for (const { goOn } of this.waiting.splice(0).toSorted((one, other) => one.turn - other.turn)) goOn()
  }

  /** The part of the lane that is taken: of its spool while that takes what is queued, else of its queue. */
  private get taken(): number {
    return this.spoolTaken() ?? this.queue.partTaken
  }
}
