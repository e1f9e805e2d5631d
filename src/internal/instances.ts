/**
 * How objects are copied that are neither plain nor arrays.
 */
import * as Cause from "effect/Cause"
import * as Chunk from "effect/Chunk"
import * as Exit from "effect/Exit"
import * as HashMap from "effect/HashMap"
import * as HashSet from "effect/HashSet"
import * as MutableHashMap from "effect/MutableHashMap"
import * as Option from "effect/Option"
import * as Redactable from "effect/Redactable"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { types } from "node:util"
import { captureError, isError } from "./captureError.ts"
import { entries, items } from "./collections.ts"
import { CauseSnapshot } from "./ErrorSnapshot.ts"
import { tagOf } from "./kinds.ts"
import { nameOf } from "./knownKeys.ts"
import { PlainObject } from "./plainData.ts"
import type { Fields, Snapshot } from "./snapshot.ts"

// Objects of other realms (a vm context, say) are told by what they are, not by their constructors.
export const instance = (u: Fields, depth: number, walk: Snapshot): unknown => {
  if (Redacted.isRedacted(u)) return walk.text(u.label === undefined ? "<redacted>" : `<redacted:${u.label}>`)
  if (Redactable.symbolRedactable in u) return walk.redactable(u, depth)
  if (isError(u)) return captureError(u, depth, walk)
  if (Cause.isCause(u)) return new CauseSnapshot(walk.cause(u, depth + 1))
  if (types.isDate(u)) {
    return Number.isNaN(Date.prototype.getTime.call(u)) ? "Invalid Date" : Date.prototype.toISOString.call(u)
  }
  if (u instanceof URL) return walk.text(withoutPassword(u))
  if (types.isMap(u)) return entries(Map.prototype.entries.call(u), u.size, depth, walk)
  if (types.isSet(u)) return items(Set.prototype.values.call(u), u.size, depth, walk)
  if (ArrayBuffer.isView(u) || types.isAnyArrayBuffer(u)) {
    return walk.text(`[${nameOf(tagOf(u))}(${u.byteLength} bytes)]`)
  }
  if (types.isRegExp(u)) return walk.text(RegExp.prototype.toString.call(u))
  if (types.isSymbolObject(u)) return walk.text(String(Symbol.prototype.valueOf.call(u)))
  if (types.isBoxedPrimitive(u)) return walk.value(u.valueOf(), depth + 1)
  if (types.isPromise(u) || types.isWeakMap(u) || types.isWeakSet(u) || u instanceof WeakRef) return walk.tag(u)
  const toJSON = u["toJSON"]
  if (typeof toJSON === "function") return effectValue(u, toJSON, depth, walk)
  return walk.own(u, depth, new PlainObject())
}

// The `toJSON` of Effect's containers walks all they hold, without bounds: a cycle through two of
// them takes exponential time.
const effectValue = (u: Fields, toJSON: Function, depth: number, walk: Snapshot): unknown => {
  if (Option.isOption(u)) {
    return Option.isSome(u) ? tagged("Option", u._tag, "value", u.value, depth, walk) : walk.json(u, toJSON, depth)
  }
  if (Result.isResult(u)) {
    return Result.isSuccess(u)
      ? tagged("Result", u._tag, "value", u.success, depth, walk)
      : tagged("Result", u._tag, "failure", u.failure, depth, walk)
  }
  if (Exit.isExit(u)) {
    return Exit.isSuccess(u)
      ? tagged("Exit", u._tag, "value", u.value, depth, walk)
      : tagged("Exit", u._tag, "cause", u.cause, depth, walk)
  }
  if (HashMap.isHashMap(u)) return entries(u, HashMap.size(u), depth, walk)
  if (MutableHashMap.isMutableHashMap(u)) return entries(u, MutableHashMap.size(u), depth, walk)
  if (Chunk.isChunk(u)) return items(u, Chunk.size(u), depth, walk)
  if (HashSet.isHashSet(u)) return items(u, HashSet.size(u), depth, walk)
  return walk.json(u, toJSON, depth)
}

const tagged = (
  id: string,
  tag: string,
  key: string,
  value: unknown,
  depth: number,
  walk: Snapshot
): Record<string, unknown> => {
  const out = new PlainObject()
  out["_id"] = id
  out["_tag"] = tag
  out[key] = walk.value(value, depth + 1)
  return out
}

const withoutPassword = (url: URL): string => {
  if (url.password === "") return url.href
  const copy = new URL(url.href)
  copy.password = "redacted"
  return copy.href
}
