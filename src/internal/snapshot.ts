/**
 * Copies what a program logs into plain data that shares nothing with it.
 *
 * One walk does four jobs: it copies, redacts, bounds (depth, keys, bytes) and
 * counts bytes. It never throws, save for `RedactionFailed`: a value that cannot
 * be read is replaced by a short marker, for that field only.
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
import type { CauseReason } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import { snapshotError, snapshotReasons } from "./errorSnapshot.ts"
import { KnownKeys, moreKeys, nameOf, RedactionFailed } from "./knownKeys.ts"
import { Packed } from "./Layout.ts"
import { newArray } from "./newArray.ts"
import { PlainObject } from "./plainData.ts"
import { type Shape, Shapes } from "./Shape.ts"
import { prefixWithin } from "./text.ts"

export interface Limits {
  readonly depth: number
  readonly keys: number
  readonly fieldBytes: number
  readonly recordBytes: number
}

export const defaultLimits: Limits = { depth: 8, keys: 100, fieldBytes: 32 * 1024, recordBytes: 256 * 1024 }

export const threw = "[threw]"
/** What every object and array is counted with, besides what it holds. */
export const objectBytes = 32
/** What a text is counted with. */
export const bytesOfText = (text: string): number => 16 + 2 * text.length
/** A text up to this length needs no more bytes than a field may have, whatever it holds. */
export const longestWhole = ({ fieldBytes }: Limits): number => Math.floor(fieldBytes / 3)
const none: ReadonlyArray<unknown> = []
/** Arrays of each small size, to be copied. */
const templates = Array.from({ length: 33 }, (_, size) => Array.from({ length: size }, (): unknown => none))
/** The answer that what was asked for is packed. */
const packed = Symbol("packed")
const circular = "[Circular]"
const truncated = "[truncated]"
const longestBigInt = 1n << 4096n

export type Fields = Readonly<Record<string, unknown>>

// oxlint-disable-next-line typescript/unbound-method -- always called on an object
const hasOwn = Object.prototype.hasOwnProperty
const tagOf = (u: object): string => Object.prototype.toString.call(u).slice(8, -1)

export class Snapshot {
  /** Estimated memory of what was copied since the last reset: two bytes a UTF-16 unit plus overheads. */
  bytes = 0
  private readonly marker: string
  readonly limits: Limits
  private readonly knownKeys: KnownKeys
  private readonly longestWhole: number
  /** The objects that are being walked, by their depth. */
  private readonly ancestors: Array<object | undefined> = []
  private readonly shapes: Shapes
  /** How far the message that is being packed is walked. */
  private shape: Shape
  private leaves: Array<unknown> = newArray()
  private leafCount = 0

  constructor(redactor: LogRedactor, limits: Limits) {
    this.marker = redactor.marker
    this.limits = limits
    this.knownKeys = new KnownKeys(redactor)
    this.shapes = new Shapes(this.knownKeys)
    this.shape = this.shapes.root(false)
    this.longestWhole = longestWhole(limits)
  }

  reset(): void {
    this.bytes = 0
  }

  value(u: unknown, depth = 0): unknown {
    switch (typeof u) {
      case "string":
        return this.text(u)
      case "number":
        this.bytes += 8
        return u - u === 0 ? u : String(u)
      case "boolean":
        this.bytes += 8
        return u
      case "undefined":
        return undefined
      case "bigint":
        return this.bigint(u)
      case "symbol":
        return this.text(String(u))
      case "function":
        return this.functionMarker(u)
      case "object":
        return isFields(u) ? this.object(u, depth) : null
    }
  }

  text(s: string): string {
    return this.bounded(s).toWellFormed()
  }

  /** Text of bounded length. Whoever shows it makes it well-formed: here that would be a tenth of the snapshot's time. */
  private bounded(s: string): string {
    if (s.length > this.longestWhole) return this.longText(s)
    if (this.bytes > this.limits.recordBytes) return this.withheldText(s)
    this.bytes += bytesOfText(s)
    return s
  }

  /** The messages of a log call: the only one, or all of them in an array. */
  messages(messages: ReadonlyArray<unknown>): unknown {
    if (messages.length !== 1) return this.list(messages)
    const only = messages[0]
    // Asked here too: a text is by far the most frequent message.
    return typeof only === "string" ? this.bounded(only) : this.message(only)
  }

  /** The only message of a log call. */
  message(u: unknown): unknown {
    if (typeof u === "object") this.beginPacking(false)
    const copy = this.copyOrPack(u, 0)
    return copy === packed ? this.packed() : copy
  }

