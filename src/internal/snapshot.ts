/**
 * Copies what a program logs into plain data that shares nothing with it.
 *
 * One walk does four jobs: it copies, redacts, bounds (depth, keys, bytes) and
 * counts bytes. It never throws, save for `RedactionFailed`: a value that cannot
 * be read is replaced by a short marker, for that field only.
 */
import * as Cause from "effect/Cause"
import * as Redactable from "effect/Redactable"
import * as Redacted from "effect/Redacted"
import type { CauseReason } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"

export interface Limits {
  readonly depth: number
  readonly keys: number
  readonly fieldBytes: number
  readonly recordBytes: number
}

export const defaultLimits: Limits = { depth: 8, keys: 100, fieldBytes: 32 * 1024, recordBytes: 256 * 1024 }

/** Raised when the redactor itself fails: the whole record must be withheld. */
export class RedactionFailed extends Error {
  override readonly name = "RedactionFailed"
}

export const threw = "[threw]"
const circular = "[Circular]"
const truncated = "[truncated]"
const longestKey = 256

/**
 * Output objects: ordinary, fast objects whose prototype is empty, so that keys
 * like `__proto__` or `constructor` are data like any other.
 */
export const PlainObject = function() {} as unknown as new() => Record<string, unknown>
PlainObject.prototype = Object.freeze(Object.create(null))

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder()
const hasOwn = Object.prototype.hasOwnProperty
const tagOf = (u: object): string => Object.prototype.toString.call(u).slice(8, -1)

/** The longest prefix of `text` that fits `limit` UTF-8 bytes and ends at a code point. */
export const prefixWithin = (text: string, limit: number): string => {
  const buffer = new Uint8Array(limit)
  const { written } = utf8.encodeInto(text.length > limit ? text.slice(0, limit) : text, buffer)
  // Decoding gives a string of its own: a slice would keep the original alive.
  return fromUtf8.decode(buffer.subarray(0, written))
}

export class Snapshot {
  /** Estimated memory of what was copied since the last reset: two bytes a UTF-16 unit plus overheads. */
  bytes = 0
  private readonly redactor: LogRedactor
  private readonly limits: Limits
  private readonly shortField: number
  private readonly ancestors: Array<object> = []

  constructor(redactor: LogRedactor, limits: Limits) {
    this.redactor = redactor
    this.limits = limits
    this.shortField = Math.floor(limits.fieldBytes / 3)
  }

  reset(): void {
    this.bytes = 0
    this.ancestors.length = 0
  }

  value(u: unknown, depth = 0): unknown {
    switch (typeof u) {
      case "string":
        return this.text(u)
      case "number":
        this.bytes += 8
        return Number.isFinite(u) ? u : String(u)
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
        return u === null ? null : this.object(u, depth)
    }
  }

  text(s: string): string {
    const length = s.length
    if (length > this.shortField) return this.longText(s)
    if (this.bytes > this.limits.recordBytes) return truncated
    this.bytes += 16 + 2 * length
    return s.isWellFormed() ? s : s.toWellFormed()
  }

  /** The annotations of a fiber or of a direct logger. */
  fields(source: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const copy = this.object(source, 0)
    if (isRecord(copy)) return copy
    const out = new PlainObject()
    out["annotations"] = copy
    return out
  }

  cause(cause: Cause.Cause<unknown>): ReadonlyArray<CauseReason> {
    const out: Array<CauseReason> = []
    for (const reason of cause.reasons) {
      if (out.length >= this.limits.keys) break
      this.bytes += 32
      if (Cause.isFailReason(reason)) out.push({ kind: "Fail", error: this.value(reason.error) })
      else if (Cause.isDieReason(reason)) out.push({ kind: "Die", error: this.value(reason.defect) })
      else out.push({ kind: "Interrupt", fiberId: reason.fiberId })
    }
    return out
  }

