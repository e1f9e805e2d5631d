import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as MutableList from "effect/MutableList"
import * as Queue from "effect/Queue"
import { type LogRecord, severityOf } from "../LogRecord.ts"

/** The lowest severity that is urgent. */
export const warn = severityOf("Warn")

/** Most records that a queue holds, and most bytes. */
interface Bounds {
  readonly capacity: number
  readonly maxBytes: number
}

/**
 * The queue of a lane: Effect's own, dropping, bounded by the lane's capacity.
 * Ended, it takes no offer any more and gives what is inside. Around it is what
 * it has not: a bound in bytes, a tenth of both bounds kept for what is urgent,
 * room made by giving up the oldest, and a count of what has left.
 *
 * What is inside is taken in one synchronous step with whoever counts and holds
 * it: no fiber that could be interrupted stands between.
 */
export class LaneQueue {
  /** The bytes of what is inside. */
  bytes = 0
  /** How many records have left it. */
  taken = 0
  /** The bounds for what is not urgent. */
  openCapacity: number
  openBytes: number
  capacity: number
  maxBytes: number
  /** Is told which records leave it other than by making room. */
  onLeave: ((records: ReadonlyArray<LogRecord>) => void) | undefined = undefined
  /** The records that it holds when a further one is to be looked at first. */
  private freeCapacity: number
  private looksAtEach = false
  private readonly queue: Queue.Queue<LogRecord, Cause.Done>
  private readonly inside: MutableList.MutableList<LogRecord>

  constructor(queue: Queue.Queue<LogRecord, Cause.Done>, maxBytes: number) {
    this.queue = queue
    this.inside = queue.messages
    this.capacity = queue.capacity
    this.maxBytes = maxBytes
    this.openCapacity = withoutReserve(queue.capacity)
    this.freeCapacity = this.openCapacity
    this.openBytes = withoutReserve(maxBytes)
  }

  static readonly make = (bounds: Bounds): Effect.Effect<LaneQueue> =>
    Effect.map(
      Queue.dropping<LogRecord, Cause.Done>(bounds.capacity),
      (queue) => new LaneQueue(queue, bounds.maxBytes)
    )

  /** Has other bounds from now on. What is inside stays there, be it more than they allow. */
  resize({ capacity, maxBytes }: Bounds): void {
    this.queue.capacity = capacity
    this.capacity = capacity
    this.maxBytes = maxBytes
    this.openCapacity = withoutReserve(capacity)
    this.openBytes = withoutReserve(maxBytes)
    this.isWatched = this.looksAtEach
  }

  get size(): number {
    return this.inside.length
  }

  /** How many records have ever entered it. */
  get entered(): number {
    return this.taken + this.inside.length
  }

  /** Has every record looked at before it enters. */
  set isWatched(isWatched: boolean) {
    this.looksAtEach = isWatched
    this.freeCapacity = isWatched ? 0 : this.openCapacity
  }

  /** Whether it takes a record of so many bytes that is not urgent, and nobody wants to look at it. */
  hasRoomFor(bytes: number): boolean {
    return this.inside.length < this.freeCapacity && this.bytes <= this.openBytes - bytes &&
      this.queue.state._tag === "Open"
  }

  /** The part of it that is taken: of its records or of its bytes, whichever is more, as what is not urgent sees it. */
  get partTaken(): number {
    return Math.max(this.inside.length / this.openCapacity, this.bytes / this.openBytes)
  }

  /** Whether it takes a record that is not urgent, however small. */
  get hasRoom(): boolean {
    return this.inside.length < this.openCapacity && this.bytes < this.openBytes
  }

  /** Which bound a record of so many bytes meets; nothing when it has room. */
  lacks(bytes: number, urgent: boolean): "queue_full" | "bytes_full" | undefined {
    if (this.inside.length >= (urgent ? this.capacity : this.openCapacity)) return "queue_full"
    return this.bytes + bytes > (urgent ? this.maxBytes : this.openBytes) ? "bytes_full" : undefined
  }

  /** Whether it meets a bound that Effect's queue does not know: that in bytes, or of what is not urgent. */
  reserves(bytes: number, urgent: boolean): boolean {
    return this.inside.length < this.capacity && this.lacks(bytes, urgent) !== undefined
  }

  /** Why Effect's queue has not taken a record. */
  get refusal(): "queue_full" | "closed" {
    return this.queue.state._tag === "Open" ? "queue_full" : "closed"
  }

  /** Puts in a record that meets no bound of ours; `false` when Effect's queue is full or was ended. */
  offer(record: LogRecord): boolean {
    const { length } = this.inside
    try {
      if (!Queue.offerUnsafe(this.queue, record)) return false
    } catch (error) {
      // The stack is full. What is inside is inside, whatever was to be done after that, and what is gone is gone.
      if (this.inside.length === length) throw error
    }
    this.bytes += record.bytes
    return true
  }

  /** Whether giving up what is inside would make room for so many bytes. */
  couldHold(bytes: number, urgent: boolean): boolean {
    return bytes <= (urgent ? this.maxBytes : this.openBytes)
  }

  /** Takes the oldest record. */
  takeOldest(): LogRecord | undefined {
    const [oldest] = MutableList.toArrayN(this.inside, 1)
    if (oldest === undefined) return undefined
    const { length } = this.inside
    try {
      Queue.takeUnsafe(this.queue)
    } catch (error) {
      if (this.inside.length === length) throw error
    }
    this.taken++
    this.bytes -= oldest.bytes
    return oldest
  }

  /** Takes the oldest records: so many, and so many bytes with the last of them. */
  takeBatch(mostRecords: number, mostBytes: number): ReadonlyArray<LogRecord> {
    if (this.bytes <= mostBytes) return this.take(mostRecords)
    const oldest = MutableList.toArrayN(this.inside, mostRecords)
    let count = 0
    for (let bytes = 0; count < oldest.length && bytes < mostBytes; count++) bytes += oldest[count]!.bytes
    return this.take(count)
  }

  takeAll(): ReadonlyArray<LogRecord> {
    return this.take(this.size)
  }

  private take(count: number): ReadonlyArray<LogRecord> {
    if (count === 0 || this.size === 0) return none
    const taken = Effect.runSync(Queue.takeBetween(this.queue, 1, count))
    this.taken += taken.length
    if (this.size === 0) this.bytes = 0
    else for (const { bytes } of taken) this.bytes -= bytes
    this.onLeave?.(taken)
    return taken
  }

  /** Takes those records that are to go, from the oldest on; gives the places they had. */
  thin(goes: (record: LogRecord) => boolean): ReadonlyArray<number> {
    const places: Array<number> = []
    MutableList.filter(this.inside, (record, place) => {
      if (!goes(record)) return true
      places.push(place)
      this.bytes -= record.bytes
      return false
    })
    this.taken += places.length
    return places
  }

  /** The records from one place up to another, which stay inside. */
  slice(from: number, to: number): ReadonlyArray<LogRecord> {
    return MutableList.toArrayN(this.inside, to).slice(from)
  }

  /** Takes no offer from now on. */
  end(): void {
    Queue.endUnsafe(this.queue)
  }
}

const none: ReadonlyArray<LogRecord> = []

/** A tenth of every bound is kept for Warn and above. */
const withoutReserve = (bound: number): number => bound - Math.floor(bound / 10)