  private list(messages: ReadonlyArray<unknown>): unknown {
    const { length } = messages
    if (length === 0 || length > this.limits.keys) return this.array(messages, -1)
    this.beginPacking(true)
    this.bytes += objectBytes + 8 * length
    for (let i = 0; i < length; i++) {
      this.shape = this.shapes.item(this.shape)
      const copy = this.copyOrPack(messages[i], 0)
      if (copy !== packed) this.leaves[this.leafCount++] = copy ?? null
    }
    return this.packed()
  }

  cause(cause: Cause.Cause<unknown>, depth = 0): ReadonlyArray<CauseReason> {
    return snapshotReasons(cause.reasons, depth, this)
  }

  /** Log spans as durations. */
  durations(spans: ReadonlyArray<[label: string, timestamp: number]>, now: number): Record<string, number> {
    const out = new PlainObject<number>()
    const bound = Math.min(spans.length, this.limits.keys)
    for (let i = 0; i < bound; i++) {
      const [label, timestamp] = spans[i]!
      out[nameOf(label)] = now - timestamp
    }
    return out
  }

  private longText(s: string): string {
    const left = Math.max(0, this.limits.recordBytes - this.bytes)
    const limit = Math.min(this.limits.fieldBytes, left)
    if (limit === 0) return this.withheldText(s)
    const prefix = prefixWithin(s, limit)
    this.bytes += bytesOfText(prefix)
    return prefix.length === s.length ? prefix : `${prefix}…[truncated: ${s.length} characters]`
  }

  private withheldText(s: string): string {
    this.bytes += 64
    return `[truncated: ${s.length} characters]`
  }

  // A very large BigInt is shown by its size: its decimal form takes quadratic time.
  private bigint(u: bigint): string {
    return u < longestBigInt && u > -longestBigInt ? this.text(String(u)) : "[BigInt of more than 4096 bits]"
  }

  private functionMarker(u: object): string {
    try {
      const name = (u as { readonly name?: unknown }).name
      return typeof name === "string" && name !== "" ? this.text(`[Function ${nameOf(name)}]`) : "[Function]"
    } catch {
      return "[Function]"
    }
  }

  private tag(u: object): string {
    return this.text(`[${nameOf(tagOf(u))}]`)
  }

  /** The leaves are put into an array of the size that was right the last time: it is not made larger while it is filled. */
  private beginPacking(isList: boolean): void {
    this.shape = this.shapes.root(isList)
    this.leaves = (templates[this.leafCount] ?? none).slice()
    this.leafCount = 0
  }

  private packed(): unknown {
    const { leafCount, leaves, shape } = this
    const layout = this.shapes.layout(shape)
    const message = new Packed(layout, leaves.length === leafCount ? leaves : leaves.slice(0, leafCount))
    return shape.mayRepeat ? message.unpack() : message
  }

  /** Packs plain objects, which is answered with {@link packed}, and copies everything else. */
  private copyOrPack(u: unknown, depth: number): unknown {
    if (typeof u === "string") return this.bounded(u)
    if (typeof u !== "object") return this.value(u, depth)
    return isFields(u) ? this.object(u, depth, true) : null
  }

  private packFields(source: Fields, depth: number): typeof packed {
    const { shapes } = this
    let shape = shapes.open(this.shape)
    let count = 0
    for (const key in source) {
      if (!hasOwn.call(source, key)) continue
      if (this.isEnough(count)) {
        shape = shapes.more(shape)
        this.leaves[this.leafCount++] = restOf(source, count)
        break
      }
      count++
      const field = shapes.field(shape, key)
      this.bytes += field.bytes
      this.shape = field
      const copy = field.sensitive ? this.marker : this.copyOrPack(read(source, key), depth + 1)
      if (copy === packed) {
        shape = this.shape
      } else if (copy !== undefined) {
        shape = field
        this.leaves[this.leafCount++] = copy
      }
    }
    this.shape = shapes.close(shape)
    return packed
  }

