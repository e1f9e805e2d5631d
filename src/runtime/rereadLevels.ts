import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { EnvironmentError } from "../config/reading.ts"
import { describeDefect, describeError } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { type GivenLevels, levelsFrom } from "./givenLevels.ts"
import type { RuntimeLevels } from "./RuntimeLevels.ts"
import { programLevel } from "./startLevels.ts"

const patience = "10 seconds"

/**
 * Reads the levels of a program again, and says what cannot be followed. Those for a time stay. Of several readings
 * that run at once the one that began last counts, whichever ends last.
 */
export const rereadLevels = (
  reread: Effect.Effect<GivenLevels, EnvironmentError> | undefined,
  levels: RuntimeLevels,
  diagnostics: Diagnostics
): Effect.Effect<Effect.Effect<void>> =>
  Effect.map(programLevel, (program) => {
    if (reread === undefined) {
      return Effect.sync(() =>
        diagnostics.announce(
          "there are no levels to read again, because they are given in code: use Logging.layerFromConfig"
        )
      )
    }
    const inTime = Effect.timeoutOrElse(diagnostics.around(reread), {
      duration: patience,
      orElse: () => Effect.fail(`it took longer than ${patience}`)
    })
    const follow = (given: GivenLevels): Effect.Effect<void> =>
      levels.update(({ temporary }) => ({ ...levelsFrom(given, program), temporary }))
    const say = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
      Effect.sync(() =>
        diagnostics.report("levels", `what was read again is not followed: ${whyOf(cause)}; the levels stay`)
      )
    let begun = 0
    return Effect.suspend(() => {
      const number = ++begun
      return Effect.flatMap(
        Effect.exit(inTime),
        (exit) => number < begun ? Effect.void : Exit.match(exit, { onSuccess: follow, onFailure: say })
      )
    })
  })

const whyOf = (cause: Cause.Cause<unknown>): string =>
  Option.match(Cause.findErrorOption(cause), {
    onSome: describeError,
    onNone: () => describeDefect(Cause.squash(cause))
  })
