/**
 * What changed of the values that a Schema takes, for somebody who reads them: a value that
 * could not be there before, and one that was named and never comes any more.
 */
import { isRecord } from "../record/plainData.ts"
import { type Alternative, alternativesOf, type Definitions, nameOf } from "./alternatives.ts"
import { loosened } from "./bounds.ts"
import type { JsonSchema } from "./catalogue.ts"

/** What is broken, and where: `items[].price`. */
export interface Broken {
  readonly path: string
  readonly kind: "field removed" | "field optional" | "value removed" | "type widened" | "now sensitive"
  /** What follows the path in a sentence. */
  readonly text: string
}

interface Sides {
  readonly before: Definitions
  readonly after: Definitions
  /** Whether objects are of several kinds, which a literal in them tells. */
  readonly hasCases: boolean
  /** Pairs of Schemas that are being compared: recursive ones come again. */
  readonly pairs: ReadonlyArray<readonly [unknown, unknown]>
}

/** What of an event breaks who reads its records, by the Schemas of what these have of it. */
export const brokenEvent = (
  before: JsonSchema,
  after: JsonSchema,
  definitions: readonly [Definitions, Definitions]
): ReadonlyArray<Broken> =>
  brokenFields(before, after, "", { before: definitions[0], after: definitions[1], hasCases: false, pairs: [] })

const compare = (before: JsonSchema, after: JsonSchema, path: string, sides: Sides): ReadonlyArray<Broken> => {
  const key = [before["$ref"] ?? before, after["$ref"] ?? after] as const
  if (sides.pairs.some(([a, b]) => a === key[0] && b === key[1])) return []
  const was = alternativesOf(before, sides.before)
  const is = alternativesOf(after, sides.after)
  const hasCases = Math.max(...[was, is].map((some) => some.filter(({ kind }) => kind === "object").length)) > 1
  const within: Sides = { ...sides, hasCases, pairs: [...sides.pairs, key] }
  if (is.some(isSensitive) && !was.some(isSensitive)) {
    return [{ path, kind: "now sensitive", text: "is sensitive now, and never shown" }]
  }
  // What was hidden nobody has read.
  if (was.some(isSensitive) || was.some(({ kind }) => kind === "any")) return []
  return [...widened(was, is, path, within), ...removed(was, is, path, within)]
}

const isSensitive = (alternative: Alternative): boolean => alternative.kind === "literal" && alternative.isSensitive

const widened = (
  was: ReadonlyArray<Alternative>,
  is: ReadonlyArray<Alternative>,
  path: string,
  sides: Sides
): ReadonlyArray<Broken> =>
  is.flatMap((now) => {
    let least: ReadonlyArray<Broken> | undefined
    for (const then of was) {
      const broken = breaks(then, now, path, sides)
      if (broken !== undefined && (least === undefined || broken.length < least.length)) least = broken
    }
    return least ??
      [{ path, kind: "type widened" as const, text: `can be ${nameOf(now, sides.after)}, which it never was` }]
  })

/** What is broken where one kind of value is taken for another; nothing where they are not alike. */
const breaks = (
  then: Alternative,
  now: Alternative,
  path: string,
  sides: Sides
): ReadonlyArray<Broken> | undefined => {
  if (then.kind === "literal") return now.kind === "literal" && then.literal === now.literal ? [] : undefined
  if (now.kind === "literal") return "schema" in then && isOfKind(now.literal, then.kind) ? [] : undefined
  if (then.kind === "any" || now.kind === "any") return undefined
  if (then.kind !== now.kind && !(then.kind === "number" && now.kind === "integer")) return undefined
  const bounds = loosened(then.schema, now.schema).map((text): Broken => ({ path, kind: "type widened", text }))
  if (then.kind === "array") return [...bounds, ...brokenItems(then.schema, now.schema, path, sides)]
  if (then.kind === "object") {
    return isOtherCase(then, now, sides)
      ? undefined
      : [...bounds, ...brokenFields(then.schema, now.schema, path, sides)]
  }
  return bounds
}

const isOfKind = (literal: unknown, kind: string): boolean =>
  kind === "integer" ? Number.isInteger(literal) : kind === "null" ? literal === null : typeof literal === kind

