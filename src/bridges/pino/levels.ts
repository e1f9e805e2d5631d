import { type Level, levels } from "../../record/level.ts"

/**
 * The names of pino's levels.
 *
 * @category models
 * @since 0.1.0
 */
export type PinoLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal"

/**
 * The levels as pino has them: names to numbers, and back.
 *
 * @category models
 * @since 0.1.0
 */
export interface LevelMapping {
  readonly values: Readonly<Record<string, number>>
  readonly labels: Readonly<Record<number, string>>
}

export const silent = Infinity

/** Lowest first. */
export const pinoLevels: ReadonlyArray<PinoLevel> = ["trace", "debug", "info", "warn", "error", "fatal"]

/** `silent` is there, and in no list, as in pino. */
export const mapping: LevelMapping = {
  values: Object.freeze(Object.assign(
    Object.create({}, { silent: { value: silent } }),
    Object.fromEntries(pinoLevels.map((name, i) => [name, 10 * (i + 1)]))
  )),
  labels: Object.freeze(Object.assign(
    Object.create({}, { Infinity: { value: "silent" } }),
    Object.fromEntries(pinoLevels.map((name, i) => [10 * (i + 1), name]))
  ))
}

/** The number of a level that is given by its name or its number; nothing where there is no such level. */
export const valueOf = (level: unknown): number | undefined => {
  if (typeof level === "string") return mapping.values[Object.hasOwn(mapping.values, level) ? level : silently(level)]
  return typeof level === "number" && mapping.labels[level] !== undefined ? level : undefined
}

const silently = (level: string): string => level === "silent" ? level : ""

/** The name of a level by its number. */
export const labelOf = (value: number): string => mapping.labels[value] ?? "silent"

/** Our level for a number of pino's. */
export const levelOf = (value: number): Level => levels[value / 10 - 1] ?? "Fatal"

/** The lowest level that is let through, as a number. */
export const lowestOf = (isEnabled: (level: Level) => boolean): number => {
  const lowest = levels.findIndex(isEnabled)
  return lowest === -1 ? silent : 10 * (lowest + 1)
}
