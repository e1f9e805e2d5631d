/**
 * Secrets that are not known by a key of their own, but by a name beside them:
 * `{ name: "Authorization", value: "…" }`, `["authorization", "…"]`.
 */
import { kindOf } from "./kinds.ts"
import { nameOf } from "./knownKeys.ts"
import { isObject } from "./plainData.ts"
import type { Fields, Snapshot } from "./snapshot.ts"

/** Whether an object with a `value` has the name of a secret for it. */
export const isSecretNamed = ({ key, name }: Fields, walk: Snapshot): boolean => {
  const named = typeof name === "string" ? name : key
  return typeof named === "string" && walk.knownKeys.isSensitive(named)
}

/** Whether an item is a pair of the name of a secret and a text. */
export const isSecretPair = (item: ReadonlyArray<unknown>, walk: Snapshot): boolean =>
  item.length === 2 && typeof item[0] === "string" && typeof item[1] === "string" && walk.knownKeys.isSensitive(item[0])

/** Headers as Node and its clients pass them on, names and values in turn. */
export const alternating = (source: ReadonlyArray<unknown>, walk: Snapshot): ReadonlyArray<unknown> =>
  source.length % 2 === 0 && source.every((item, i) => i % 2 === 1 || typeof item === "string")
    ? source.map((item, i) => i % 2 === 1 && walk.knownKeys.isSensitive(String(source[i - 1])) ? walk.marker : item)
    : source

/** Whether an object is what a client was asked to send; what came back has a status. */
export const isRequest = (source: Fields): boolean =>
  isObject(source["headers"]) && !("status" in source) && !("statusCode" in source) &&
  ["method", "url", "uri"].some((key) => key in source)

/** What stands for a body: a text by its size, an object by its kind. Bytes are shown so anyway. */
export const bodyText = (body: unknown): unknown => {
  if (typeof body === "string") return `[text of ${body.length} characters]`
  return isObject(body) && !ArrayBuffer.isView(body) ? `[${nameOf(kindOf(body))}]` : body
}