  /** With `packing`, plain objects are packed as far as can be, and the answer is {@link packed}. */
  private object(u: Fields, depth: number, packing = false): unknown {
    if (this.bytes > this.limits.recordBytes) return truncated
    const ancestors = this.ancestors
    for (let i = 0; i < depth; i++) {
      if (ancestors[i] === u) return circular
    }
    ancestors[depth] = u
    const { leafCount, shape } = this
    try {
      if (depth >= this.limits.depth) return Array.isArray(u) ? `[Array(${u.length})]` : this.tag(u)
      this.bytes += objectBytes
      if (Array.isArray(u)) {
        return Redactable.symbolRedactable in u ? this.redactable(u, depth) : this.array(u, depth)
      }
      const prototype: unknown = Object.getPrototypeOf(u)
      return prototype === Object.prototype || prototype === null
        ? this.plain(u, depth, packing)
        : this.instance(u, depth)
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
      this.shape = shape
      this.leafCount = leafCount
      return threw
    } finally {
      ancestors[depth] = undefined
    }
  }

  private array(source: ReadonlyArray<unknown>, depth: number): Array<unknown> {
    const length = source.length
    const bound = Math.min(length, this.limits.keys)
    const out = newArray()
    for (let i = 0; i < bound && this.bytes <= this.limits.recordBytes; i++) {
      let item: unknown
      try {
        item = source[i]
      } catch {
        item = threw
      }
      const copy = this.value(item, depth + 1)
      out.push(copy === undefined ? null : copy)
    }
    const count = out.length
    if (count < length) out.push(`[${length - count} more items]`)
    this.bytes += 8 * count
    return out
  }

  private plain(source: Fields, depth: number, packing: boolean): unknown {
    if (Redactable.symbolRedactable in source) return this.redactable(source, depth)
    const toJSON = source["toJSON"]
    if (typeof toJSON === "function") return this.json(source, toJSON, depth)
    return packing ? this.packFields(source, depth) : this.own(source, depth, new PlainObject())
  }

  own(source: Fields, depth: number, out: Record<string, unknown>): Record<string, unknown> {
    let count = 0
    for (const key in source) {
      if (!hasOwn.call(source, key)) continue
      if (this.isEnough(count)) {
        out[moreKeys] = restOf(source, count)
        break
      }
      count++
      const { bytes, name, sensitive } = this.knownKeys.get(key)
      this.bytes += bytes
      const copy = sensitive ? this.marker : this.value(read(source, key), depth + 1)
      if (copy !== undefined) out[name] = copy
    }
    return out
  }

  private isEnough(keys: number): boolean {
    return keys === this.limits.keys || this.bytes > this.limits.recordBytes
  }

  field(fields: Fields, key: string, depth: number, out: Record<string, unknown>): void {
    const { bytes, name, sensitive } = this.knownKeys.get(key)
    this.bytes += bytes
    try {
      const value = sensitive ? this.marker : fields[key]
      if (value !== undefined) out[name] = this.value(value, depth + 1)
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
      out[name] = threw
    }
  }

  private redactable(u: Fields, depth: number): unknown {
    return Redactable.isRedactable(u) ? this.value(Redactable.getRedacted(u), depth + 1) : threw
  }

  private json(u: Fields, toJSON: Function, depth: number): unknown {
    const copy: unknown = Reflect.apply(toJSON, u, [])
    return copy === u ? this.own(u, depth, new PlainObject()) : this.value(copy, depth + 1)
  }

  // Objects of other realms (a vm context, say) are told by what they are, not by their constructors.
  private instance(u: Fields, depth: number): unknown {
    if (Redacted.isRedacted(u)) return this.text(u.label === undefined ? "<redacted>" : `<redacted:${u.label}>`)
    if (Redactable.symbolRedactable in u) return this.redactable(u, depth)
    if (u instanceof Error || types.isNativeError(u)) return snapshotError(u, depth, this)
    if (typeof u["_tag"] === "string" && typeof u["message"] === "string") return snapshotError(u, depth, this)
    if (Cause.isCause(u)) return this.cause(u, depth + 1)
    if (types.isDate(u)) {
      return Number.isNaN(Date.prototype.getTime.call(u)) ? "Invalid Date" : Date.prototype.toISOString.call(u)
    }
    if (u instanceof URL) return this.text(withoutPassword(u))
    if (types.isMap(u)) return this.entries(Map.prototype.entries.call(u), u.size, depth)
    if (types.isSet(u)) return this.items(Set.prototype.values.call(u), u.size, depth)
    if (ArrayBuffer.isView(u) || types.isAnyArrayBuffer(u)) {
      return this.text(`[${nameOf(tagOf(u))}(${u.byteLength} bytes)]`)
    }
    if (types.isRegExp(u)) return this.text(RegExp.prototype.toString.call(u))
    if (types.isSymbolObject(u)) return this.text(String(Symbol.prototype.valueOf.call(u)))
    if (types.isBoxedPrimitive(u)) return this.value(u.valueOf(), depth + 1)
    if (types.isPromise(u) || types.isWeakMap(u) || types.isWeakSet(u) || u instanceof WeakRef) return this.tag(u)
    const toJSON = u["toJSON"]
    if (typeof toJSON === "function") return this.effectValue(u, toJSON, depth)
    return this.own(u, depth, new PlainObject())
  }

