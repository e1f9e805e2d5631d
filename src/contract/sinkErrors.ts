import * as Check from "../options/check.ts"
import { checkArgument, checkOptions, optionsOf } from "../options/checkOptions.ts"
import { parseDuration } from "../options/duration.ts"
import {
  type Again,
  type Caused,
  type ForGood,
  type NotNow,
  type OneByOne,
  type Reason,
  type Refusal,
  SinkError
} from "./SinkError.ts"

const causeChecks: Check.Checks<Caused> = { cause: Check.anything }

/** Numbers are taken as they are: they may come from a peer, and a lane bounds them. */
const againChecks: Check.Checks<Again> = {
  retryAfter: Check.satisfies(
    Check.duration("zero", "any").expected,
    (value) => typeof value === "number" || parseDuration(value) !== undefined
  ),
  ambiguous: Check.flag
}

const unavailableChecks: Check.Checks<NotNow & Caused> = { ...againChecks, stored: Check.aNumber, ...causeChecks }

const rejectedChecks: Check.Checks<ForGood & Caused> = {
  records: Check.listOf(Check.aNumber),
  count: Check.aNumber,
  ...causeChecks
}

const refusal = optionsOf<Refusal>({ record: Check.required(Check.aNumber), message: Check.required(Check.anyText) })

const perRecordChecks: Check.Checks<OneByOne & Caused> = {
  ...againChecks,
  refused: Check.listOf(refusal),
  again: Check.listOf(Check.aNumber),
  ...causeChecks
}

const oneOfBoth: Check.Rule<ForGood> = ({ count, records }) =>
  count === undefined || records === undefined
    ? undefined
    : {
      at: "",
      text: "takes records, which names the refused ones, or count where nobody knows which they are, not both"
    }

const made = (reason: Reason, message: string, cause: unknown): SinkError => new SinkError({ reason, message, cause })

/** The options of a constructor, with its message. */
const checked = <Options extends Caused>(
  tag: string,
  checks: Check.Checks<Options>,
  message: string,
  options: Options,
  rule?: Check.Rule<Options>
) => {
  const where = `LogSink.${tag}`
  checkArgument(where, "message", Check.anyText, message)
  return checkOptions(where, checks, options, rule)
}

/**
 * Creates an error for a batch that may succeed later. Throws a `RangeError` for an
 * option that is not known or not what it must be, as do the other constructors.
 *
 * @category errors
 * @since 0.1.0
 */
export const unavailable = (message: string, options: NotNow & Caused = {}): SinkError => {
  const { cause, ...reason } = checked("unavailable", unavailableChecks, message, options)
  return made({ _tag: "Unavailable", ...reason }, message, cause)
}

/**
 * Creates an error for a batch refused for good, or for some records of it: those that are
 * named, or so many.
 *
 * @category errors
 * @since 0.1.0
 */
export const rejected = (message: string, options: ForGood & Caused = {}): SinkError => {
  const { cause, ...reason } = checked("rejected", rejectedChecks, message, options, oneOfBoth)
  return made({ _tag: "Rejected", ...reason }, message, cause)
}

/**
 * Creates an error for a batch that the destination has answered record by record.
 *
 * **Example** (One answer for each record)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, LogSink } from "effect-spillway"
 *
 * const given: Array<ReadonlyArray<unknown>> = []
 *
 * const index = LogSink.make({
 *   name: "index",
 *   retry: LogSink.exponentialRetry({ base: "1 millis", times: 3 }),
 *   write: (batch) => {
 *     given.push(batch.map((record) => record.message))
 *     // The first is stored, the second is no good, for the third there was no room.
 *     return given.length > 1 ? Effect.void : Effect.fail(LogSink.perRecord("2 of 3 records were not stored", {
 *       refused: [{ record: 1, message: "the field is a number" }],
 *       again: [2]
 *     }))
 *   }
 * })
 *
 * const program = Effect.all([Effect.logInfo("a"), Effect.logInfo("b"), Effect.logInfo("c")])
 *
 * await Effect.runPromise(program.pipe(Effect.provide(Logging.layer({ sinks: [index], diagnostics: () => {} }))))
 *
 * given // => [["a", "b", "c"], ["c"]]
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export const perRecord = (message: string, options: OneByOne & Caused = {}): SinkError => {
  const { cause, ...reason } = checked("perRecord", perRecordChecks, message, options)
  return made({ _tag: "PerRecord", ...reason }, message, cause)
}

/**
 * Creates an error for a batch that is too big for the destination.
 *
 * @category errors
 * @since 0.1.0
 */
export const tooLarge = (message: string, options: Caused = {}): SinkError =>
  made({ _tag: "TooLarge" }, message, checked("tooLarge", causeChecks, message, options).cause)

/**
 * Creates an error for a destination that needs somebody to change something.
 *
 * @category errors
 * @since 0.1.0
 */
export const misconfigured = (message: string, options: Caused = {}): SinkError =>
  made({ _tag: "Misconfigured" }, message, checked("misconfigured", causeChecks, message, options).cause)

/**
 * Creates an error for a destination that is gone for good.
 *
 * @category errors
 * @since 0.1.0
 */
export const closed = (message: string, options: Caused = {}): SinkError =>
  made({ _tag: "Closed" }, message, checked("closed", causeChecks, message, options).cause)