  private longText(s: string): string {
    const left = Math.max(0, this.limits.recordBytes - this.bytes)
    const limit = Math.min(this.limits.fieldBytes, left)
    if (limit === 0) return truncated
    const prefix = prefixWithin(s, limit)
    this.bytes += 16 + 2 * prefix.length
    return prefix.length === s.length ? prefix : `${prefix}…[truncated: ${s.length} characters]`
  }

  // A very large BigInt is shown by its size: its decimal form takes quadratic time.
  private bigint(u: bigint): string {
    const bound = 1n << 4096n
    return u < bound && u > -bound ? this.text(String(u)) : "[BigInt of more than 4096 bits]"
  }

  private functionMarker(u: object): string {
    try {
      const name = (u as { readonly name?: unknown }).name
      return typeof name === "string" && name !== "" ? `[Function ${this.key(name)}]` : "[Function]"
    } catch {
      return "[Function]"
    }
  }

  private key(key: string): string {
    if (key.length > longestKey) return prefixWithin(key, longestKey) + "…"
    return key.isWellFormed() ? key : key.toWellFormed()
  }

  private object(u: object, depth: number): unknown {
    if (this.bytes > this.limits.recordBytes) return truncated
    const ancestors = this.ancestors
    for (let i = 0; i < ancestors.length; i++) {
      if (ancestors[i] === u) return circular
    }
    const mark = ancestors.push(u)
    try {
      if (depth >= this.limits.depth) return Array.isArray(u) ? `[Array(${u.length})]` : `[${tagOf(u)}]`
      this.bytes += 32
      if (Array.isArray(u)) return this.array(u, depth)
      const prototype: unknown = Object.getPrototypeOf(u)
      return prototype === Object.prototype || prototype === null
        ? this.plain(u, depth)
        : this.instance(u, depth)
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
      return threw
    } finally {
      ancestors.length = mark - 1
    }
  }

  private array(source: ReadonlyArray<unknown>, depth: number): Array<unknown> {
    const length = source.length
    const bound = Math.min(length, this.limits.keys)
    const out: Array<unknown> = []
    for (let i = 0; i < bound; i++) {
      let item: unknown
      try {
        item = source[i]
      } catch {
        item = threw
      }
      const copy = this.value(item, depth + 1)
      out.push(copy === undefined ? null : copy)
    }
    if (bound < length) out.push(`[${length - bound} more items]`)
    this.bytes += 8 * bound
    return out
  }

  private plain(source: object, depth: number): unknown {
    if (Redactable.symbolRedactable in source) return this.redactable(source, depth)
    const toJSON: unknown = (source as { readonly toJSON?: unknown }).toJSON
    if (typeof toJSON === "function") return this.json(source, depth)
    return this.own(source, depth, new PlainObject())
  }

  private own(source: object, depth: number, out: Record<string, unknown>): Record<string, unknown> {
    const fields = source as Readonly<Record<string, unknown>>
    let count = 0
    for (const key in fields) {
      if (!hasOwn.call(fields, key)) continue
      if (count === this.limits.keys) {
        out["…"] = `[${Object.keys(fields).length - count} more keys]`
        break
      }
      count++
      this.field(fields, key, depth, out)
    }
    return out
  }

  private field(
    fields: Readonly<Record<string, unknown>>,
    key: string,
    depth: number,
    out: Record<string, unknown>
  ): void {
    this.bytes += 16 + key.length
    const name = key.length <= longestKey && key.isWellFormed() ? key : this.key(key)
    if (this.sensitive(key)) {
      out[name] = this.redactor.marker
      return
    }
    let value: unknown
    try {
      value = fields[key]
    } catch {
      out[name] = threw
      return
    }
    if (typeof value === "string") out[name] = this.text(value)
    else if (value !== undefined) out[name] = this.value(value, depth + 1)
  }

  private sensitive(key: string): boolean {
    try {
      return this.redactor.isSensitive(key)
    } catch (cause) {
      throw new RedactionFailed("the redactor failed", { cause })
    }
  }

