/**
 * How values of Effect are copied. All have a field `~effect/…` that says what
 * they are: containers are walked like every other value, what is one text or
 * number says so itself, and the rest (fibers, layers, queues, schemas, and
 * whatever comes later) is shown by its kind.
 *
 * The `toJSON` of Effect's containers is never called: it walks all they hold,
 * without bounds, and a cycle through two of them takes exponential time.
 */
import * as Chunk from "effect/Chunk"
import * as HashMap from "effect/HashMap"
import * as HashSet from "effect/HashSet"
import * as MutableHashMap from "effect/MutableHashMap"
import * as MutableHashSet from "effect/MutableHashSet"
import * as SchemaIssue from "effect/SchemaIssue"
import { isObject, PlainObject } from "../record/plainData.ts"
import { issueText } from "./captureError.ts"
import { entries, items, pairsOf } from "./collections.ts"
import * as Http from "./httpValues.ts"
import { emitterField, isTypeId, nameOf, typeIdPrefix } from "./KnownKeys.ts"
import { prototypeOf } from "./prototypes.ts"
import type { Copy, Fields } from "./walk.ts"

/** The copy of a value of Effect, or `undefined` when it is none. */
export const effectValue: Copy = (u, depth, walk) => {
  const ids = idsOf(u)
  for (const id of ids) {
    const copy = copies.get(id) ?? (leaf.test(id) ? json : undefined)
    if (copy !== undefined) return copy(u, depth, walk)
  }
  const kinds = ids.some((id) => data.test(id)) ? [] : ids.filter((id) => !trait.test(id))
  const kind = kinds.find((id) => id !== "Effect") ?? kinds[0]
  return kind === undefined ? undefined : walk.text(`[${nameOf(kindOfId(kind))}]`)
}

/** The same for an ordinary object, which may also be a copy of machinery: `{ ...request }` has all that was sent. */
export const markedValue: Copy = (u, depth, walk) =>
  effectValue(u, depth, walk) ?? (Object.hasOwn(u, emitterField) ? "[EventEmitter]" : undefined)

const none: ReadonlyArray<string> = []

const idsOf = (u: Fields): ReadonlyArray<string> => {
  let own: Array<string> | undefined
  for (const key in u) {
    if (isTypeId(key)) (own ??= []).push(key)
  }
  const inherited = prototypeOf(u).typeIds
  if (own === undefined && inherited.length === 0) return none
  return [...own ?? none, ...inherited].map((key) => key.slice(typeIdPrefix.length))
}

/** Those whose `toJSON` gives a text, or a few numbers. */
const leaf =
  /^(Duration|DateTime(\/TimeZone)?|BigDecimal|Cron|SemVer|SemVerRange|Glob|crypto\/\w+\/\w*Key|net\/(?!Dns)\w+)$/
/** The program's own values, made by a class or a constructor of Effect. */
const data = /^(Schema\/Class\/.*|Request|ai\/(Prompt|Response)(\/.*)?|reactivity\/(AsyncResult|Hydration\/.*))$/
/** What a value can do, whatever it is. */
const trait =
  /^(Equal|Hash|PrimaryKey|(Effect|ErrorReporter|Runtime)\/.*|http\/HttpServerRespondable|persistence\/Persistable|cluster\/DeliverAt)$/

/** `net/dns/Resolver/Live` is a `Resolver`. */
const kindOfId = (id: string): string => id.split("/").find((part) => /^[A-Z]/.test(part)) ?? id

const json: Copy = (u, depth, walk) => {
  const { toJSON } = u
  const copy: unknown = typeof toJSON === "function" ? Reflect.apply(toJSON, u, []) : u
  return copy === u ? walk.kind(u) : walk.value(copy, depth + 1)
}

/** Copies the named fields of a value. */
const fields = (id: string, ...names: ReadonlyArray<string>): Copy => (u, depth, walk) => {
  const out = new PlainObject()
  out["_id"] = id
  for (const name of names) {
    const copy = walk.value(u[name], depth + 1)
    if (copy !== undefined) out[name] = copy
  }
  return out
}

/** A place for one value, to which the path leads. */
const cell = (id: string, ...path: ReadonlyArray<string>): Copy => (u, depth, walk) => {
  const out = new PlainObject()
  out["_id"] = id
  out["value"] = walk.value(at(u, path), depth + 1)
  return out
}

/** Shown as the container to which the path leads. */
const wrapper = (...path: ReadonlyArray<string>): Copy => (u, depth, walk) => walk.value(at(u, path), depth + 1)

const at = (u: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce((value, key) => isObject(value) ? value[key] : undefined, u)

const success: Copy = ({ _tag, success: value }, depth, walk) =>
  fields("Result", "_tag", "value")({ _tag, value }, depth, walk)
const failure = fields("Result", "_tag", "failure")

const copies = new Map<string, Copy>([
  ["Option", fields("Option", "_tag", "value")],
  [
    "Result",
    (u, depth, walk) => u["_tag"] === "Success" ? success(u, depth, walk) : failure(u, depth, walk)
  ],
  ["Exit", fields("Exit", "_tag", "value", "cause")],
  ["Chunk", (u, depth, walk) => Chunk.isChunk(u) ? items(u, u.length, depth, walk) : walk.kind(u)],
  ["HashSet", (u, depth, walk) => HashSet.isHashSet(u) ? items(u, HashSet.size(u), depth, walk) : walk.kind(u)],
  ["HashMap", (u, depth, walk) => HashMap.isHashMap(u) ? entries(u, HashMap.size(u), depth, walk) : walk.kind(u)],
  [
    "MutableHashMap",
    (u, depth, walk) =>
      MutableHashMap.isMutableHashMap(u) ? entries(u, MutableHashMap.size(u), depth, walk) : walk.kind(u)
  ],
  [
    "MutableHashSet",
    (u, depth, walk) =>
      MutableHashSet.isMutableHashSet(u) ? items(u, MutableHashSet.size(u), depth, walk) : walk.kind(u)
  ],
  ["SchemaIssue/Issue", (u, _, walk) => SchemaIssue.isIssue(u) ? walk.text(issueText(u)) : walk.kind(u)],
  ["Cause/Done", fields("Done", "value")],
  ["Trie", (u, depth, walk) => entries(pairsOf(u), undefined, depth, walk)],
  ["Graph", fields("Graph", "type", "nodes", "edges")],
  ["HashRing", wrapper("nodes")],
  ["MutableRef", cell("MutableRef", "current")],
  ["Ref", cell("Ref", "ref", "current")],
  ["SynchronizedRef", cell("SynchronizedRef", "backing", "ref", "current")],
  ["SubscriptionRef", cell("SubscriptionRef", "value")],
  ["TxRef", cell("TxRef", "value")],
  ["TxSubscriptionRef", cell("TxSubscriptionRef", "ref", "value")],
  ["TxChunk", wrapper("ref", "value")],
  ["TxHashMap", wrapper("ref", "value")],
  ["TxHashSet", wrapper("ref", "value")],
  ["TxPriorityQueue", wrapper("ref", "value")],
  ["http/HttpClientRequest", Http.clientRequest],
  ["http/HttpClientResponse", Http.clientResponse],
  ["http/HttpServerRequest", Http.serverRequest],
  ["http/HttpServerResponse", Http.serverResponse],
  ["http/HttpBody", Http.httpBody],
  ["http/Cookies", Http.cookies],
  ["http/Cookies/Cookie", Http.cookie]
])
