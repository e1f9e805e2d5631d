import { type Level, levels } from "../record/level.ts"
import { shown } from "./shown.ts"

/** A level, or a bound on levels that lets everything or nothing through. */
export type Bound = Level | "All" | "None"

type AnyCase<A extends string> = A | Lowercase<A> | Uppercase<A>

/**
 * The name of a level in any case: `"Warn"`, `"warn"`, `"WARN"`, also `"warning"`.
 *
 * @category models
 * @since 0.1.0
 */
export type LevelInput = AnyCase<Level | "Warning">

/**
 * A level in any case, `"All"` or `"None"`: the lowest that is let through.
 *
 * @category models
 * @since 0.1.0
 */
export type BoundInput = LevelInput | AnyCase<"All" | "None">

/** All levels, and what lies around them. */
export const bounds: ReadonlyArray<Bound> = ["All", ...levels, "None"]
const byName: ReadonlyMap<string, Bound> = new Map([
  ...bounds.map((bound) => [bound.toLowerCase(), bound] as const),
  ["warning", "Warn"]
])

/** The level or the bound that a text names. */
export const parseBound = (value: unknown): Bound | undefined =>
  typeof value === "string" ? byName.get(value.trim().toLowerCase()) : undefined

/** The level that a text names. */
export const parseLevel = (value: unknown): Level | undefined => {
  const bound = parseBound(value)
  return bound === "All" || bound === "None" ? undefined : bound
}

/** The level that was checked before. */
export const levelOf = (input: LevelInput): Level => {
  const found = parseLevel(input)
  if (found === undefined) throw new RangeError(`expected a level, got ${shown(input)}`)
  return found
}

/** The level or the bound that was checked before. */
export const boundOf = (input: BoundInput): Bound => {
  const found = parseBound(input)
  if (found === undefined) throw new RangeError(`expected a level, got ${shown(input)}`)
  return found
}