  // The `toJSON` of Effect's containers walks all they hold, without bounds: a cycle through two of
  // them takes exponential time.
  private effectValue(u: Fields, toJSON: Function, depth: number): unknown {
    if (Option.isOption(u)) {
      return Option.isSome(u) ? this.tagged("Option", u._tag, "value", u.value, depth) : this.json(u, toJSON, depth)
    }
    if (Result.isResult(u)) {
      return Result.isSuccess(u)
        ? this.tagged("Result", u._tag, "value", u.success, depth)
        : this.tagged("Result", u._tag, "failure", u.failure, depth)
    }
    if (Exit.isExit(u)) {
      return Exit.isSuccess(u)
        ? this.tagged("Exit", u._tag, "value", u.value, depth)
        : this.tagged("Exit", u._tag, "cause", u.cause, depth)
    }
    if (HashMap.isHashMap(u)) return this.entries(u, HashMap.size(u), depth)
    if (MutableHashMap.isMutableHashMap(u)) return this.entries(u, MutableHashMap.size(u), depth)
    if (Chunk.isChunk(u)) return this.items(u, Chunk.size(u), depth)
    if (HashSet.isHashSet(u)) return this.items(u, HashSet.size(u), depth)
    return this.json(u, toJSON, depth)
  }

  private tagged(id: string, tag: string, key: string, value: unknown, depth: number): Record<string, unknown> {
    const out = new PlainObject()
    out["_id"] = id
    out["_tag"] = tag
    out[key] = this.value(value, depth + 1)
    return out
  }

  private entries(source: Iterable<[unknown, unknown]>, size: number, depth: number): Record<string, unknown> {
    const out = new PlainObject()
    let count = 0
    for (const [key, value] of source) {
      if (count === this.limits.keys || this.bytes > this.limits.recordBytes) {
        out[moreKeys] = `[${size - count} more keys]`
        break
      }
      count++
      const name = typeof key === "string" ? key : this.keyOf(key)
      let shown = nameOf(name)
      if (hasOwn.call(out, shown)) shown += ` #${count}`
      this.bytes += 16 + shown.length
      const word = wordOf(key)
      const sensitive = this.knownKeys.isSensitive(name) || (word !== undefined && this.knownKeys.isSensitive(word))
      out[shown] = sensitive ? this.marker : this.value(value, depth + 1)
    }
    return out
  }

  private keyOf(key: unknown): string {
    if (typeof key !== "object" || key === null) return String(this.value(key))
    return Array.isArray(key) ? `[Array(${key.length})]` : this.tag(key)
  }

  private items(source: Iterable<unknown>, size: number, depth: number): Array<unknown> {
    const first: Array<unknown> = []
    for (const item of source) {
      if (first.length >= this.limits.keys) break
      first.push(item)
    }
    const out = this.array(first, depth)
    if (size > this.limits.keys) out.push(`[${size - this.limits.keys} more items]`)
    return out
  }
}

const read = (source: Fields, key: string): unknown => {
  try {
    return source[key]
  } catch {
    return threw
  }
}

const restOf = (source: Fields, count: number): string => `[${Object.keys(source).length - count} more keys]`

/** The word that the key of a map stands for although it is not shown as such. */
const wordOf = (key: unknown): string | undefined => {
  if (typeof key === "symbol") return key.description
  return types.isStringObject(key) ? String.prototype.valueOf.call(key) : undefined
}

/** What a snapshotted field was counted with. */
export const bytesOfField = (key: string, value: unknown): number => 16 + key.length + bytesOf(value)

const bytesOf = (value: unknown): number => {
  if (typeof value === "string") return bytesOfText(value)
  if (typeof value !== "object") return 8
  if (value === null) return 0
  if (Array.isArray(value)) return value.reduce((bytes: number, item) => bytes + 8 + bytesOf(item), objectBytes)
  let bytes = objectBytes
  for (const [key, item] of Object.entries(value)) bytes += bytesOfField(key, item)
  return bytes
}

const isFields = (u: object | null): u is Fields => u !== null

const withoutPassword = (url: URL): string => {
  if (url.password === "") return url.href
  const copy = new URL(url.href)
  copy.password = "redacted"
  return copy.href
}
