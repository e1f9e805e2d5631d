import { nearest } from "../options/nearest.ts"
import { plural, shortened } from "../record/text.ts"
import { prefix } from "./listNames.ts"
import { variableOf } from "./sinkLevels.ts"
import { entries } from "./variables.ts"

const most = 10

const known = Object.values(entries).filter((entry) => entry !== entries.sinkLevel).map(({ name }) => name)

const levelPrefix = variableOf("")

/**
 * A sentence about the names that are no variable of ours and no level of a sink,
 * each with the nearest that is; nothing when there are none. Those that are near one
 * come first: the others may belong to another program.
 */
export const unknownNames = (names: ReadonlyArray<string>, sinks: ReadonlyArray<string>): string | undefined => {
  const levels = sinks.map(variableOf)
  const ours = new Set([...known, ...levels])
  const unknown = names.filter((name) => !ours.has(name)).map((name) => ({ name, meant: meantBy(name, levels) }))
  if (unknown.length === 0) return undefined
  const sorted = [
    ...unknown.filter(({ meant }) => meant !== undefined),
    ...unknown.filter(({ meant }) => meant === undefined)
  ]
  const shown = sorted.slice(0, most).map(({ meant, name }) =>
    `${shortened(name, 80)}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`
  )
  const more = sorted.length > most ? [`${sorted.length - most} more`] : []
  return `unknown ${plural(unknown.length, "variable")} in the environment: ${[...shown, ...more].join(", ")}`
}

const meantBy = (name: string, levels: ReadonlyArray<string>): string | undefined => {
  const upper = name.toUpperCase()
  const [start, candidates] = upper.startsWith(levelPrefix) ? [levelPrefix, levels] : [prefix, [...known, ...levels]]
  const found = nearest(upper.slice(start.length), candidates.map((each) => each.slice(start.length)))
  return found === undefined ? undefined : `${start}${found}`
}
