import type { LogRedactor } from "../LogRedactor.ts"
import { newArray } from "../record/plainData.ts"
import { shortened } from "../record/text.ts"
import { type Names, redactText } from "../rules/redact/redactText.ts"
import { redactUrl } from "../rules/redact/redactUrl.ts"

/** So much of a name is written. */
export const longestName = 256
/** So much of either end of a name is looked at: any text may be one, beside a value or before it. */
const longestEnd = 512
/** Stands where the rest of an object would. */
export const moreKeys = "…"
/** A longer key is not remembered. */
export const longestKnown = 128
const mostKnown = 4096
/** So many keys are remembered at once; further ones when they come a second time. */
const knownAtOnce = 256
/** A power of two. */
const slots = 1024

/** Raised when the redactor itself fails: the whole record must be withheld. */
export class RedactionFailed extends Error {
  override readonly name = "RedactionFailed"
}

/**
 * What the value of a key is: anything, a URL with secrets in it, a secret, or what a value is known by that is not data.
 * Of a `value` another field says the name, a `body` may be that of a request, and `headers` may be a list.
 */
export type Holds = "data" | "url" | "secret" | "typeId" | "value" | "body" | "headers"

const others: ReadonlyMap<string, Holds> = new Map([
  ["value", "value"],
  ["headers", "headers"],
  ["data", "body"],
  ["body", "body"],
  ["form", "body"],
  ["json", "body"]
])

/** What is decided about a key once. */
export interface KnownKey {
  readonly key: string
  /** How it is written; not always the key itself. */
  readonly name: string
  readonly bytes: number
  readonly holds: Holds
}

/** The decisions about the keys that were seen; a flood of new keys is forgotten again. */
export class KnownKeys {
  private readonly redactor: LogRedactor
  private readonly known = new Map<string, KnownKey>()
  /** Keys that came once. */
  private readonly seen: Array<string> = newArray()

  constructor(redactor: LogRedactor) {
    this.redactor = redactor
    for (let slot = 0; slot < slots; slot++) this.seen.push("")
  }

  get(key: string): KnownKey {
    return this.known.get(key) ?? this.decide(key)
  }

  /** What the value of a key is that is not remembered. */
  holds(key: string): Holds {
    if (isTypeId(key) || key === emitterField) return "typeId"
    // A function for each key, to have it called, would be some of what a new key takes.
    try {
      const name = ends(key)
      return this.redactor.isSensitive(name)
        ? "secret"
        : this.redactor.holdsUrl(name)
        ? "url"
        : others.get(key) ?? "data"
    } catch (cause) {
      throw failed(cause)
    }
  }

  /** A URL, whole or without its origin, without its secrets. */
  redactUrl(text: string): string {
    return redactUrl(text, this.isSensitiveParameter)
  }

  /** Running text without the secrets in it. */
  redactText(text: string): string {
    return redactText(text, this.names)
  }

  readonly isSensitive = (name: string): boolean => closed(() => this.redactor.isSensitive(ends(name)))

  readonly isSensitiveParameter = (name: string): boolean =>
    closed(() => this.redactor.isSensitiveParameter(ends(name)))

  private readonly names: Names = { isSensitive: this.isSensitive, isSensitiveParameter: this.isSensitiveParameter }

  private decide(key: string): KnownKey {
    const name = nameOf(key)
    const known: KnownKey = { key, name, bytes: 16 + name.length, holds: this.holds(key) }
    if (key.length <= longestKnown && (this.known.size < knownAtOnce || this.cameBefore(key))) {
      if (this.known.size >= mostKnown) this.known.clear()
      this.known.set(key, known)
    }
    return known
  }

  /** Whether a key came lately. Data for keys does not come again, and to remember it takes longer than to decide anew. */
  private cameBefore(key: string): boolean {
    const { length } = key
    const code = length +
      31 * (key.charCodeAt(0) + 31 * (key.charCodeAt(length >> 1) + 31 * key.charCodeAt(length - 1)))
    const slot = code & (slots - 1)
    if (this.seen[slot] === key) return true
    this.seen[slot] = key
    return false
  }
}

/** A name as far as it is looked at: to find its words takes time for each, and it may be a text of any length. */
const ends = (name: string): string =>
  name.length <= 2 * longestEnd ? name : `${name.slice(0, longestEnd)} ${name.slice(-longestEnd)}`

/** Redaction fails closed. */
const closed = <A>(decide: () => A): A => {
  try {
    return decide()
  } catch (cause) {
    throw failed(cause)
  }
}

const failed = (cause: unknown): RedactionFailed => new RedactionFailed("the redactor failed", { cause })

/** A key as it is written: bounded, and well-formed. */
export const nameOf = (key: string): string => {
  if (key.length > longestName) return shortened(key, longestName)
  return key.isWellFormed() ? key : key.toWellFormed()
}

/** How a value of Effect is known: by a field that begins so and goes on with what the value is. */
export const typeIdPrefix = "~effect/"
export const isTypeId = (key: string): boolean => key.startsWith(typeIdPrefix)

/** What every emitter of Node has, and with it what was copied from one, such as `{ ...request }`. */
export const emitterField = "_eventsCount"
