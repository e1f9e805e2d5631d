/**
 * Copies what a program logs into plain data that shares nothing with it.
 *
 * One walk does four jobs: it copies, redacts, bounds (depth, keys, bytes) and
 * counts bytes. It never throws, save for `RedactionFailed`: a value that cannot
 * be read is replaced by a short marker, for that field only.
 */
import type * as Cause from "effect/Cause"
import * as Redactable from "effect/Redactable"
import type { CauseReason } from "../LogRecord.ts"
import type { LogRedactor } from "../LogRedactor.ts"
import { PackedMessage } from "../record/PackedMessage.ts"
import { freeName, newArray, PlainObject, threw } from "../record/plainData.ts"
import { prefixWithin } from "../record/text.ts"
import { captureError, captureReasons, deepError, isError, isFailure } from "./captureError.ts"
import { markedValue } from "./effectValues.ts"
import { instance } from "./instances.ts"
import { kindOf, tagOf } from "./kinds.ts"
import { type Holds, KnownKeys, moreKeys, nameOf, RedactionFailed } from "./KnownKeys.ts"
import { bytesOfText, type Limits, longestWhole, objectBytes } from "./limits.ts"
import { type MessageShape, MessageShapes } from "./MessageShapes.ts"
import { alternating, bodyText, isRequest, item as shownItem, valueNamed } from "./namedValues.ts"
import type { Fields, Walk } from "./walk.ts"

const none: ReadonlyArray<unknown> = []
/** Arrays of each small size, to be copied. */
const templates = Array.from({ length: 33 }, (_, size) => Array.from({ length: size }, (): unknown => none))
/** The answer that what was asked for is packed. */
const packed = Symbol("packed")
const circular = "[Circular]"
const truncated = "[truncated]"
/** So many keys a walk passes over; then objects are withheld. */
const mostPassed = 10_000
/** The keys of a prototype come after an object's own. */
const mostInherited = 1000
const longestBigInt = 1n << 4096n

/** What an object is copied as. */
type Role = "value" | "packed" | "failure"

// oxlint-disable-next-line typescript/unbound-method -- always called on an object
const hasOwn = Object.prototype.hasOwnProperty

export class Snapshot implements Walk {
  /** Estimated memory of what was copied since the last reset: two bytes a UTF-16 unit plus overheads. */
  bytes = 0
  /** Keys beyond their bounds that were passed over since the last reset. */
  private passed = 0
  /** Whether what is copied belongs to an error. */
  isInsideError = false
  readonly marker: string
  readonly limits: Limits
  readonly knownKeys: KnownKeys
  private readonly longestWhole: number
  /** A text of which secrets are to be hidden is looked at up to here: no more of it can be shown. */
  private readonly longestRead: number
  /** The objects that are being walked, by their depth. */
  private readonly ancestors: Array<object | undefined> = []
  private readonly shapes: MessageShapes
  /** How far the message that is being packed is walked. */
  private shape: MessageShape
  private leaves: Array<unknown> = newArray()
  private leafCount = 0

  constructor(redactor: LogRedactor, limits: Limits) {
    this.marker = redactor.marker
    this.limits = limits
    this.knownKeys = new KnownKeys(redactor)
    this.shapes = new MessageShapes(this.knownKeys)
    this.shape = this.shapes.root(false)
    this.longestWhole = longestWhole(limits)
    this.longestRead = 2 * limits.fieldBytes
  }

  reset(): void {
    this.bytes = 0
    this.passed = 0
    this.isInsideError = false
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
    if (this.bytes > this.limits.recordBytes) return this.withheldText(s.length)
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
    return captureReasons(cause.reasons, depth, this)
  }

  /** What failed, or what an error was caused by: there an object with a message stands for an error, whatever it is made of. */
  failure(u: unknown, depth: number): unknown {
    if (typeof u === "string") return this.said(u)
    return typeof u === "object" && isFields(u) ? this.object(u, depth, "failure") : this.value(u, depth)
  }

  /** The errors that an error gathers. */
  failures(errors: ReadonlyArray<unknown>, depth: number): ReadonlyArray<unknown> {
    const bound = Math.min(errors.length, this.limits.keys)
    const out: Array<unknown> = []
    for (let i = 0; i < bound; i++) out.push(this.failure(errors[i], depth + 1) ?? null)
    if (bound < errors.length) out.push(`[${errors.length - bound} more items]`)
    return out
  }

  /** The value of a field, or what stands in its place. */
  read(fields: Fields, key: string): unknown {
    const { holds } = this.knownKeys.get(key)
    return holds === "secret" || holds === "typeId" ? this.marker : read(fields, key)
  }

