import { nearest } from "../options/nearest.ts"
import { shown } from "../options/shown.ts"
import { plural, shortened } from "../record/text.ts"
import { prefix } from "./listNames.ts"
import { variableOf } from "./sinkLevels.ts"
import { entries } from "./variables.ts"

const most = 10

const known = Object.values(entries).filter((entry) => entry !== entries.sinkLevel).map(({ name }) => name)

const levelPrefix = variableOf("")

/**
 * A sentence about the names that are no variable of ours and written like no level of a
 * sink, each with the nearest that is; nothing when there are none. Those that are near one
 * come first: the others may belong to another program.
 */
export const unknownNames = (names: ReadonlyArray<string>, sinks: ReadonlyArray<string>): string | undefined => {
  const unknown = unknownAmong(names, sinks).filter(({ isLevel, meant }) => !isLevel || meant !== undefined)
  if (unknown.length === 0) return undefined
  const sorted = [
    ...unknown.filter(({ meant }) => meant !== undefined),
    ...unknown.filter(({ meant }) => meant === undefined)
  ]
  const said = sorted.map(({ meant, name }) =>
    `${shortened(name, 80)}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`
  )
  return `unknown ${plural(unknown.length, "variable")} in the environment: ${listed(said)}`
}

/** A sentence about the levels of sinks that are not there, nor any whose name is near; nothing when there are none. */
export const levelsWithoutSink = (
  names: ReadonlyArray<string>,
  sinks: ReadonlyArray<string>
): string | undefined => {
  const missing = unknownAmong(names, sinks).filter(({ isLevel, meant }) => isLevel && meant === undefined)
    .map(({ name }) => shortened(name, 80))
  if (missing.length === 0) return undefined
  const named = missing.map((name) => shown(name.slice(levelPrefix.length).toLowerCase()))
  const which = missing.length === 1 ? "is no sink" : "are no sinks"
  const there = sinks.length === 0 ? "nor any other" : `only ${listed(sinks.map(shown))}`
  return `there ${which} named ${listed(named)} for ${listed(missing)}, ${there}`
}

interface Unknown {
  readonly name: string
  /** The nearest that is known. */
  readonly meant: string | undefined
  /** Whether it is written like the level of a sink. */
  readonly isLevel: boolean
}

const unknownAmong = (names: ReadonlyArray<string>, sinks: ReadonlyArray<string>): ReadonlyArray<Unknown> => {
  const levels = sinks.map(variableOf)
  const ours = new Set([...known, ...levels])
  return names.filter((name) => !ours.has(name)).map((name) => ({
    name,
    meant: meantBy(name, levels),
    isLevel: name.length > levelPrefix.length && name.startsWith(levelPrefix)
  }))
}

const listed = (words: ReadonlyArray<string>): string =>
  [...words.slice(0, most), ...(words.length > most ? [`${words.length - most} more`] : [])].join(", ")

const meantBy = (name: string, levels: ReadonlyArray<string>): string | undefined => {
  const upper = name.toUpperCase()
  const [start, candidates] = upper.startsWith(levelPrefix) ? [levelPrefix, levels] : [prefix, [...known, ...levels]]
  const found = nearest(upper.slice(start.length), candidates.map((each) => each.slice(start.length)))
  return found === undefined ? undefined : `${start}${found}`
}
