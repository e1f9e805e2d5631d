import type { DropReason } from "../Ledger.ts"
import { type LogRecord, ordinal } from "../LogRecord.ts"
import type { LaneOptions } from "../LogSink.ts"
import { type Outlet, passes } from "./Capture.ts"
import type { Diagnostics } from "./Diagnostics.ts"

const longestError = 256

/**
 * Who takes what a lane gives up: its fallback, unless it passes it by for its
 * level or filter, else its dead letters, else nobody.
 */
export class Heirs {
  private readonly sink: string
  private readonly fallback: Outlet | undefined
  private readonly deadLetter: LaneOptions["deadLetter"]
  private readonly diagnostics: Diagnostics

  constructor(
    sink: string,
    fallback: Outlet | undefined,
    deadLetter: LaneOptions["deadLetter"],
    diagnostics: Diagnostics
  ) {
    this.sink = sink
    this.fallback = fallback
    this.deadLetter = deadLetter
    this.diagnostics = diagnostics
  }

  /** Hands records over, in one synchronous step; gives those that nobody took. */
  take(
    records: ReadonlyArray<LogRecord>,
    reason: DropReason,
    attempts: number,
    lastError: string | undefined
  ): ReadonlyArray<LogRecord> {
    const left = this.fallback === undefined ? records : offerTo(this.fallback, records)
    if (this.deadLetter === undefined || left.length === 0) return left
    const error = lastError?.slice(0, longestError)
    try {
      this.deadLetter(left.map((record) => ({ record, sink: this.sink, reason, attempts, lastError: error })))
      return []
    } catch {
      this.diagnostics.report(this.sink, `the dead letters refused ${left.length} records`)
      return left
    }
  }
}

/** Offers records to an outlet; gives those it does not want. */
const offerTo = (outlet: Outlet, records: ReadonlyArray<LogRecord>): ReadonlyArray<LogRecord> =>
  records.filter((record) => {
    const order = ordinal(record.level)
    if (order < outlet.minimum || (outlet.filter !== undefined && !passes(outlet.filter, record))) return true
    outlet.offer(record, order)
    return false
  })
