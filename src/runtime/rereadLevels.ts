import * as Effect from "effect/Effect"
import type { EnvironmentError } from "../config/reading.ts"
import { describeError } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { type GivenLevels, levelsFrom } from "./givenLevels.ts"
import type { RuntimeLevels } from "./RuntimeLevels.ts"
import { programLevel } from "./startLevels.ts"

/** Reads the levels of a program again, and says what cannot be followed. Those for a time stay. */
export const rereadLevels = (
  reread: Effect.Effect<GivenLevels, EnvironmentError> | undefined,
  levels: RuntimeLevels,
  diagnostics: Diagnostics
): Effect.Effect<Effect.Effect<void>> =>
  Effect.map(programLevel, (program) =>
    reread === undefined
      ? Effect.sync(() =>
        diagnostics.announce(
          "there are no levels to read again, because they are given in code: use Logging.layerFromConfig"
        )
      )
      : Effect.matchEffect(diagnostics.around(reread), {
        onSuccess: (given) => levels.update(({ temporary }) => ({ ...levelsFrom(given, program), temporary })),
        onFailure: (error) =>
          Effect.sync(() =>
            diagnostics.report(
              "levels",
              `what was read again is not followed: ${describeError(error)}; the levels stay`
            )
          )
      }))