  /** Log spans as durations, the innermost first. What is left out is shown by the outermost. */
  durations(spans: ReadonlyArray<[label: string, timestamp: number]>, now: number): Record<string, number> {
    const out = new PlainObject<number>()
    const bound = Math.min(spans.length, this.limits.keys)
    for (let i = 0; i < bound; i++) {
      const [label, timestamp] = spans[i]!
      // The clock may have been set back since.
      out[nameOf(this.knownKeys.redactText(label))] = Math.max(0, now - timestamp)
    }
    const outermost = spans.at(-1)
    if (bound < spans.length && outermost !== undefined) {
      out[`[${spans.length - bound} more spans]`] = Math.max(0, now - outermost[1])
    }
    return out
  }

  /** A long text, or the beginning of one that is of the given length. */
  private longText(s: string, length = s.length): string {
    const left = Math.max(0, this.limits.recordBytes - this.bytes)
    const limit = Math.min(this.limits.fieldBytes, left)
    if (limit === 0) return this.withheldText(length)
    const prefix = prefixWithin(s, limit)
    this.bytes += bytesOfText(prefix)
    return prefix.length === length ? prefix : `${prefix}…[truncated: ${length} characters]`
  }

  private withheldText(length: number): string {
    this.bytes += 64
    return `[truncated: ${length} characters]`
  }

