import * as Effect from "effect/Effect"
import * as References from "effect/References"
import type { Levels } from "../LogLevels.ts"
import { type Bound, type BoundInput, boundOf } from "../options/level.ts"
import { lowestOf, severityOf } from "../record/level.ts"
import { type GivenLevels, levelsFrom } from "./givenLevels.ts"
import { RuntimeControl } from "./RuntimeControl.ts"

/** The levels that a runtime starts with. */
export interface StartLevels {
  readonly levels: Levels
  /** What Effect's `MinimumLogLevel` becomes, when it is to change. */
  readonly minimumLevel: Bound | undefined
  /** What fibers have for it whose region sets none. */
  readonly inherited: Bound
  /** The lowest that may be set while the program runs. */
  readonly lowest: Bound
}

/** What a runtime starts with in the place where it is built. */
export const startLevels = (given: GivenLevels, lowestLevel: BoundInput | undefined): Effect.Effect<StartLevels> =>
  Effect.gen(function*() {
    const there = yield* References.MinimumLogLevel
    const levels = levelsFrom(given, yield* programLevel)
    const { lanes, level, scopes } = levels
    const base = lowestOf([level, ...Object.values(lanes)])
    const lowest = lowestOf([base, ...Object.values(scopes), boundOf(lowestLevel ?? base)])
    const own = base === level && given.minimumLevel === undefined ? undefined : base
    const minimumLevel = severityOf(lowest) < severityOf(base) ? "All" : own
    return { levels, minimumLevel, inherited: minimumLevel ?? there, lowest }
  })

/** The level of a program before it has this runtime; that of another runtime where that lets all of Effect's calls through to itself. */
export const programLevel: Effect.Effect<Bound> = Effect.gen(function*() {
  const there = yield* References.MinimumLogLevel
  const outer = yield* RuntimeControl
  return there === "All" ? outer?.programLevel() ?? there : there
})
