/**
 * How objects are copied that are neither ordinary ones nor arrays.
 */
import * as Cause from "effect/Cause"
import * as Redactable from "effect/Redactable"
import * as Redacted from "effect/Redacted"
import { builtIns } from "../node/builtIns.ts"
import { CutText } from "../record/CutText.ts"
import { CauseSnapshot } from "../record/ErrorSnapshot.ts"
import { PlainObject } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import { captureError, isError } from "./captureError.ts"
import { entries, items } from "./collections.ts"
import { effectValue } from "./effectValues.ts"
import { tagOf } from "./kinds.ts"
import { nameOf } from "./KnownKeys.ts"
import { machinery } from "./machinery.ts"
import { prototypeOf } from "./prototypes.ts"
import type { Fields, Walk } from "./walk.ts"
import { webCopy } from "./webValues.ts"

// Objects of other realms (a vm context, say) are told by what they are, not by their constructors.
export const instance = (u: Fields, depth: number, walk: Walk): unknown => {
  if (u instanceof CutText) return u.toWellFormed()
  if (Redacted.isRedacted(u)) return walk.text(u.label === undefined ? "<redacted>" : `<redacted:${u.label}>`)
  if (Redactable.symbolRedactable in u) return walk.redactable(u, depth)
  if (isError(u)) return captureError(u, depth, walk)
  if (Cause.isCause(u)) return new CauseSnapshot(walk.cause(u, depth + 1))
  if (builtIns.isDate(u)) {
    return Number.isNaN(Date.prototype.getTime.call(u)) ? "Invalid Date" : Date.prototype.toISOString.call(u)
  }
  if (builtIns.isMap(u)) return entries(Map.prototype.entries.call(u), u.size, depth, walk)
  if (builtIns.isSet(u)) return items(Set.prototype.values.call(u), u.size, depth, walk)
  if (ArrayBuffer.isView(u) || builtIns.isAnyArrayBuffer(u)) {
    return walk.text(`[${nameOf(tagOf(u))}(${u.byteLength} ${plural(u.byteLength, "byte")})]`)
  }
  if (builtIns.isRegExp(u)) return walk.text(RegExp.prototype.toString.call(u))
  if (builtIns.isSymbolObject(u)) return walk.text(String(Symbol.prototype.valueOf.call(u)))
  if (builtIns.isBoxedPrimitive(u)) return walk.value(u.valueOf(), depth + 1)
  if (builtIns.isPromise(u) || builtIns.isWeakMap(u) || builtIns.isWeakSet(u) || u instanceof WeakRef) {
    return walk.tag(u)
  }
  const tag = Symbol.toStringTag in u ? tagOf(u) : undefined
  const copy = tag === undefined ? undefined : webCopy(u, tag)
  if (copy !== undefined) return copy(u, depth, walk)
  const effect = effectValue(u, depth, walk)
  if (effect !== undefined) return effect
  const { href, resolveObject, toJSON } = u
  if (typeof href === "string" && typeof resolveObject === "function") return walk.url(href)
  if (typeof toJSON === "function") return walk.json(u, toJSON, depth)
  if (prototypeOf(u).isMachinery) return machinery(u, walk)
  // A class that a library has instead of the platform's own keeps its state where a walk finds it.
  if (tag !== undefined && tag in globalThis) return walk.kind(u)
  return Object.keys(u).length === 0 ? walk.kind(u) : walk.own(u, depth, new PlainObject())
}
