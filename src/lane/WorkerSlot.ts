import type * as Duration from "effect/Duration"
import type * as Fiber from "effect/Fiber"
import type { LogRecord } from "../LogRecord.ts"
import type { LaneOptions, SinkError } from "../LogSink.ts"
import type { SpooledBatch } from "../spool/SpoolStore.ts"
import type { SinkInUse } from "./LaneSink.ts"
import type { Letter } from "./LetterTurns.ts"
import { Receipt } from "./Receipt.ts"
import type { RetryWaits } from "./RetryWaits.ts"

/** A write that runs, the sink that it is to, and how long it may take. */
export interface Write {
  readonly fiber: Fiber.Fiber<void, SinkError>
  readonly timeout: Duration.Duration
  readonly sink: SinkInUse
}

/**
 * What one worker holds, which survives the worker. `batch` is what is written
 * next or now; `rest` are the parts of a split batch that come after it. Only its
 * own methods change it.
 *
 * ```
 *          ╭────────── the next part, or the next batch ─────────╮
 *          ▾                                                     │
 *  hold ▸ idle ──began──▸ writing ──answered──▸ failed ──▸ waiting (for the next attempt)
 *                            ▴ ╰── settled ──▸    │           │
 *                            ╰───────── began ────┴───────────╯
 * ```
 */
export class WorkerSlot {
  batch: ReadonlyArray<LogRecord> = []
  readonly rest: Array<ReadonlyArray<LogRecord>> = []
  phase: "idle" | "writing" | "failed" | "waiting" = "idle"
  /**
   * The place of its first record: how many entered the lane before it, or of what came from
   * disk how many stood before it in its batch.
   */
  firstPosition = 0
  /** The places of all it holds, where some between them are settled. */
  private positions: Array<number> | undefined = undefined
  /** The places, of what is on disk, that are settled and that the disk was not told of. */
  private untold: Array<number> = []
  /** What the write says of records while it goes on. */
  receipt: Receipt | undefined = undefined
  /** The batch on disk that this one was read from. */
  spooled: SpooledBatch | undefined = undefined
  /** The dead letter that this batch and the rest are. */
  letter: Letter | undefined = undefined
  /** When it was taken, in monotonic milliseconds. */
  takenAt = 0
  attempts = 0
  drainAttempts = 0
  /** The spool did not take it. */
  unspoolable = false
  /** The sink that the batch was given to last. */
  tried: SinkInUse | undefined = undefined
  /** The options that the batch has the size of. */
  sizedBy: LaneOptions | undefined = undefined
  waits: RetryWaits | undefined = undefined
  error: SinkError | undefined = undefined
  write: Write | undefined = undefined
  worker: Fiber.Fiber<void> | undefined = undefined
  /** A write of the batch has failed without saying whether it was stored. */
  private maybeStored = false
  /** How many of the first parts in `rest` were sent as part of a batch that may have been stored. */
  private partsMaybeStored = 0
  /** How many of the last records were not swept when they came; negative when more than these were. */
  private unsweptAtEnd = 0

  get isEmpty(): boolean {
    return this.batch.length === 0
  }

  /** Where its batch is counted. */
  get place(): "inFlight" | "retrying" {
    return this.phase === "waiting" ? "retrying" : "inFlight"
  }

  /** How many records it holds, in all parts. */
  get held(): number {
    return this.rest.reduce((sum, part) => sum + part.length, this.batch.length)
  }

  /** All that it holds. */
  get parts(): ReadonlyArray<LogRecord> {
    return this.rest.length === 0 ? this.batch : [this.batch, ...this.rest].flat()
  }

  /** Whether the batch may have arrived: it is being written, or a write of it has failed without saying. */
  get maybeSent(): boolean {
    return this.phase === "writing" || this.maybeStored
  }

  /** Whether the batch is nowhere but in memory. */
  get isInMemoryOnly(): boolean {
    return this.spooled === undefined && this.letter === undefined
  }

  /** Holds a batch from the queue, or one that was held back on its way from there to disk. */
  holdQueued(batch: ReadonlyArray<LogRecord>, firstPosition: number): void {
    this.batch = batch
    this.beginAt(firstPosition)
  }

  holdSpooled(spooled: SpooledBatch): void {
    this.batch = spooled.records
    this.maybeStored = spooled.maybeSent
    this.isOnDisk(spooled)
  }

  holdLetter(letter: Letter, parts: ReadonlyArray<ReadonlyArray<LogRecord>>): void {
    this.rest.push(...parts)
    this.advance()
    this.letter = letter
    this.beginAt(0)
  }

  /** What it holds is on disk too. */
  isOnDisk(spooled: SpooledBatch): void {
    this.spooled = spooled
    this.beginAt(0)
  }

  private beginAt(position: number): void {
    this.firstPosition = position
    this.positions = undefined
    this.untold = []
  }

