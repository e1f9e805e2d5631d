import { builtIns } from "../node/builtIns.ts"
import { isObject, PlainObject } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import { moreKeys, nameOf } from "./KnownKeys.ts"
import type { Walk } from "./walk.ts"

/** Copies what holds keys and values. */
export const entries = (
  source: Iterable<[unknown, unknown]>,
  size: number | undefined,
  depth: number,
  walk: Walk,
  isSecret: (name: string) => boolean = () => false
): Record<string, unknown> => {
  const out = new PlainObject()
  let count = 0
  for (const [key, value] of source) {
    if (count === walk.limits.keys || walk.bytes > walk.limits.recordBytes) {
      out[moreKeys] = size === undefined ? "[more keys]" : `[${size - count} more ${plural(size - count, "key")}]`
      break
    }
    count++
    const name = typeof key === "string" ? key : keyOf(key, walk)
    let shown = nameOf(name)
    if (Object.hasOwn(out, shown)) shown += ` #${count}`
    walk.bytes += 16 + shown.length
    const word = wordOf(key)
    const holds = walk.knownKeys.holds(word ?? name)
    out[shown] = holds === "secret" || isSecret(name) ? walk.marker : walk.kept(holds, value, depth + 1)
  }
  return out
}

const keyOf = (key: unknown, walk: Walk): string => {
  if (typeof key !== "object" || key === null) return String(walk.value(key))
  return Array.isArray(key) ? `[Array(${key.length})]` : walk.tag(key)
}

/** Copies what holds items. */
export const items = (source: Iterable<unknown>, size: number, depth: number, walk: Walk): Array<unknown> => {
  const first: Array<unknown> = []
  for (const item of source) {
    if (first.length >= walk.limits.keys) break
    first.push(item)
  }
  const out = walk.array(first, depth)
  const more = size - walk.limits.keys
  if (more > 0) out.push(`[${more} more ${plural(more, "item")}]`)
  return out
}

/** The word that the key of a map stands for although it is not shown as such. */
const wordOf = (key: unknown): string | undefined => {
  if (typeof key === "symbol") return key.description
  return builtIns.isStringObject(key) ? String.prototype.valueOf.call(key) : undefined
}

/** The pairs of what may be anything. */
export function* pairsOf(source: unknown): Generator<[unknown, unknown]> {
  if (!isIterable(source)) return
  for (const pair of source) {
    // One that goes on without end and without a pair ends here, too.
    if (!Array.isArray(pair)) return
    yield [pair[0], pair[1]]
  }
}

const isIterable = (u: unknown): u is Iterable<unknown> => isObject(u) && Symbol.iterator in u
