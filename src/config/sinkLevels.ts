import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type { Bound } from "../options/level.ts"
import type { Read } from "./reading.ts"
import { entries, type Entry } from "./variables.ts"

/** The variable of a sink's level: its name in upper case, with `_` for all but letters and digits. */
export const variableOf = (sink: string): string =>
  `${entries.level.name}_${sink.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`

/** The level of a sink under the name of its variable, and what is to be added to what was expected. */
export const levelEntry = (name: string, unless = ""): Entry<Bound> => ({
  ...entries.sinkLevel,
  name,
  parse(text) {
    const parsed = entries.sinkLevel.parse(text)
    return "value" in parsed ? parsed : { expected: parsed.expected + unless }
  }
})

/** The levels that the environment sets for single sinks, by their names. */
export const sinkLevels = (
  read: Read,
  sinks: ReadonlyArray<string>
): Effect.Effect<ReadonlyMap<string, Bound>, Config.ConfigError> =>
  Effect.gen(function*() {
    const levels = new Map<string, Bound>()
    for (const sink of sinks) {
      const level = yield* read(levelEntry(variableOf(sink)))
      if (level !== undefined) levels.set(sink, level)
    }
    return levels
  })