const brokenItems = (
  before: JsonSchema,
  after: JsonSchema,
  path: string,
  sides: Sides
): ReadonlyArray<Broken> => {
  const first = listOf(before["prefixItems"])
  const second = listOf(after["prefixItems"])
  const broken: Array<Broken> = []
  const count = Math.max(first.length, second.length)
  for (let i = 0; i < count; i++) {
    const was = first[i] ?? itemsOf(before)
    const is = second[i] ?? itemsOf(after)
    if (was === undefined && is !== undefined) broken.push(...longer(`${path}[${i}]`))
    else if (was !== undefined && is !== undefined) broken.push(...compare(was, is, `${path}[${i}]`, sides))
  }
  const [was, is] = [itemsOf(before), itemsOf(after)]
  if (was !== undefined && is !== undefined) broken.push(...compare(was, is, `${path}[]`, sides))
  return broken
}

const longer = (
  path: string
): ReadonlyArray<Broken> => [{ path, kind: "type widened", text: "is an item that was not there" }]

/** What items have behind those that have a Schema each; nothing where there are none. */
const itemsOf = ({ items, prefixItems }: JsonSchema): JsonSchema | undefined =>
  isRecord(items) ? items : items === false || prefixItems !== undefined ? undefined : {}

const listOf = (u: unknown): ReadonlyArray<JsonSchema> => Array.isArray(u) ? u.filter(isRecord) : []

const fieldsOf = ({ properties }: JsonSchema): Readonly<Record<string, unknown>> =>
  isRecord(properties) ? properties : {}

const isRequired = ({ required }: JsonSchema, name: string): boolean =>
  Array.isArray(required) && required.includes(name)

/** What is broken of the fields of an object, those that it names and those that it does not. */
const brokenFields = (
  before: JsonSchema,
  after: JsonSchema,
  path: string,
  sides: Sides
): ReadonlyArray<Broken> => {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const [others, othersNow] = [before["additionalProperties"], after["additionalProperties"]]
  const broken: Array<Broken> = []
  for (const [name, schema] of Object.entries(was)) {
    const at = path === "" ? name : `${path}.${name}`
    const now = Object.hasOwn(is, name) ? is[name] : undefined
    if (!isRecord(schema)) continue
    if (!isRecord(now)) {
      broken.push({ path: at, kind: "field removed", text: "is removed" })
      continue
    }
    if (isRequired(before, name) && !isRequired(after, name)) {
      broken.push({ path: at, kind: "field optional", text: "was always there, and may be missing" })
    }
    broken.push(...compare(schema, now, at, sides))
  }
  if (isRecord(others) && isRecord(othersNow)) broken.push(...compare(others, othersNow, `${path}.*`, sides))
  return broken
}

/** The literals that tell an object from the others of a union. */
const tagsOf = (schema: JsonSchema, definitions: Definitions): ReadonlyMap<string, unknown> => {
  const tags = new Map<string, unknown>()
  for (const [name, field] of Object.entries(fieldsOf(schema))) {
    const [only, ...others] = isRecord(field) && isRequired(schema, name) ? alternativesOf(field, definitions) : []
    if (only?.kind === "literal" && others.length === 0) tags.set(name, only.literal)
  }
  return tags
}

/** Whether two objects are told apart by a literal. */
const isOtherCase = (then: Alternative, now: Alternative, sides: Sides): boolean => {
  if (!sides.hasCases || !("schema" in then) || !("schema" in now)) return false
  const tags = tagsOf(now.schema, sides.after)
  return Array.from(tagsOf(then.schema, sides.before)).some(([name, tag]) => tags.has(name) && tags.get(name) !== tag)
}

/** Values that somebody may look for by what they are, and that never come any more. */
const removed = (
  was: ReadonlyArray<Alternative>,
  is: ReadonlyArray<Alternative>,
  path: string,
  sides: Sides
): ReadonlyArray<Broken> =>
  was.flatMap((then): ReadonlyArray<Broken> => {
    if (then.kind === "object") return removedCase(then, is, path, sides)
    if (then.kind !== "literal") return []
    const comes = is.some((now) =>
      now.kind === "any" || (now.kind === "literal" ? now.literal === then.literal : isOfKind(then.literal, now.kind))
    )
    return comes ? [] : [{ path, kind: "value removed", text: `is never ${JSON.stringify(then.literal)} any more` }]
  })

/** A case of a union that is told by a literal, and that no object has any more. */
const removedCase = (
  then: Alternative & { readonly schema: JsonSchema },
  is: ReadonlyArray<Alternative>,
  path: string,
  sides: Sides
): ReadonlyArray<Broken> => {
  const [tag] = tagsOf(then.schema, sides.before)
  const comes = is.some((now) => now.kind === "any" || (now.kind === "object" && !isOtherCase(then, now, sides)))
  if (tag === undefined || comes) return []
  const text = `is never the object with ${tag[0]} ${JSON.stringify(tag[1])} any more`
  return [{ path, kind: "value removed", text }]
}
