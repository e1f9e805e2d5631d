/**
 * The books: what happened to every record, exactly, at every instant.
 *
 * Counters change in the same synchronous step as the state they count, so the
 * equation of {@link balanced} holds whenever anybody looks.
 *
 * **Example** (Reading the report of a shutdown)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Ledger, Logging, MemorySink } from "effect-spillway"
 *
 * const program = Effect.gen(function*() {
 *   yield* Effect.logInfo("order placed")
 *   const { shutdown } = yield* Logging.Logging
 *   return yield* shutdown
 * })
 *
 * const LoggingLive = Logging.layer({ sinks: [MemorySink.make()] })
 * const report = await Effect.runPromise(Effect.provide(program, LoggingLive))
 *
 * Ledger.lost(report) // => 0
 * console.log(Ledger.format(report))
 * // prints: shutdown: shutdown after … ms, … drained, books balanced
 * // prints:   capture: 1 offered = 1 accepted + 0 filtered + 0 rejected
 * // prints:   memory: 1 accepted, 1 delivered, 0 dropped
 * ```
 *
 * @since 0.1.0
 */
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions } from "./options/checkOptions.ts"
import { isObject } from "./record/plainData.ts"

/**
 * Why a record was not delivered. A closed set.
 *
 * **Details**
 *
 * | reason | meaning |
 * |---|---|
 * | `queue_full`, `bytes_full` | the lane had no room: `capacity`, `maxBytes` |
 * | `sampled` | the lane was full (`strategy: "sampling"`): it was not of the share that is kept, or made room for one that is |
 * | `too_large` | the sink refuses a record of this size |
 * | `encode_failed` | the call could not be captured: the stack was full, or records logged by getters were nested |
 * | `closed` | logged after shutdown began |
 * | `sink_closed` | the destination is gone for good (a closed pipe) |
 * | `rejected_by_server` | the destination refused the record for good |
 * | `retries_exhausted` | the retry schedule ended, or a synchronous write failed |
 * | `expired` | it waited on a spool for longer than `maxAge` |
 * | `spool_full`, `spool_corrupt` | the spool was full; it was damaged on disk |
 * | `shutdown_deadline` | shutdown ended before it was written |
 * | `unconfirmed` | sent, but abandoned before an answer: it may have arrived |
 *
 * @category models
 * @since 0.1.0
 */
export type DropReason = keyof typeof none

/** Each reason, with no record counted for it yet: the one list of them. */
const none = {
  queue_full: 0,
  bytes_full: 0,
  sampled: 0,
  too_large: 0,
  encode_failed: 0,
  closed: 0,
  sink_closed: 0,
  rejected_by_server: 0,
  retries_exhausted: 0,
  expired: 0,
  spool_full: 0,
  spool_corrupt: 0,
  shutdown_deadline: 0,
  unconfirmed: 0
}

const isReason = (name: string): name is DropReason => Object.hasOwn(none, name)

/**
 * Every {@link DropReason}.
 *
 * @category models
 * @since 0.1.0
 */
export const dropReasons: ReadonlyArray<DropReason> = Object.keys(none).filter(isReason)

/**
 * Counts by reason; every reason is present.
 *
 * @category models
 * @since 0.1.0
 */
export type DropCounts = Readonly<Record<DropReason, number>>

/**
 * The books of one lane. `recovered` counts what came back from disk: from a
 * spool at the start, and from dead letters that are sent again. `marked` counts
 * those of the delivered records in whose place a marker was written, because an
 * encoder of the program did not encode them, or the `map` of the sink threw.
 *
 * @category models
 * @since 0.1.0
 */
export interface LaneBooks {
  readonly accepted: number
  readonly recovered: number
  readonly delivered: number
  readonly dropped: DropCounts
  readonly deadLettered: number
  readonly queued: number
  readonly inFlight: number
  readonly retrying: number
  readonly spooled: number
  readonly restarts: number
  readonly marked: number
}

/**
 * Whether a lane works.
 *
 * **Details**
 *
 * `"degraded"`: the last write failed. `"draining"`: shutdown has begun, or it is being
 * detached. `"closed"`: it takes nothing any more.
 *
 * @category models
 * @since 0.1.0
 */
export type LaneStatus = "ok" | "degraded" | "draining" | "closed"

