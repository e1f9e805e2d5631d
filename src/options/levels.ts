import * as Check from "./check.ts"
import { type Bound, bounds, parseBound } from "./level.ts"
import { shown } from "./shown.ts"

/** Levels by the names of what they are for. */
export type LevelsByName = Readonly<Record<string, Bound>>

/** What the name of a part of a program may be. */
const isScope = (name: unknown): name is string =>
  typeof name === "string" && name.trim() === name && name !== "" && !/[,=*]/.test(name)

/** The name of a scope, or of one and all below it: `http.*`. */
const isScopes = (name: unknown): boolean =>
  typeof name === "string" && isScope(name.endsWith(".*") ? name.slice(0, -2) : name)

export const scope = Check.satisfies(
  `the name of a scope, like "billing", without spaces around it, ",", "=" and "*"`,
  isScope
)

/** What a level is for. */
export const target: { readonly scope: Check.Check; readonly lane: Check.Check } = {
  scope: Check.satisfies(`the name of a scope, like "billing" or "http.*"`, isScopes),
  lane: Check.text
}

/** A level is for a scope or for a lane. */
export const oneTarget = (
  { lane, scope }: { readonly lane?: string | undefined; readonly scope?: string | undefined }
): Check.Problem | undefined =>
  lane === undefined || scope === undefined
    ? undefined
    : { at: ".lane", text: `must not be given with a scope, got ${shown(lane)}` }

/** Levels by names, each of them one that is allowed. */
const byName = (name: Check.Check): Check.Check =>
  Check.objectOf(`an object with levels by names, each ${name.expected}`, name, Check.levelOrBound)

export const scopes = byName(target.scope)

export const lanes = byName(target.lane)

const oneLevel = `one of ${bounds.join(", ")}`

/** Reads `Info,billing=Debug,http.*=Warn`: the levels, or what was expected in their place. */
export const parseLevels = (
  text: string
): { readonly value: { readonly level: Bound | undefined; readonly scopes: LevelsByName } } | {
  readonly expected: string
} => {
  let level: Bound | undefined
  const scopes = new Map<string, Bound>()
  for (const part of text.split(",")) {
    const at = part.lastIndexOf("=")
    const name = part.slice(0, Math.max(at, 0)).trim()
    const found = parseBound(part.slice(at + 1))
    if (found === undefined) return { expected: at < 0 ? oneLevel : `${oneLevel} for ${shown(name)}` }
    if (at >= 0 && !isScopes(name)) return { expected: "names of scopes before their levels, like billing=Debug" }
    if (at < 0 ? level !== undefined : scopes.has(name)) {
      return { expected: at < 0 ? "one level for all" : `one level for ${shown(name)}` }
    }
    if (at < 0) level = found
    else scopes.set(name, found)
  }
  return { value: { level, scopes: Object.fromEntries(scopes) } }
}

/** The level that is set for a scope, or else for the longest name that it is below. */
export const ofScope = (scopes: LevelsByName, name: string): Bound | undefined => {
  if (Object.hasOwn(scopes, name)) return scopes[name]
  for (let end = name.length; end > 0; end = name.lastIndexOf(".", end - 1)) {
    const above = `${name.slice(0, end)}.*`
    if (Object.hasOwn(scopes, above)) return scopes[above]
  }
  return undefined
}
