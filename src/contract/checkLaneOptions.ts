import * as Duration from "effect/Duration"
import { show } from "../record/text.ts"
import { type Given, given } from "./given.ts"
import type { LaneOptions } from "./Sink.ts"

/** The options that are set. Throws a `RangeError` that names the option, the value and what was expected. */
export const checkedOptions = (
  name: string,
  options: Given<LaneOptions>
): Partial<LaneOptions> => {
  const refuse = (option: string, value: unknown, expected: string): never => {
    throw new RangeError(`sink "${name}": ${option} must be ${expected}, got ${show(value)}`)
  }
  for (const option of ["capacity", "maxBytes", "maxBatchSize", "maxBatchBytes", "concurrency"] as const) {
    const value = options[option]
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1)) {
      refuse(option, value, "a whole number of at least 1")
    }
  }
  for (const option of ["batchWindow", "writeTimeout"] as const) {
    const value = options[option]
    if (value === undefined) continue
    const millis = durationMillis(value)
    if (millis === undefined || millis < 0 || (option === "writeTimeout" && millis === 0)) {
      refuse(option, value, `a duration ${option === "writeTimeout" ? "above" : "of at least"} 0`)
    }
  }
  if (options.breaker !== undefined && options.breaker !== false) {
    const { cooldown, failures } = options.breaker
    if (!Number.isSafeInteger(failures) || failures < 1) {
      refuse("breaker.failures", failures, "a whole number of at least 1")
    }
    const millis = durationMillis(cooldown)
    if (millis === undefined || !(millis > 0) || !Number.isFinite(millis)) {
      refuse("breaker.cooldown", cooldown, "a finite duration above 0")
    }
  }
  const refuseWord = (option: string, value: string | undefined, words: ReadonlyArray<string>): void => {
    if (value !== undefined && !words.includes(value)) refuse(option, value, words.map(show).join(" or "))
  }
  const { spool } = options
  if (spool !== undefined) {
    if (typeof spool.directory !== "string" || spool.directory === "") {
      refuse("spool.directory", spool.directory, "a path")
    }
    refuseWord("spool.mode", spool.mode, ["overflow", "always"])
    refuseWord("spool.strategy", spool.strategy, ["sliding", "dropping"])
    refuseWord("spool.fsync", spool.fsync, ["interval", "always", "never"])
  }
  const maxAge = spool?.maxAge
  if (maxAge !== undefined && !((durationMillis(maxAge) ?? 0) > 0)) {
    refuse("spool.maxAge", maxAge, "a duration above 0")
  }
  if (options.fallback?.options.fallback !== undefined) {
    refuse("fallback", options.fallback.name, "a sink without a fallback of its own")
  }
  refuseWord("strategy", options.strategy, ["dropping", "sliding"])
  return given(options)
}

const durationMillis = (input: Duration.Input): number | undefined => {
  try {
    return Duration.toMillis(Duration.fromInputUnsafe(input))
  } catch {
    return undefined
  }
}
