import * as Effect from "effect/Effect"
import { listNames } from "./listNames.ts"
import { type EnvironmentError, LoggingConfigError, reading } from "./reading.ts"
import { levelEntry, variableOf } from "./sinkLevels.ts"

/**
 * Fails with an error of the environment and with the bad levels of sinks, so that a
 * program is told at once of all that it has to mend. Its sinks have not been made: of
 * some the names are known (`sinks`), and it may have others.
 */
export const withLevelProblems = (
  error: EnvironmentError,
  sinks: ReadonlyArray<string>,
  hasOthers: boolean
): Effect.Effect<never, EnvironmentError> =>
  Effect.gen(function*() {
    if (!(error instanceof LoggingConfigError)) return yield* Effect.fail(error)
    const known = new Set(sinks.map(variableOf))
    const prefix = variableOf("")
    const others = hasOthers
      ? (yield* listNames).filter((name) => name.startsWith(prefix) && name !== prefix && !known.has(name))
      : []
    const entries = [
      ...[...known].map((name) => levelEntry(name)),
      ...others.map((name) => levelEntry(name, ", where a sink has that name"))
    ].filter(({ name }) => !error.problems.some(({ variable }) => variable === name))
    const levels = yield* Effect.match(reading((read) => Effect.forEach(entries, read)), {
      onFailure: (found) => found instanceof LoggingConfigError ? found.problems : [],
      onSuccess: () => []
    })
    return yield* new LoggingConfigError({ problems: [...error.problems, ...levels] })
  })
