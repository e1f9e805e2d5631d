import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { DropReason } from "../Ledger.ts"
import { type LogRecord, severityOf } from "../LogRecord.ts"
import type { DeadLetter, LaneOptions } from "../LogSink.ts"
import { unawaited } from "../options/unawaited.ts"
import { plural, shortened } from "../record/text.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"
import { type Inlet, passes } from "./Inlet.ts"
import type { Letter } from "./LetterTurns.ts"

const longestError = 512

/** What is said of records that are given up together. */
export interface Giving {
  readonly reason: DropReason
  readonly attempts?: number | undefined
  readonly lastError?: string | undefined
  /** The dead letter that they were. */
  readonly letter?: Letter | undefined
}

/**
 * Who takes what a lane gives up: its fallback, unless it passes it by for its
 * level or filter, else its dead letters, else those they came from, else nobody.
 */
export class GivenUp {
  private readonly sink: string
  private readonly fallback: Inlet | undefined
  private readonly deadLetter: LaneOptions["deadLetter"]
  private readonly diagnostics: Diagnostics

  constructor(
    sink: string,
    fallback: Inlet | undefined,
    deadLetter: LaneOptions["deadLetter"],
    diagnostics: Diagnostics
  ) {
    this.sink = sink
    this.fallback = fallback
    this.deadLetter = deadLetter
    this.diagnostics = diagnostics
  }

  get any(): boolean {
    return this.fallback !== undefined || this.deadLetter !== undefined
  }

  /** Hands records over, in one synchronous step; gives the number of those that nobody took. */
  take(records: ReadonlyArray<LogRecord>, giving: Giving): number {
    const left = this.fallback === undefined ? records : offerTo(this.fallback, records)
    if (left.length === 0) return 0
    const letters = this.lettersOf(left, giving)
    if (this.isTaken(letters)) return 0
    if (this.deadLetter !== undefined) {
      this.diagnostics.report(
        this.sink,
        `the dead letters refused ${left.length} ${plural(left.length, "record")}, which are dropped: ` +
          "give the dead letters more room, or the sink a fallback"
      )
    }
    if (giving.letter === undefined) return left.length
    giving.letter.keep(letters)
    return 0
  }

  /** Has a copy of a batch kept of which so many records are refused, and the others stored. A fallback would store them twice. */
  copy(batch: ReadonlyArray<LogRecord>, partial: number, giving: Giving): void {
    const letters = this.lettersOf(batch, giving, partial)
    if (this.isTaken(letters)) return
    if (this.deadLetter !== undefined) {
      this.diagnostics.report(
        this.sink,
        `the dead letters refused a copy of ${batch.length} ${plural(batch.length, "record")}, which are counted: ` +
          "give the dead letters more room"
      )
    }
    giving.letter?.keep(letters)
  }

  private lettersOf(
    records: ReadonlyArray<LogRecord>,
    { attempts = 0, lastError, reason }: Giving,
    partial?: number
  ): ReadonlyArray<DeadLetter> {
    const error = lastError === undefined ? undefined : shortened(withoutCredentials(lastError), longestError)
    return records.map((record) => ({ record, sink: this.sink, reason, attempts, lastError: error, partial }))
  }

  /** Whether the dead letters took some. */
  private isTaken(letters: ReadonlyArray<DeadLetter>): boolean {
    if (this.deadLetter === undefined) return false
    try {
      const given: unknown = this.deadLetter(letters)
      unawaited(given)
      return true
    } catch {
      return false
    }
  }
}

/** Offers records to an inlet; gives those it does not want. */
const offerTo = (inlet: Inlet, records: ReadonlyArray<LogRecord>): ReadonlyArray<LogRecord> =>
  records.filter((record) => {
    const severity = severityOf(record.level)
    if (severity < inlet.minimum || (inlet.filter !== undefined && !passes(inlet.filter, record))) return true
    inlet.offer(record, severity)
    return false
  })
