import type * as Fiber from "effect/Fiber"
import type { LogRecord } from "../LogRecord.ts"
import type { SinkError } from "../LogSink.ts"
import type { SpooledBatch } from "../spool/SpoolStore.ts"
import type { Letter } from "./LetterTurns.ts"
import type { RetryWaits } from "./RetryWaits.ts"

/**
 * One worker's place: what it holds survives the worker. `batch` is what is
 * written next or now; `rest` are the parts of a split batch that come after it.
 */
export class WorkerSlot {
  batch: ReadonlyArray<LogRecord> = []
  readonly rest: Array<ReadonlyArray<LogRecord>> = []
  /** How many records entered the lane before this batch; `Infinity` when it came from disk. */
  firstPosition = 0
  /** How many of the last records were not swept when they came; negative when more than these were. */
  private unsweptAtEnd = 0
  /** The batch on disk that this one was read from. */
  spooled: SpooledBatch | undefined = undefined
  /** The dead letter that this batch and the rest are. */
  letter: Letter | undefined = undefined
  takenAt = 0
  attempts = 0
  shortened = false
  phase: "idle" | "writing" | "waiting" = "idle"
  waits: RetryWaits | undefined = undefined
  drainAttempts = 0
  maybeStored = false
  /** How many of the first parts in `rest` were sent as part of a batch that may have been stored. */
  private partsMaybeStored = 0
  /** The spool did not take it. */
  refused = false
  error: SinkError | undefined = undefined
  write: Fiber.Fiber<void, SinkError> | undefined = undefined
  worker: Fiber.Fiber<void> | undefined = undefined

  /** Goes on to the next part, whose attempts are its own. */
  advance(): void {
    this.batch = this.rest.shift() ?? []
    this.phase = "idle"
    this.attempts = 0
    this.shortened = false
    this.waits = undefined
    this.drainAttempts = 0
    this.maybeStored = this.partsMaybeStored > 0
    if (this.maybeStored) this.partsMaybeStored--
    this.refused = false
    this.error = undefined
    this.write = undefined
  }

  /** Splits the batch in two; the second part waits its turn, so the order is kept. */
  split(at: number): void {
    const { batch } = this
    this.rest.unshift(batch.slice(0, at), batch.slice(at))
    if (this.maybeStored) this.partsMaybeStored += 2
    this.advance()
  }

  /** Whether the batch may have arrived: it is being written, or a write of it has failed without saying. */
  get maybeSent(): boolean {
    return this.phase === "writing" || this.maybeStored
  }

  /** Whether the batch is nowhere but in memory. */
  get isInMemoryOnly(): boolean {
    return this.spooled === undefined && this.letter === undefined
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
    const records = [this.batch, ...this.rest].flat().slice(this.held - this.unswept)
    this.unswept = 0
    return records
  }

  get held(): number {
    return this.rest.reduce((sum, part) => sum + part.length, this.batch.length)
  }
}
