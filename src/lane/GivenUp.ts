import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { DropReason } from "../Ledger.ts"
import { type LogRecord, severityOf } from "../LogRecord.ts"
import type { LaneOptions } from "../LogSink.ts"
import { plural, shortened } from "../record/text.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"
import { type Inlet, passes } from "./Inlet.ts"
import type { Letter } from "./LetterTurns.ts"

const longestError = 512

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
  take(
    records: ReadonlyArray<LogRecord>,
    reason: DropReason,
    attempts: number,
    lastError: string | undefined,
    letter: Letter | undefined
  ): number {
    const left = this.fallback === undefined ? records : offerTo(this.fallback, records)
    if (left.length === 0) return 0
    const error = lastError === undefined ? undefined : shortened(withoutCredentials(lastError), longestError)
    const letters = left.map((record) => ({ record, sink: this.sink, reason, attempts, lastError: error }))
    if (this.deadLetter !== undefined) {
      try {
        this.deadLetter(letters)
        return 0
      } catch {
        this.diagnostics.report(
          this.sink,
          `the dead letters refused ${left.length} ${plural(left.length, "record")}, which are dropped: ` +
            "give the dead letters more room, or the sink a fallback"
        )
      }
    }
    if (letter === undefined) return left.length
    letter.keep(letters)
    return 0
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
