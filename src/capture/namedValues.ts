/**
 * Values that are not known by a key of their own, but by a name beside them:
 * `{ name: "Authorization", value: "…" }`, `["authorization", "…"]`. And bodies,
 * which are known by what stands beside them.
 */
import { isObject, threw } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import { kindOf } from "./kinds.ts"
import { type Holds, nameOf, RedactionFailed } from "./KnownKeys.ts"
import type { Fields, Walk } from "./walk.ts"

/** What is copied instead of a value, for what is known by other fields or items. */
export const instead = (holds: Holds, source: Fields, value: unknown, walk: Walk): unknown => {
  try {
    switch (holds) {
      case "value":
        return valueNamed(source, value, walk)
      case "body":
        return walk.isInsideError && (isRequest(source) || isUnread(source)) ? bodyText(value) : value
      case "headers":
        return Array.isArray(value) ? alternating(value, walk) : value
      default:
        return value
    }
  } catch (error) {
    if (error instanceof RedactionFailed) throw error
    return threw
  }
}

/** A value as it may be shown under a name. */
const named = (name: unknown, value: unknown, walk: Walk): unknown => {
  if (typeof name !== "string") return value
  const { holds } = walk.knownKeys.get(name)
  if (holds === "secret") return walk.marker
  return holds === "url" && typeof value === "string" ? walk.urlOf(value) : value
}

/** The `value` of an object that has a name for it: validators say for which field or path. */
const valueNamed = ({ field, key, name, param, path }: Fields, value: unknown, walk: Walk): unknown =>
  [name, key, field, param, path].reduce((shown, each) => named(each, shown, walk), value)

/** An item; of a pair of a name and a text, what may be shown. */
export const item = (u: unknown, walk: Walk): unknown =>
  Array.isArray(u) && u.length === 2 && typeof u[0] === "string" && typeof u[1] === "string"
    ? [u[0], named(u[0], u[1], walk)]
    : u

/** Headers as Node and its clients pass them on, names and values in turn. */
const alternating = (source: ReadonlyArray<unknown>, walk: Walk): ReadonlyArray<unknown> => {
  const { length } = source
  const shown = source.slice(0, walk.limits.keys)
  if (length % 2 === 1 || !shown.every((each, i) => i % 2 === 1 || typeof each === "string")) return source
  const out = shown.map((each, i) => i % 2 === 1 ? named(shown[i - 1], each, walk) : each)
  // The copy says how many there were.
  out.length = length
  return out
}

/** Whether an object is what a client was asked to send; what came back has a status. */
const isRequest = (source: Fields): boolean =>
  isObject(source["headers"]) && !("status" in source) && !("statusCode" in source) &&
  ["method", "url", "uri"].some((key) => key in source)

/** Whether an object is an error of what was to be read, and could not: a parser gives the text that it was given. */
const isUnread = ({ name, type }: Fields): boolean =>
  name === "SyntaxError" || (typeof type === "string" && type.startsWith("entity."))

/** What stands for a body: a text by its size, an object by its kind. Bytes are shown so anyway. */
const bodyText = (body: unknown): unknown => {
  if (typeof body === "string") return `[text of ${body.length} ${plural(body.length, "character")}]`
  return isObject(body) && !ArrayBuffer.isView(body) ? `[${nameOf(kindOf(body))}]` : body
}
