import * as Duration from "effect/Duration"
import * as LogLevels from "../LogLevels.ts"
import * as Check from "../options/check.ts"
import { checkArgument, checkOptions } from "../options/checkOptions.ts"
import { type DurationInput, durationOf } from "../options/duration.ts"
import { type BoundInput, boundOf } from "../options/level.ts"
import { oneTarget, target } from "../options/levels.ts"

/**
 * Options of `Logging.setLevel`.
 *
 * @category options
 * @since 0.1.0
 */
export interface SetLevelOptions extends LogLevels.Target {
  /**
   * How long the level counts. Afterwards what was below it counts again.
   *
   * @default for good
   */
  readonly for?: DurationInput | undefined
}

const checks: Check.Checks<SetLevelOptions> = { ...target, for: Check.duration("positive", "finite") }

/** What `Logging.setLevel` does to levels at a time. Throws for what it cannot be given. */
export const setting = (
  level: BoundInput,
  options: SetLevelOptions = {}
): (levels: LogLevels.Levels, now: number) => LogLevels.Levels => {
  checkArgument("Logging.setLevel", "level", Check.levelOrBound, level)
  const { for: time, ...of } = checkOptions("Logging.setLevel", checks, options, oneTarget)
  if (time === undefined) return (levels) => LogLevels.set(levels, level, of)
  const millis = Duration.toMillis(durationOf(time))
  return (levels, now) => overlaid(levels, { ...of, level: boundOf(level), until: now + millis })
}

/** Levels with one more that lies over them. What it lies over until that ends never counts again, and is not kept. */
const overlaid = (levels: LogLevels.Levels, temporary: LogLevels.Temporary): LogLevels.Levels => {
  const left = levels.temporary.filter((each) => !covers(temporary, each))
  return LogLevels.make({ ...levels, temporary: [...left, temporary] })
}

/** Whether a level ends with one for the same that lies over it, or before. What somebody has set who may take it away covers nothing. */
const covers = (over: LogLevels.Temporary, { by, lane, scope, until }: LogLevels.Temporary): boolean =>
  over.scope === scope && over.lane === lane && over.by === undefined && by === undefined &&
  over.until !== undefined && until !== undefined && until <= over.until

/** Who has set the level that the signal for it sets and takes away. */
const signal = "SIGUSR2"

/** Sets Debug for all, or takes it away again. */
export const toggled = (levels: LogLevels.Levels): LogLevels.Levels => {
  const temporary = levels.temporary.filter(({ by }) => by !== signal)
  return temporary.length < levels.temporary.length
    ? LogLevels.make({ ...levels, temporary })
    : overlaid(levels, { level: "Debug", by: signal })
}

/** The levels without those for a time that have no milliseconds left; the same value where all have. */
export const withoutEnded = (levels: LogLevels.Levels, left: ReadonlyArray<number>): LogLevels.Levels => {
  const temporary = levels.temporary.filter((_, i) => (left[i] ?? Infinity) > 0)
  return temporary.length === levels.temporary.length ? levels : LogLevels.make({ ...levels, temporary })
}
