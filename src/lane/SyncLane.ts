import * as Effect from "effect/Effect"
import { withCauses } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { DropReason, LaneBooks, LaneStats } from "../Ledger.ts"
import { type LogRecord, severityOf } from "../LogRecord.ts"
import { defaults, type LaneOptions, type LogSink, SinkError } from "../LogSink.ts"
import { boundOf } from "../options/level.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"
import { answerOf } from "./answers.ts"
import { GivenUp } from "./GivenUp.ts"
import type { Inlet } from "./Inlet.ts"
import { LaneCounters } from "./LaneCounters.ts"
import { LaneSink } from "./LaneSink.ts"
import type { LaneHooks } from "./LaneState.ts"
import { LargeRecords } from "./LargeRecords.ts"
import type { Letter, NextLetter, Replayable, Sent } from "./LetterTurns.ts"

/** A sink that can be written in a log call. */
export interface SyncSink extends LogSink {
  readonly writeSync: NonNullable<LogSink["writeSync"]>
}

export const isSyncSink = (sink: LogSink): sink is SyncSink => sink.writeSync !== undefined

/**
 * A lane without queue or worker: each record is written before the log call
 * returns. For `LOGGING_QUEUE_ENABLED=false` and for tests.
 */
export class SyncLane implements Inlet, Replayable {
  readonly name: string
  minimum: number
  filter: ((record: LogRecord) => boolean) | undefined
  options: LaneOptions
  private readonly sink: LaneSink
  private readonly diagnostics: Diagnostics
  private readonly givenUp: GivenUp
  private readonly large: LargeRecords
  private readonly hooks: Pick<LaneHooks, "onTake" | "onChange">
  readonly counters = new LaneCounters()
  private closed = false
  private lastError: string | undefined = undefined

  constructor(
    sink: SyncSink,
    diagnostics: Diagnostics,
    hooks: Pick<LaneHooks, "onTake" | "onChange">,
    fallback?: Inlet
  ) {
    const options = { ...defaults, ...sink.options }
    this.name = sink.name
    this.minimum = severityOf(boundOf(options.minimumLevel))
    this.filter = options.filter
    this.options = options
    this.sink = new LaneSink(sink)
    this.diagnostics = diagnostics
    this.large = new LargeRecords(this.sink)
    this.givenUp = new GivenUp(sink.name, fallback, options.deadLetter, diagnostics)
    this.hooks = hooks
  }

  /** Its writes run code of the program: whoever offers to it has to be prepared. */
  hasRoomFor(): boolean {
    return false
  }

  accept(record: LogRecord): void {
    this.offer(record)
  }

  isFull(): boolean {
    return false
  }

  refuse(): void {
    throw new Error("a lane without a queue is never full")
  }

  offer(record: LogRecord): void {
    if (this.closed) this.counters.refuse("closed")
    else this.counters.during("accepted", "inFlight", "encode_failed", () => this.fateOf(record))
  }

  send(next: NextLetter): Effect.Effect<Sent> {
    // The program has its turn between two letters.
    return Effect.map(Effect.yieldNow, () => {
      if (this.closed) return "ended"
      const letter = next()
      if (letter === undefined) return "none"
      for (const record of letter.records) {
        this.counters.during("recovered", "inFlight", "retries_exhausted", () => this.fateOf(record, letter))
      }
      letter.settle()
      return "settled"
    })
  }

  /** Writes a record, and gives what became of it. On a stack that is full every step may throw: what nobody took is lost. */
  private fateOf(record: LogRecord, letter?: Letter): "delivered" | "deadLettered" | DropReason {
    let reason: DropReason = "retries_exhausted"
    try {
      const fitted = this.large.fit([record])
      const [fit = record] = fitted?.batch ?? []
      const fate = fitted === undefined || fitted.tooLarge.length === 0 ? this.written(fit) : "too_large"
      if (fate === "delivered") return fate
      reason = fate
      const lost = this.givenUp.take([record], { reason, attempts: 1, lastError: this.lastError, letter })
      return lost === 0 ? "deadLettered" : reason
    } catch {
      return reason
    }
  }

  private written(record: LogRecord): "delivered" | DropReason {
    const before = this.lastError
    try {
      this.hooks.onTake()
      this.sink.writeSync?.([record])
      this.lastError = undefined
      return "delivered"
    } catch (error) {
      this.lastError = error instanceof Error
        ? withoutCredentials(withCauses(error.message, error))
        : "the synchronous write threw"
      this.diagnostics.report(
        this.name,
        `a synchronous write failed: ${this.lastError}; it is not tried again: a queue would try it`
      )
      return error instanceof SinkError ? fateAfter(error, record) : "retries_exhausted"
    } finally {
      try {
        if (this.lastError !== before) this.hooks.onChange()
      } catch {
        // Where the stack has no room for it, who watches looks at the next change.
      }
    }
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
    return this.counters.books(0, this.sink.marked)
  }

  get inlet(): Inlet {
    return this
  }

  get healthy(): boolean {
    return !this.closed && this.lastError === undefined
  }

  get isOpen(): boolean {
    return !this.closed
  }

  /** Goes by another level and filter from now on. What is said of batches means nothing here. */
  change(options: Partial<LaneOptions>): void {
    this.options = { ...this.options, ...options }
    this.minimum = severityOf(boundOf(this.options.minimumLevel))
    this.filter = this.options.filter
  }

  /** Has the next record written to another sink. */
  replace(sink: SyncSink): Effect.Effect<void> {
    this.lastError = undefined
    this.hooks.onChange()
    return this.sink.replace(sink)
  }

  /** Refuses records from now on. */
  end(): void {
    this.closed = true
    this.hooks.onChange()
  }

  /** The same, when a write in which the process was ended does not return. */
  close(): void {
    this.end()
    this.counters.drop("inFlight", "unconfirmed", this.counters.inFlight)
  }
}

/** What becomes of a record that is not tried again. */
const fateAfter = (error: SinkError, record: LogRecord): "delivered" | DropReason => {
  const { move } = answerOf({ _tag: "Failed", error }, { batch: [record], short: true })
  switch (move._tag) {
    case "Sort":
      if (move.refused.length > 0) return "rejected_by_server"
      return move.again.length > 0 ? "retries_exhausted" : "delivered"
    case "Count":
      return move.refused > 0 ? "rejected_by_server" : "delivered"
    case "GiveUp":
      return move.reason
    case "Close":
      return "sink_closed"
    default:
      return "retries_exhausted"
  }
}