/**
 * The books of a lane with its present state.
 *
 * @category models
 * @since 0.1.0
 */
export interface LaneStats extends LaneBooks {
  readonly status: LaneStatus
  readonly queuedBytes: number
  readonly capacity: number
  /** Whether the breaker is open: the lane probes with its oldest batch, once a cooldown. */
  readonly breakerOpen: boolean
  readonly lastError: string | undefined
}

/**
 * The books of capture: every log call that reached the runtime.
 *
 * **Details**
 *
 * `offered = filtered + accepted + Σ rejected`. `filtered` counts calls that no
 * lane took, by level or filter, or because there is none. What a full lane drops
 * is in that lane's books, not in `rejected`. `marked` counts the records of declared
 * events that have a marker in place of a field, because its Schema did not encode it.
 *
 * @category models
 * @since 0.1.0
 */
export interface CaptureBooks {
  readonly offered: number
  readonly filtered: number
  readonly accepted: number
  readonly rejected: DropCounts
  readonly marked: number
}

/**
 * The books and the state of the runtime, now.
 *
 * @category models
 * @since 0.1.0
 */
export interface Stats {
  readonly capture: CaptureBooks
  readonly lanes: Readonly<Record<string, LaneStats>>
  /**
   * Whether every lane took its last batch, and none drains or is closed, save those that
   * were detached. It is for
   * alerts, over some minutes, and never for a liveness probe: a restart loses what is
   * queued and cures nothing. A service that can serve without its log is ready without it.
   */
  readonly healthy: boolean
}

/**
 * What shutdown did, and what became of every record.
 *
 * **Details**
 *
 * - `reason`: `"completed"`, `"failed"`, `"interrupted"`, `"shutdown"` (the
 *   service's `shutdown` was run) or the name of a signal.
 * - `elapsedMillis`: how long shutdown took.
 * - `drained`: records delivered during shutdown.
 * - `balanced`: whether the equation of {@link balanced} holds for all books.
 * - `failures`: single steps of shutdown that failed, in the order they did.
 *
 * @category models
 * @since 0.1.0
 */
export interface ShutdownReport {
  readonly reason: string
  readonly elapsedMillis: number
  readonly drained: number
  readonly balanced: boolean
  readonly capture: CaptureBooks
  readonly lanes: Readonly<Record<string, LaneBooks>>
  readonly failures: ReadonlyArray<{ readonly step: string; readonly message: string }>
}

/**
 * Returns the sum of the counts of all reasons. Throws a `RangeError` for what are none, as
 * the other functions of this module do for what is not theirs.
 *
 * @category combinators
 * @since 0.1.0
 */
export const total = (counts: DropCounts): number => {
  checkArgument("Ledger.total", "counts", aCountOfReasons, counts)
  let sum = 0
  for (const reason of dropReasons) sum += counts[reason]
  return sum
}

/**
 * Returns `true` when the books of a lane balance:
 *
 * `accepted + recovered = delivered + Σ dropped + deadLettered + queued + inFlight + retrying + spooled`
 *
 * @category combinators
 * @since 0.1.0
 */
export const balanced = (books: LaneBooks): boolean => {
  checkArgument("Ledger.balanced", "books", booksOfLane, books)
  return books.accepted + books.recovered ===
    books.delivered + total(books.dropped) + books.deadLettered + books.queued + books.inFlight + books.retrying +
      books.spooled
}

/**
 * Returns `true` when the books of capture balance:
 *
 * `offered = filtered + accepted + Σ rejected`
 *
 * @category combinators
 * @since 0.1.0
 */
export const captureBalanced = (books: CaptureBooks): boolean => {
  checkArgument("Ledger.captureBalanced", "books", booksOfCapture, books)
  return books.offered === books.filtered + books.accepted + total(books.rejected)
}

/**
 * Returns the number of records a report counts as lost, over all lanes and
 * capture.
 *
 * @category combinators
 * @since 0.1.0
 */
export const lost = (report: Pick<ShutdownReport, "capture" | "lanes">): number => {
  checkArgument("Ledger.lost", "report", allBooks, report)
  return Object.values(report.lanes).reduce((sum, lane) => sum + total(lane.dropped), total(report.capture.rejected))
}

