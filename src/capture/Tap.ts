import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { passes } from "../lane/Inlet.ts"
import type { LogRecord } from "../LogRecord.ts"

/**
 * What a stream of live records is made of: a record, or how many were missed in its place.
 *
 * @category models
 * @since 0.1.0
 */
export type LiveRecord =
  | { readonly _tag: "Record"; readonly record: LogRecord }
  | { readonly _tag: "Missed"; readonly count: number }

/** Records that were missed; more are counted while it is the last element of the buffer. */
export interface Gap {
  readonly _tag: "Missed"
  count: number
}

/** What waits for who watches. Elements are made of records when they are taken: a log call makes none. */
export type Waiting = LogRecord | Gap

/** Which records somebody watches, and how many are kept for them. */
export interface TapOptions {
  /** The lowest severity. */
  readonly minimum: number
  readonly filter: ((record: LogRecord) => boolean) | undefined
  readonly capacity: number
}

/**
 * Where somebody who watches takes records. It is no lane: it has no books, and what it
 * has no room for is an element that says so. That takes the one place more than
 * `capacity` which the buffer has, so that it always stands where records were missed.
 */
export class Tap {
  readonly minimum: number
  /** Records that a full stack has kept from it, and that no element tells of yet. */
  untold = 0
  private readonly filter: ((record: LogRecord) => boolean) | undefined
  private readonly capacity: number
  private readonly buffer: Queue.Queue<Waiting, Cause.Done>
  private gap: Gap = { _tag: "Missed", count: 0 }

  private constructor(options: TapOptions, buffer: Queue.Queue<Waiting, Cause.Done>) {
    this.minimum = options.minimum
    this.filter = options.filter
    this.capacity = options.capacity
    this.buffer = buffer
  }

  static make(options: TapOptions): Effect.Effect<Tap> {
    return Effect.map(
      Queue.dropping<Waiting, Cause.Done>(options.capacity + 1),
      (buffer) => new Tap(options, buffer)
    )
  }

  /** What waits, in the order of the records. */
  get waiting(): Queue.Dequeue<Waiting, Cause.Done> {
    return this.buffer
  }

  /** Whether a record of its level would be missed, whatever it holds. */
  get isFull(): boolean {
    return this.filter === undefined && this.buffer.messages.length >= this.capacity
  }

  /** Takes a record that its filter lets through, or counts it as missed. */
  offer(record: LogRecord): void {
    if (this.filter !== undefined && !passes(this.filter, record)) return
    if (this.untold > 0) this.tell()
    if (this.buffer.messages.length < this.capacity) this.put(record)
    else this.miss(1)
  }

  /** Counts records that it has not been shown. */
  miss(count: number): void {
    if (this.buffer.messages.length > this.capacity) this.gap.count += count
    else this.put(this.gap = { _tag: "Missed", count })
  }

  /** Takes nothing any more. Who watches sees what is in it, and then the end. */
  end(): void {
    if (this.untold > 0) this.tell()
    Queue.endUnsafe(this.buffer)
  }

  private tell(): void {
    this.miss(this.untold)
    this.untold = 0
  }

  private put(element: Waiting): void {
    const { length } = this.buffer.messages
    try {
      Queue.offerUnsafe(this.buffer, element)
    } catch (error) {
      // The stack is full. What is inside is inside, and the next one wakes whom this one has not.
      this.buffer.scheduleRunning = false
      if (this.buffer.messages.length === length) throw error
    }
  }
}

/** The element that is made of what has waited. */
export const elementOf = (waiting: Waiting): LiveRecord =>
  "count" in waiting ? waiting : { _tag: "Record", record: waiting }
