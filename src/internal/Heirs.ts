import type { DropReason } from "../Ledger.ts"
import { type LogRecord, ordinal } from "../LogRecord.ts"
import type { LaneOptions } from "../LogSink.ts"
import type { Outlet } from "./Capture.ts"
import type { Diagnostics } from "./Diagnostics.ts"

const longestError = 256

/** Who takes what a lane gives up: its fallback, else its dead letters, else nobody. */
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

  /** Hands records over, in one synchronous step; `false` when nobody took them. */
  take(
    records: ReadonlyArray<LogRecord>,
    reason: DropReason,
    attempts: number,
    lastError: string | undefined
  ): boolean {
    if (this.fallback !== undefined) {
      for (const record of records) this.fallback.offer(record, ordinal(record.level))
      return true
    }
    if (this.deadLetter === undefined) return false
    const error = lastError?.slice(0, longestError)
    try {
      this.deadLetter(records.map((record) => ({ record, sink: this.sink, reason, attempts, lastError: error })))
      return true
    } catch {
      this.diagnostics.report(this.sink, `the dead letters refused ${records.length} records`)
      return false
    }
  }
}