/**
 * Renders a report for people, one line a lane.
 *
 * @category formatting
 * @since 0.1.0
 */
export const format = (report: ShutdownReport): string => {
  checkArgument("Ledger.format", "report", aReport, report)
  const { capture } = report
  const lines = [
    summary(report),
    `  capture: ${capture.offered} offered = ${capture.accepted} accepted + ${capture.filtered} filtered + ${
      total(capture.rejected)
    } rejected${reasons(capture.rejected)}${capture.marked > 0 ? `, ${capture.marked} marked` : ""}`
  ]
  for (const [name, lane] of Object.entries(report.lanes)) {
    const rest =
      (["recovered", "deadLettered", "queued", "inFlight", "retrying", "spooled", "restarts", "marked"] as const)
        .filter((key) => lane[key] > 0)
        .map((key) => `, ${lane[key]} ${key === "restarts" && lane[key] === 1 ? "restart" : key}`)
    lines.push(
      `  ${name}: ${lane.accepted} accepted, ${lane.delivered} delivered, ${total(lane.dropped)} dropped${
        reasons(lane.dropped)
      }${rest.join("")}`
    )
  }
  for (const failure of report.failures) {
    lines.push(`  ${failure.step} failed: ${failure.message}`)
  }
  return lines.join("\n")
}

/**
 * Renders a report as one line of JSON, for a log that has nothing but JSON in it: the
 * keys of the runtime's own lines (`timestamp`, `level`, `logger`, `source`, `message`),
 * and the `report` itself.
 *
 * **Details**
 *
 * Its level is `ERROR` when records were lost or the books do not balance, `WARN`
 * when a step of shutdown failed, else `INFO`. Its time is `time`, in milliseconds,
 * or now.
 *
 * @category formatting
 * @since 0.1.0
 */
export const formatJson = (
  report: ShutdownReport,
  options: { readonly time?: number | undefined; readonly message?: string | undefined } = {}
): string => {
  checkArgument("Ledger.formatJson", "report", aReport, report)
  const { message = summary(report), time = Date.now() } = checkOptions("Ledger.formatJson", jsonChecks, options)
  return JSON.stringify({
    timestamp: isoOf(new Date(time)),
    level: lost(report) > 0 || !report.balanced ? "ERROR" : report.failures.length > 0 ? "WARN" : "INFO",
    logger: "spillway",
    source: "shutdown",
    message,
    report
  })
}

/**
 * Renders the reasons that have a count, as ` (queue_full 3, closed 1)`.
 *
 * @category formatting
 * @since 0.1.0
 */
export const reasons = (counts: DropCounts): string => {
  checkArgument("Ledger.reasons", "counts", aCountOfReasons, counts)
  const named = dropReasons.filter((reason) => counts[reason] > 0).map((reason) => `${reason} ${counts[reason]}`)
  return named.length === 0 ? "" : ` (${named.join(", ")})`
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const aCountOfReasons = Check.satisfies(
  "counts of every reason, like those of a lane's dropped",
  (value) => isObject(value) && dropReasons.every((reason) => typeof value[reason] === "number")
)

const booksOfLane = Check.satisfies("the books of a lane", (value) => isObject(value) && "dropped" in value)

const booksOfCapture = Check.satisfies("the books of capture", (value) => isObject(value) && "rejected" in value)

const hasBooks = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && isObject(value["capture"]) && isObject(value["lanes"])

const allBooks = Check.satisfies("a report of shutdown, or what stats gives", hasBooks)

const aReport = Check.satisfies("a report of shutdown", (value) => hasBooks(value) && Array.isArray(value["failures"]))

const jsonChecks: Check.Checks<NonNullable<Parameters<typeof formatJson>[1]>> = {
  time: Check.aNumber,
  message: Check.anyText
}

/** A time as text; of a clock that gives none too. */
const isoOf = (time: Date): string => Number.isNaN(time.getTime()) ? "Invalid Date" : time.toISOString()

const summary = (report: ShutdownReport): string =>
  `shutdown: ${report.reason} after ${report.elapsedMillis} ms, ${report.drained} drained, books ${
    report.balanced ? "balanced" : "NOT BALANCED"
  }`

/** @internal */
export const noDrops = (): Record<DropReason, number> => ({ ...none })
