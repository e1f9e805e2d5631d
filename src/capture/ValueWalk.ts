/**
 * Copies what a program logs into plain data that shares nothing with it.
 *
 * One walk does four jobs: it copies, redacts, bounds (depth, keys, bytes) and
 * counts bytes. It never throws, save for `RedactionFailed`: a value that cannot
 * be read is replaced by a short marker, for that field only.
 */
import type * as Cause from "effect/Cause"
import * as Redactable from "effect/Redactable"
import type { LogRedactor } from "../LogRedactor.ts"
import type { CauseReason } from "../record/CauseReason.ts"
import { CutText } from "../record/CutText.ts"
import { freeName, newArray, PlainObject, threw } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import { captureError, captureReasons, deepError, isError, isFailure } from "./captureError.ts"
import { markedValue } from "./effectValues.ts"
import { instance } from "./instances.ts"
import { type Holds, KnownKeys, moreKeys, RedactionFailed } from "./KnownKeys.ts"
import { type Limits, objectBytes } from "./limits.ts"
import { instead, item as shownItem } from "./namedValues.ts"
import { Texts } from "./Texts.ts"
import { type Fields, isFields, type Walk } from "./walk.ts"

const circular = "[Circular]"
const truncated = "[truncated]"
/** So many keys a walk passes over; then objects are withheld. */
const mostPassed = 10_000
/** The keys of a prototype come after an object's own. */
export const mostInherited = 1000

/** What an object is copied as. */
type Role = "value" | "packed" | "failure"

// Not shared between files: the engine asks it quickly where it is a constant of the file.
// oxlint-disable-next-line typescript/unbound-method -- always called on an object
const hasOwn = Object.prototype.hasOwnProperty

export abstract class ValueWalk extends Texts implements Walk {
  /** Keys beyond their bounds that were passed over since the last reset. */
  private passed = 0
  /** Whether what is copied belongs to an error. */
  isInsideError = false
  readonly marker: string
  /** The objects that are being walked, by their depth. */
  private readonly ancestors: Array<object | undefined> = []

  constructor(redactor: LogRedactor, limits: Limits) {
    super(new KnownKeys(redactor), limits)
    this.marker = redactor.marker
  }

  /** Packs the fields of an ordinary object. */
  protected abstract packFields(source: Fields, depth: number): unknown

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
    const more = errors.length - bound
    if (more > 0) out.push(`[${more} more ${plural(more, "item")}]`)
    return out
  }

  /** The value of a field, or what stands in its place. */
  read(fields: Fields, key: string): unknown {
    const { holds } = this.knownKeys.get(key)
    return holds === "secret" || holds === "typeId" ? this.marker : this.valueAt(fields, key)
  }

  // A method, not a function of another file: the engine puts it into the loops over fields.
  protected valueAt(source: Fields, key: string): unknown {
    try {
      return source[key]
    } catch {
      return threw
    }
  }

  /** Copies an object; to be `packed` means something to ordinary ones only. */
  protected object(u: Fields, depth: number, as: Role = "value"): unknown {
    if (this.bytes > this.limits.recordBytes || this.passed > mostPassed) return this.withheldObject(u)
    const ancestors = this.ancestors
    for (let i = 0; i < depth; i++) {
      if (ancestors[i] === u) return circular
    }
    ancestors[depth] = u
    const { isInsideError } = this
    try {
      if (depth >= this.limits.depth) {
        return Array.isArray(u)
          ? `[Array(${u.length})]`
          : isError(u)
          ? deepError(u, this)
          : u instanceof CutText
          ? u.toWellFormed()
          : this.tag(u)
      }
      this.bytes += objectBytes
      if (Array.isArray(u)) {
        return Redactable.symbolRedactable in u ? this.redactable(u, depth) : this.array(u, depth)
      }
      const prototype: unknown = Object.getPrototypeOf(u)
      if (as === "failure" && isFailure(u)) return captureError(u, depth, this)
      return prototype === Object.prototype || (prototype === null && !(Symbol.toStringTag in u))
        ? this.ordinary(u, depth, as)
        : instance(u, depth, this)
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
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
    if (count < length) out.push(`[${length - count} more ${plural(length - count, "item")}]`)
    this.bytes += 8 * count
    return out
  }

  private ordinary(source: Fields, depth: number, as: Role): unknown {
    if (Redactable.symbolRedactable in source) return this.redactable(source, depth)
    const toJSON = source["toJSON"]
    if (typeof toJSON === "function") return this.json(source, toJSON, depth)
    return as === "packed" ? this.packFields(source, depth) : this.own(source, depth, new PlainObject())
  }

  /** Copies the fields of an object. */
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
        const copy = isOrdinary(source) ? markedValue(source, depth, this) : undefined
        if (copy === undefined) continue
        return copy
      }
      this.bytes += bytes
      const copy = holds === "secret"
        ? this.marker
        : this.kept(holds, instead(holds, source, this.valueAt(source, key), this), depth + 1)
      if (copy !== undefined) out[name === key ? name : freeName(out, name)] = copy
    }
    if (more > 0) out[freeName(out, moreKeys)] = this.rest(more)
    return out
  }

  /** To list the keys of an object takes time for all of them: one that has many uses up what a walk may take. */
  rest(more: number): string {
    this.passed += more
    return `[${more} more ${plural(more, "key")}]`
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

  /** The value of a key that is shown. */
  kept(holds: Holds, u: unknown, depth: number): unknown {
    if (holds !== "url") return this.value(u, depth)
    if (typeof u === "string") return this.url(u)
    const copy = this.value(u, depth)
    return Array.isArray(copy)
      ? copy.map((item: unknown) => typeof item === "string" ? this.knownKeys.redactUrl(item) : item)
      : copy
  }

  private withheldObject(u: Fields): string {
    this.bytes += 64
    try {
      return Array.isArray(u)
        ? `[truncated: ${u.length} ${plural(u.length, "item")}]`
        : isError(u)
        ? deepError(u, this)
        : truncated
    } catch (error) {
      if (error instanceof RedactionFailed) throw error
      return truncated
    }
  }
}

/** A field as far as it can be read. */
const isOrdinary = (u: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(u)
  return prototype === Object.prototype || prototype === null
}
