import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { shortened } from "../record/text.ts"
import type { Entry } from "./variables.ts"

/**
 * Raised when variables have bad values. The message names every one of them
 * with its value and what was expected.
 *
 * @category errors
 * @since 0.1.0
 */
export class LoggingConfigError extends Data.TaggedError("LoggingConfigError")<{
  readonly problems: ReadonlyArray<{ readonly variable: string; readonly value: string; readonly expected: string }>
}> {
  override get message(): string {
    return this.problems
      .map(({ expected, value, variable }) => `${variable}: expected ${expected}, got ${JSON.stringify(value)}`)
      .join("\n")
  }
}

/** What the environment can fail a program with: bad values, or a provider that cannot be read. */
export type EnvironmentError = LoggingConfigError | Config.ConfigError

/** The value of a variable. One that is absent, empty or bad has none. */
export type Read = <A>(entry: Entry<A>) => Effect.Effect<A | undefined, Config.ConfigError>

/** Reads variables, and fails with all the bad ones. */
export const reading = <A>(
  body: (read: Read) => Effect.Effect<A, Config.ConfigError>
): Effect.Effect<A, EnvironmentError> =>
  Effect.suspend(() => {
    const problems: Array<LoggingConfigError["problems"][number]> = []
    const read: Read = (entry) =>
      Effect.map(Config.option(Config.String(entry.name)), (found) => {
        if (Option.isNone(found) || found.value === "") return undefined
        const parsed = entry.parse(found.value)
        if ("value" in parsed) return parsed.value
        problems.push({ variable: entry.name, value: shortened(found.value, 200), expected: parsed.expected })
        return undefined
      })
    return Effect.filterOrFail(
      body(read),
      () => problems.length === 0,
      () => new LoggingConfigError({ problems })
    )
  })