  /** Holds no more of what was on disk or a letter. */
  letGo(): void {
    this.letter = undefined
    this.spooled = undefined
  }

  /** An attempt begins. Gives what says of records that they are stored. */
  attempt(sink: SinkInUse, inDrain: boolean): Receipt {
    // What one sink has used up of its schedule, another has not.
    if (this.tried !== sink) this.waits = undefined
    this.tried = sink
    this.attempts++
    if (inDrain) this.drainAttempts++
    this.receipt = new Receipt()
    return this.receipt
  }

  enter(phase: "writing" | "waiting"): void {
    this.phase = phase
  }

  /** A write of the batch failed; what may succeed later stays. */
  failed(error: SinkError, maybeStored: boolean): void {
    this.phase = "failed"
    this.error = error
    this.maybeStored ||= maybeStored
  }

  /** Records at the head of the batch are settled. */
  settle(count: number): void {
    const { rest, spooled } = this
    const isAll = count === this.batch.length && rest.length === 0
    if (spooled !== undefined && !isAll) this.untold.push(...this.places.slice(0, count))
    this.release(count)
  }

  /** Gives the places that are settled since it was asked last, as long as something is left of what is on disk. */
  tellSettled(): ReadonlyArray<number> {
    return this.untold.splice(0)
  }

  /** The places of all it holds. */
  private get places(): Array<number> {
    return this.positions ?? Array.from({ length: this.held }, (_, i) => this.firstPosition + i)
  }

  /** Records at the head of the batch are no more held here. */
  release(count: number): void {
    this.positions?.splice(0, count)
    this.firstPosition = this.positions?.[0] ?? this.firstPosition + count
    if (count < this.batch.length) this.batch = this.batch.slice(count)
    else this.advance()
  }

  /**
   * Keeps some records of the batch, in their order; the others are settled, save the ones that are
   * taken out, whose places it gives.
   */
  keepOnly(kept: ReadonlyArray<LogRecord>, takenOut: ReadonlyArray<LogRecord> = []): ReadonlyArray<number> {
    const { batch, places } = this
    const isKept = counted(kept)
    const isOut = counted(takenOut)
    const out: Array<number> = []
    const settled = this.spooled === undefined ? [] : this.untold
    const left: Array<LogRecord> = []
    const positions: Array<number> = []
    for (const [i, record] of batch.entries()) {
      const place = places[i]!
      if (isKept(record)) {
        left.push(record)
        positions.push(place)
      } else if (isOut(record)) out.push(place)
      else settled.push(place)
    }
    if (left.length === 0) {
      this.release(batch.length)
    } else {
      this.positions = [...positions, ...places.slice(batch.length)]
      this.firstPosition = positions[0]!
      this.batch = left
    }
    return out
  }

  /** Splits the batch in two. */
  split(at: number): void {
    const { batch } = this
    this.part([batch.slice(0, at), batch.slice(at)])
  }

  /** Has parts of the batch in its place; each waits its turn, so the order is kept. */
  part(parts: ReadonlyArray<ReadonlyArray<LogRecord>>): void {
    this.rest.unshift(...parts)
    if (this.maybeStored) this.partsMaybeStored += parts.length
    this.advance()
  }

  /** Has a shorter record instead of the only one. */
  shorten(record: LogRecord): void {
    this.batch = [record]
    this.error = undefined
  }

  /** Has as many others instead of its records. */
  replace(batch: ReadonlyArray<LogRecord>): void {
    this.batch = batch
  }

  /** Goes on to the next part, whose attempts are its own. */
  private advance(): void {
    this.batch = this.rest.shift() ?? []
    this.phase = "idle"
    this.attempts = 0
    this.drainAttempts = 0
    this.unspoolable = false
    this.tried = undefined
    this.sizedBy = undefined
    this.waits = undefined
    this.error = undefined
    this.write = undefined
    this.receipt = undefined
    this.maybeStored = this.partsMaybeStored > 0
    if (this.maybeStored) this.partsMaybeStored--
  }

  /** How many of the records it holds were not swept. */
  get unswept(): number {
    return Math.max(0, Math.min(this.unsweptAtEnd, this.held))
  }

  set unswept(count: number) {
    this.unsweptAtEnd = count
  }

  /** Gives the records that were not swept, which are from now on. */
  sweep(): ReadonlyArray<LogRecord> {
    const records = this.parts.slice(this.held - this.unswept)
    this.unswept = 0
    return records
  }
}

/** Asks whether a record is one of these, as often as it is there: two lanes may have given it up to one fallback. */
const counted = (records: ReadonlyArray<LogRecord>): (record: LogRecord) => boolean => {
  const left = new Map<LogRecord, number>()
  for (const record of records) left.set(record, (left.get(record) ?? 0) + 1)
  return (record) => {
    const count = left.get(record) ?? 0
    left.set(record, count - 1)
    return count > 0
  }
}
