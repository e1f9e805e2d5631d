import * as Data from "effect/Data"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { type DurationInput, parseDuration } from "../options/duration.ts"

/**
 * Why a write failed, which decides what the lane does next.
 *
 * **Details**
 *
 * - `Unavailable`: not now. Retried under the lane's schedule.
 * - `Rejected`: refused for good.
 * - `TooLarge`: the batch is too big for the destination.
 * - `Misconfigured`: it cannot work before somebody changes something (a wrong
 *   credential, a missing folder). Retried at least 30 s apart for as long as the
 *   program runs; the data is kept.
 * - `Closed`: the destination is gone for good (a closed pipe). The lane closes
 *   and counts everything from then on as `sink_closed`.
 *
 * @category errors
 * @since 0.1.0
 */
export type Reason =
  | ({ readonly _tag: "Unavailable" } & NotNow)
  | ({ readonly _tag: "Rejected" } & ForGood)
  | { readonly _tag: "TooLarge" }
  | { readonly _tag: "Misconfigured" }
  | { readonly _tag: "Closed" }

interface NotNow {
  /**
   * How long the destination asked to be left alone; at most 5 minutes are waited.
   *
   * @default none
   */
  readonly retryAfter?: DurationInput | undefined
  /**
   * Whether the batch may have been stored all the same. It is tried again, so it may be
   * there twice; when it is given up, that is as `unconfirmed`.
   *
   * @default false
   */
  readonly ambiguous?: boolean | undefined
  /**
   * How many records at the head of the batch are known to be stored: they count as
   * delivered, and only the rest is tried again.
   *
   * @default 0
   */
  readonly stored?: number | undefined
}

interface ForGood {
  /**
   * The positions in the batch that were refused; the others were stored.
   *
   * @default the whole batch was refused
   */
  readonly records?: ReadonlyArray<number> | undefined
}

interface Caused {
  /**
   * What was caught. The first lines of its message and of those of its own causes, three
   * at most, are shown behind the message, and nothing else of it: no body, no header.
   *
   * @default none
   */
  readonly cause?: unknown
}

/**
 * The error of a sink's write.
 *
 * **Gotchas**
 *
 * `message` and the messages of its causes end up on stderr: never put a payload or a
 * credential into them.
 *
 * @category errors
 * @since 0.1.0
 */
export class SinkError extends Data.TaggedError("SinkError")<{
  readonly sink: string
  readonly reason: Reason
  readonly message: string
  readonly cause?: unknown
}> {
  /** Whether the same batch may succeed later. */
  get isRetryable(): boolean {
    return this.reason._tag === "Unavailable" || this.reason._tag === "Misconfigured"
  }
}

/**
 * Raised when a sink marked `required` cannot be acquired.
 *
 * @category errors
 * @since 0.1.0
 */
export class RequiredSinkError extends Data.TaggedError("RequiredSinkError")<{
  readonly message: string
  readonly cause: unknown
}> {}

const causeChecks: Check.Checks<Caused> = { cause: Check.anything }

/** Numbers are taken as they are: they may come from a peer, and a lane bounds them. */
const unavailableChecks: Check.Checks<NotNow & Caused> = {
  retryAfter: Check.satisfies(
    Check.duration("zero", "any").expected,
    (value) => typeof value === "number" || parseDuration(value) !== undefined
  ),
  ambiguous: Check.flag,
  stored: Check.aNumber,
  ...causeChecks
}

const rejectedChecks: Check.Checks<ForGood & Caused> = { records: Check.listOf(Check.aNumber), ...causeChecks }

/**
 * Creates an error for a batch that may succeed later. Throws a `RangeError` for an
 * option that is not known or not what it must be, as do the other constructors.
 *
 * @category errors
 * @since 0.1.0
 */
export const unavailable = (
  sink: string,
  message: string,
  options: NotNow & Caused = {}
): SinkError => {
  const { ambiguous, cause, retryAfter, stored } = checkOptions("LogSink.unavailable", unavailableChecks, options)
  return new SinkError({ sink, message, cause, reason: { _tag: "Unavailable", retryAfter, ambiguous, stored } })
}

/**
 * Creates an error for a batch, or for some records of it, refused for good.
 *
 * @category errors
 * @since 0.1.0
 */
export const rejected = (
  sink: string,
  message: string,
  options: ForGood & Caused = {}
): SinkError => {
  const { cause, records } = checkOptions("LogSink.rejected", rejectedChecks, options)
  return new SinkError({ sink, message, cause, reason: { _tag: "Rejected", records } })
}

/**
 * Creates an error for a batch that is too big for the destination.
 *
 * @category errors
 * @since 0.1.0
 */
export const tooLarge = (sink: string, message: string, options: Caused = {}): SinkError => {
  const { cause } = checkOptions("LogSink.tooLarge", causeChecks, options)
  return new SinkError({ sink, message, cause, reason: { _tag: "TooLarge" } })
}

/**
 * Creates an error for a destination that needs somebody to change something.
 *
 * @category errors
 * @since 0.1.0
 */
export const misconfigured = (sink: string, message: string, options: Caused = {}): SinkError => {
  const { cause } = checkOptions("LogSink.misconfigured", causeChecks, options)
  return new SinkError({ sink, message, cause, reason: { _tag: "Misconfigured" } })
}

/**
 * Creates an error for a destination that is gone for good.
 *
 * @category errors
 * @since 0.1.0
 */
export const closed = (sink: string, message: string, options: Caused = {}): SinkError => {
  const { cause } = checkOptions("LogSink.closed", causeChecks, options)
  return new SinkError({ sink, message, cause, reason: { _tag: "Closed" } })
}
