import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import type { Level } from "../record/level.ts"

/**
 * How an event ended.
 *
 * **Details**
 *
 * - `success`, `failure` (a typed error), `defect` and `interrupted` are those of the exit; of
 *   several reasons a defect counts most, then an error.
 * - `timeout` is a failure by Effect's `TimeoutError`.
 * - `shutdown`: the runtime ended first.
 * - `abandoned`: nobody can end it any more, because its fiber was dropped while it waited.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome = "success" | "failure" | "timeout" | "defect" | "interrupted" | "shutdown" | "abandoned"

/** How an event ends, and why. */
export interface Ending {
  readonly outcome: Outcome
  readonly cause: Cause.Cause<unknown>
  readonly exit: Exit.Exit<unknown, unknown> | undefined
}

/** The level of an event for which nobody has chosen one. */
export const levelByOutcome: Readonly<Record<Outcome, Level>> = {
  success: "Info",
  failure: "Error",
  timeout: "Error",
  defect: "Error",
  interrupted: "Warn",
  shutdown: "Warn",
  abandoned: "Warn"
}

/** An ending that is no exit. */
export const endingAs = (outcome: Outcome, cause: Cause.Cause<unknown> = Cause.empty): Ending => ({
  outcome,
  cause,
  exit: undefined
})

/** What an exit is to an event. */
export const endingOf = (exit: Exit.Exit<unknown, unknown>): Ending =>
  Exit.isSuccess(exit)
    ? { outcome: "success", cause: Cause.empty, exit }
    : { outcome: outcomeOf(exit.cause), cause: exit.cause, exit }

/** What a failure is to an event. */
export const outcomeOf = ({ reasons }: Cause.Cause<unknown>): Outcome => {
  if (reasons.some(Cause.isDieReason)) return "defect"
  const failure = reasons.find(Cause.isFailReason)
  if (failure === undefined) return "interrupted"
  return isTimeout(failure.error) ? "timeout" : "failure"
}

/** What went wrong, as a word of few values: the tag of an error or its name, as `error.type` of the semantic conventions. */
export const errorTypeOf = ({ reasons }: Cause.Cause<unknown>): string | undefined => {
  const defect = reasons.find(Cause.isDieReason)
  if (defect !== undefined) return typeOf(defect.defect)
  const failure = reasons.find(Cause.isFailReason)
  return failure && typeOf(failure.error)
}

const longestType = 128

const typeOf = (error: unknown): string => {
  try {
    for (const key of ["_tag", "name"]) {
      const said = Predicate.hasProperty(error, key) ? error[key] : undefined
      if (typeof said === "string" && said !== "") return said.slice(0, longestType)
    }
  } catch {
    // It is one that cannot be looked at.
  }
  return "_OTHER"
}

const isTimeout = (error: unknown): boolean => {
  try {
    return Cause.isTimeoutError(error)
  } catch {
    return false
  }
}
