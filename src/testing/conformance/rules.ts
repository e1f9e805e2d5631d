import * as Data from "effect/Data"

/**
 * The rules of the contract of sinks. Those that no case is named after are kept in every
 * case: `single attempt`, `secrets`; the other ones that a suite has no case of were not asked.
 *
 * @category models
 * @since 0.1.0
 */
export const rules = [
  "completeness",
  "order",
  "identity",
  "single attempt",
  "lost acknowledgement",
  "acknowledgement",
  "restart",
  "classification",
  "record by record",
  "count",
  "interruption",
  "slow answer",
  "endless answer",
  "redirect",
  "hang-up",
  "recovery",
  "synchronous writes",
  "secrets",
  "self-logging",
  "close",
  "after close",
  "shared records",
  "odd records",
  "writes at once",
  "record limit"
] as const

/**
 * A rule of the contract of sinks.
 *
 * @category models
 * @since 0.1.0
 */
export type Rule = typeof rules[number]

/**
 * A sink that does not keep a rule. The message names the rule, what was expected and what
 * was seen.
 *
 * @category errors
 * @since 0.1.0
 */
export class NonConformance extends Data.TaggedError("NonConformance")<{
  readonly rule: Rule
  readonly message: string
}> {}