  private redactable(u: object, depth: number): unknown {
    return Redactable.isRedactable(u) ? this.value(Redactable.getRedacted(u), depth + 1) : threw
  }

  private json(u: object, depth: number): unknown {
    const copy: unknown = (u as { readonly toJSON: () => unknown }).toJSON()
    return copy === u ? this.own(u, depth, new PlainObject()) : this.value(copy, depth + 1)
  }

  private instance(u: object, depth: number): unknown {
    if (Redacted.isRedacted(u)) return String(u)
    if (Redactable.symbolRedactable in u) return this.redactable(u, depth)
    if (u instanceof Error) return this.error(u, depth)
    if (Cause.isCause(u)) return this.cause(u)
    if (u instanceof Date) {
      return Number.isNaN(Date.prototype.getTime.call(u)) ? "Invalid Date" : Date.prototype.toISOString.call(u)
    }
    if (u instanceof URL) return this.text(withoutPassword(u))
    if (u instanceof Map) return this.map(u, depth)
    if (u instanceof Set) return this.set(u, depth)
    if (ArrayBuffer.isView(u) || u instanceof ArrayBuffer || u instanceof SharedArrayBuffer) {
      return `[${tagOf(u)}(${u.byteLength} bytes)]`
    }
    if (u instanceof RegExp) return this.text(RegExp.prototype.toString.call(u))
    if (u instanceof String || u instanceof Number || u instanceof Boolean || u instanceof BigInt) {
      return this.value(u.valueOf(), depth + 1)
    }
    if (
      u instanceof Promise || u instanceof WeakMap || u instanceof WeakSet || u instanceof WeakRef ||
      u instanceof Symbol
    ) {
      return `[${tagOf(u)}]`
    }
    if (typeof (u as { readonly toJSON?: unknown }).toJSON === "function") return this.json(u, depth)
    return this.own(u, depth, new PlainObject())
  }

  private error(u: Error, depth: number): Record<string, unknown> {
    const out = new PlainObject()
    const fields = u as unknown as Readonly<Record<string, unknown>>
    for (const key of ["name", "message", "stack"]) {
      this.field(fields, key, depth, out)
    }
    this.own(u, depth, out)
    for (const key of ["cause", "errors"]) {
      if (hasOwn.call(u, key) && !hasOwn.call(out, key)) this.field(fields, key, depth, out)
    }
    return out
  }

  private map(u: ReadonlyMap<unknown, unknown>, depth: number): unknown {
    const out = new PlainObject()
    const size = u.size
    let count = 0
    for (const [key, value] of Map.prototype.entries.call(u)) {
      if (count === this.limits.keys) {
        out["…"] = `[${size - count} more keys]`
        break
      }
      count++
      const name = typeof key === "string" ? key : this.keyOf(key)
      out[this.key(name)] = this.sensitive(name) ? this.redactor.marker : this.value(value, depth + 1)
      this.bytes += 16 + name.length
    }
    return out
  }

  private keyOf(key: unknown): string {
    const copy = this.value(key, this.limits.depth)
    return typeof copy === "string" ? copy : String(copy)
  }

  private set(u: ReadonlySet<unknown>, depth: number): unknown {
    const items: Array<unknown> = []
    for (const item of Set.prototype.values.call(u)) {
      if (items.length > this.limits.keys) break
      items.push(item)
    }
    const out = this.array(items.slice(0, this.limits.keys), depth)
    if (u.size > this.limits.keys) out.push(`[${u.size - this.limits.keys} more items]`)
    return out
  }
}

const isRecord = (u: unknown): u is Record<string, unknown> => typeof u === "object" && u !== null && !Array.isArray(u)

const withoutPassword = (url: URL): string => {
  if (url.password === "") return url.href
  const copy = new URL(url.href)
  copy.password = "redacted"
  return copy.href
}