  private withheldObject(u: Fields): string {
    this.bytes += 64
    try {
      return Array.isArray(u) ? `[truncated: ${u.length} items]` : isError(u) ? deepError(u, this) : truncated
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
      return truncated
    }
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

  tag(u: object): string {
    return this.text(`[${nameOf(tagOf(u))}]`)
  }

  kind(u: object): string {
    return this.text(`[${nameOf(kindOf(u))}]`)
  }

  url(text: string): string {
    return this.packedUrl(text).toWellFormed()
  }

  /** What an error says, which often names the URL that failed. */
  said(text: string): string {
    const { length } = text
    return length <= this.longestRead
      ? this.text(this.knownKeys.redactText(text))
      : this.longText(this.knownKeys.redactText(this.beginning(text)), length).toWellFormed()
  }

  /** As {@link bounded}. */
  private packedUrl(text: string): string {
    const { length } = text
    return length <= this.longestRead
      ? this.bounded(this.knownKeys.redactUrl(text))
      : this.longText(this.knownKeys.redactUrl(this.beginning(text)), length)
  }

  /** So much of a long text that what is cut from it afterwards has its secrets. Credentials whose end is not seen end there. */
  private beginning(text: string): string {
    return `${text.slice(0, this.longestRead)}@`
  }

  /** The value of a key that is shown. */
  kept(holds: Holds, u: unknown, depth: number): unknown {
    if (holds !== "url") return this.value(u, depth)
    if (typeof u === "string") return this.url(u)
    const copy = this.value(u, depth)
    return Array.isArray(copy)
      ? copy.map((item: unknown) => typeof item === "string" ? this.knownKeys.redactUrl(item) : item)
      : copy
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
    const message = new PackedMessage(layout, leaves.length === leafCount ? leaves : leaves.slice(0, leafCount))
    return shape.mayRepeat ? message.unpack() : message
  }

  /** Packs plain objects, which is answered with {@link packed}, and copies everything else. */
  private copyOrPack(u: unknown, depth: number): unknown {
    if (typeof u === "string") return this.bounded(u)
    if (typeof u !== "object") return this.value(u, depth)
    return isFields(u) ? this.object(u, depth, "packed") : null
  }

  private packFields(source: Fields, depth: number): unknown {
    const { leafCount, shape: start, shapes } = this
    let shape = shapes.open(start)
    let count = 0
    let more = 0
    let inherited = 0
    for (const key in source) {
      if (!hasOwn.call(source, key)) {
        if (++inherited > mostInherited) break
        continue
      }
      if (more > 0 || this.isEnough(count)) {
        more++
        continue
      }
      count++
      const field = shapes.field(shape, key)
      if (field.holds === "typeId") {
        const copy = markedValue(source, depth, this)
        if (copy === undefined) continue
        this.shape = start
        this.leafCount = leafCount
        return copy
      }
      this.bytes += field.bytes
      this.shape = field
      const copy = field.holds === "data"
        ? this.copyOrPack(read(source, key), depth + 1)
        : this.packOther(field.holds, source, key, depth + 1)
      if (copy === packed) {
        shape = this.shape
      } else if (copy !== undefined) {
        shape = field
        this.leaves[this.leafCount++] = copy
      }
    }
    if (more > 0) {
      shape = shapes.more(shape)
      this.leaves[this.leafCount++] = this.rest(more)
    }
    this.shape = shapes.close(shape)
    return packed
  }

  private packOther(holds: Holds, source: Fields, key: string, depth: number): unknown {
    if (holds === "secret") return this.marker
    const u = read(source, key)
    if (holds !== "url") return this.copyOrPack(this.instead(holds, source, u), depth)
    return typeof u === "string" ? this.packedUrl(u) : this.kept(holds, u, depth)
  }

  /** What is copied instead of a value, for what is known by other fields or items. */
  instead(holds: Holds, source: Fields, value: unknown): unknown {
    try {
      switch (holds) {
        case "value":
          return valueNamed(source, value, this)
        case "body":
          return this.isInsideError && isRequest(source) ? bodyText(value) : value
        case "headers":
          return Array.isArray(value) ? alternating(value, this) : value
        default:
          return value
      }
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
      return threw
    }
  }

  /** To be `packed`, plain objects are packed as far as can be, and the answer is {@link packed}. */
  private object(u: Fields, depth: number, as: Role = "value"): unknown {
    if (this.bytes > this.limits.recordBytes || this.passed > mostPassed) return this.withheldObject(u)
    const ancestors = this.ancestors
    for (let i = 0; i < depth; i++) {
      if (ancestors[i] === u) return circular
    }
    ancestors[depth] = u
    const { isInsideError, leafCount, shape } = this
    try {
      if (depth >= this.limits.depth) {
        return Array.isArray(u)
          ? `[Array(${u.length})]`
          : isError(u)
          ? deepError(u, this)
          : this.tag(u)
      }
      this.bytes += objectBytes
      if (Array.isArray(u)) {
        return Redactable.symbolRedactable in u ? this.redactable(u, depth) : this.array(u, depth)
      }
      const prototype: unknown = Object.getPrototypeOf(u)
      if (as === "failure" && isFailure(u)) return captureError(u, depth, this)
      return prototype === Object.prototype || (prototype === null && !(Symbol.toStringTag in u))
        ? this.plain(u, depth, as)
        : instance(u, depth, this)
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
      this.shape = shape
      this.leafCount = leafCount
      return threw
    } finally {
      ancestors[depth] = undefined
      this.isInsideError = isInsideError
    }
  }

  array(source: ReadonlyArray<unknown>, depth: number): Array<unknown> {
    const length = source.length
    const bound = Math.min(length, this.limits.keys)
    const out = newArray()
    for (let i = 0; i < bound && this.bytes <= this.limits.recordBytes; i++) {
      let item: unknown
      try {
        item = shownItem(source[i], this)
      } catch (error) {
        if (error instanceof RedactionFailed) throw error
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

  private plain(source: Fields, depth: number, as: Role): unknown {
    if (Redactable.symbolRedactable in source) return this.redactable(source, depth)
    const toJSON = source["toJSON"]
    if (typeof toJSON === "function") return this.json(source, toJSON, depth)
    return as === "packed" ? this.packFields(source, depth) : this.own(source, depth, new PlainObject())
  }

  own(source: Fields, depth: number, out: Record<string, unknown>): unknown {
    let count = 0
    let more = 0
    let inherited = 0
    for (const key in source) {
      if (!hasOwn.call(source, key)) {
        if (++inherited > mostInherited) break
        continue
      }
      if (more > 0 || this.isEnough(count)) {
        more++
        continue
      }
      count++
      const { bytes, holds, name } = this.knownKeys.get(key)
      if (holds === "typeId") {
        const copy = isPlain(source) ? markedValue(source, depth, this) : undefined
        if (copy === undefined) continue
        return copy
      }
      this.bytes += bytes
      const copy = holds === "secret"
        ? this.marker
        : this.kept(holds, this.instead(holds, source, read(source, key)), depth + 1)
      if (copy !== undefined) out[name === key ? name : freeName(out, name)] = copy
    }
    if (more > 0) out[freeName(out, moreKeys)] = this.rest(more)
    return out
  }

  /** To list the keys of an object takes time for all of them: one that has many uses up what a walk may take. */
  rest(more: number): string {
    this.passed += more
    return `[${more} more keys]`
  }

  isEnough(keys: number): boolean {
    return keys === this.limits.keys || this.bytes > this.limits.recordBytes
  }

  redactable(u: Fields, depth: number): unknown {
    return Redactable.isRedactable(u) ? this.value(Redactable.getRedacted(u), depth + 1) : threw
  }

  json(u: Fields, toJSON: Function, depth: number): unknown {
    const copy: unknown = Reflect.apply(toJSON, u, [])
    return copy === u ? this.own(u, depth, new PlainObject()) : this.value(copy, depth + 1)
  }
}

const read = (source: Fields, key: string): unknown => {
  try {
    return source[key]
  } catch {
    return threw
  }
}

const isPlain = (u: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(u)
  return prototype === Object.prototype || prototype === null
}

const isFields = (u: object | null): u is Fields => u !== null
