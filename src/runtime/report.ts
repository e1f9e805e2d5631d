import type { Capture } from "../capture/Capture.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { remedyOf } from "../diagnostics/remedies.ts"
import * as Ledger from "../Ledger.ts"
import { plural } from "../record/text.ts"
import type { Lanes } from "./Lanes.ts"
import { sumOfDrops } from "./sums.ts"

/** What shutdown knows and the books do not. */
export type Outcome = Pick<Ledger.ShutdownReport, "reason" | "elapsedMillis" | "failures">

/** The report of a shutdown, from the books as they are now. */
export const reportOf = (
  capture: Capture,
  { all, fallbacks, lanes }: Lanes,
  { elapsedMillis, failures, reason }: Outcome
): Ledger.ShutdownReport => {
  const books = Object.fromEntries(all.map((lane) => [lane.name, lane.books()] as const))
  const captureBooks = capture.books()
  return {
    reason,
    elapsedMillis,
    drained: [...lanes, ...fallbacks].reduce((sum, lane) => sum + lane.drained, 0),
    balanced: Ledger.captureBalanced(captureBooks) && Object.values(books).every(settled),
    capture: captureBooks,
    lanes: books,
    failures
  }
}

const settled = (books: Ledger.LaneBooks): boolean =>
  Ledger.balanced(books) && books.queued + books.inFlight + books.retrying === 0

/** Says what of a report nobody may miss: records that were lost, and books that do not balance. */
export const announceLoss = (report: Ledger.ShutdownReport, { sinks }: Lanes, diagnostics: Diagnostics): void => {
  const counts = [
    ["capture", report.capture.rejected],
    ...Object.entries(report.lanes).map(([name, lane]) => [`lane "${name}"`, lane.dropped] as const)
  ] as const
  const where = counts.filter(([, dropped]) => Ledger.total(dropped) > 0).map(([name, dropped]) =>
    name + Ledger.reasons(dropped)
  )
  const lost = Ledger.lost(report)
  if (lost > 0) {
    const remedy = remedyOf(sumOfDrops(counts.map(([, dropped]) => dropped)))
    diagnostics.alarm(
      `${lost} ${plural(lost, "record")} ${lost === 1 ? "was" : "were"} lost: ${where.join(", ")}; ${remedy}`
    )
  }
  const marked = Object.entries(report.lanes).filter(([, lane]) => lane.marked > 0)
  if (marked.length > 0) {
    const count = marked.reduce((sum, [, lane]) => sum + lane.marked, 0)
    const lanes = marked.map(([name, lane]) => `lane "${name}" ${lane.marked}`).join(", ")
    const what = `${count} ${plural(count, "record")}`
    const markers = plural(count, "marker")
    diagnostics.announce(
      sinks.some((sink) => sink.options.map !== undefined)
        ? `a map or an encoder failed for ${what}, written as ${markers}: ${lanes}; mend what the first line about it names`
        : `an encoder did not encode ${what}, written as ${markers}: ${lanes}; mend the encoder`
    )
  }
  const incomplete = report.capture.marked
  if (incomplete > 0) {
    diagnostics.announce(
      `${incomplete} ${plural(incomplete, "record")} of events ${
        incomplete === 1 ? "has" : "have"
      } a marker in place ` +
        `of a field that its Schema did not encode; look for "[not encoded: " and "[missing: " in them, ` +
        "and mend what is logged"
    )
  }
  if (!report.balanced) {
    diagnostics.announceReport(report, "the books do not balance: please report this as a fault of effect-spillway")
  }
}
