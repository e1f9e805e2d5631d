import type { LaneStats } from "../Lane.ts"
import { type LaneBooks, LaneCounters } from "../Ledger.ts"
import { type LogRecord, ordinal } from "../LogRecord.ts"
import { defaults, type LogSink } from "../LogSink.ts"
import type { Outlet } from "./Capture.ts"
import type { Diagnostics } from "./Diagnostics.ts"
import { Heirs } from "./Heirs.ts"

/**
 * A lane without queue or worker: each record is written before the log call
 * returns. For `LOGGING_QUEUE_ENABLED=false` and for tests.
 */
export class SyncLane implements Outlet {
  readonly name: string
  readonly minimum: number
  readonly filter: ((record: LogRecord) => boolean) | undefined
  private readonly write: (batch: ReadonlyArray<LogRecord>) => void
  private readonly diagnostics: Diagnostics
  private readonly heirs: Heirs
  private readonly onWrite: () => void
  private readonly counters = new LaneCounters()
  private closed = false
  private lastError: string | undefined = undefined

  constructor(
    sink: LogSink,
    write: (batch: ReadonlyArray<LogRecord>) => void,
    diagnostics: Diagnostics,
    onWrite: () => void,
    fallback?: Outlet
  ) {
    const options = { ...defaults, ...sink.options }
    this.name = sink.name
    this.minimum = ordinal(options.minimumLevel)
    this.filter = options.filter
    this.write = write
    this.diagnostics = diagnostics
    this.heirs = new Heirs(sink.name, fallback, options.deadLetter, diagnostics)
    this.onWrite = onWrite
  }

  isFull(): boolean {
    return false
  }

  refuse(): void {
    throw new Error("a lane without a queue is never full")
  }

  offer(record: LogRecord): void {
    this.counters.accepted++
    if (this.closed) {
      this.counters.dropped.closed++
      return
    }
    this.onWrite()
    try {
      this.write([record])
      this.counters.delivered++
      this.lastError = undefined
    } catch (error) {
      this.lastError = error instanceof Error ? error.message : "the synchronous write threw"
      this.diagnostics.report(this.name, `a synchronous write failed: ${this.lastError}`)
      this.giveUp(record, this.lastError)
    }
  }

  private giveUp(record: LogRecord, error: string): void {
    const left = this.heirs.take([record], "retries_exhausted", 1, error)
    if (left.length === 0) this.counters.deadLettered++
    else this.counters.dropped.retries_exhausted++
  }

  stats(): LaneStats {
    return {
      ...this.books(),
      status: this.closed ? "closed" : this.lastError === undefined ? "ok" : "degraded",
      queuedBytes: 0,
      capacity: 0,
      breakerOpen: false,
      lastError: this.lastError
    }
  }

  books(): LaneBooks {
    return this.counters.books(0)
  }

  get outlet(): Outlet {
    return this
  }

  get healthy(): boolean {
    return !this.closed && this.lastError === undefined
  }

  close(): void {
    this.closed = true
  }
}
