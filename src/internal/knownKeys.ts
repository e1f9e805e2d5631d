import type { LogRedactor } from "../LogRedactor.ts"
import { prefixWithin } from "./text.ts"

const longestName = 256
const longestKnown = 128
const mostKnown = 4096

/** Raised when the redactor itself fails: the whole record must be withheld. */
export class RedactionFailed extends Error {
  override readonly name = "RedactionFailed"
}

/** What is decided about a key once. */
export interface KnownKey {
  readonly key: string
  /** How it is written; not always the key itself. */
  readonly name: string
  readonly bytes: number
  readonly sensitive: boolean
  /** The key that was asked for after this one the last time. */
  next: KnownKey | undefined
}

/** The decisions about the keys that were seen; a flood of new keys is forgotten again. */
export class KnownKeys {
  private readonly redactor: LogRedactor
  private readonly known = new Map<string, KnownKey>()
  private last: KnownKey = { key: "", name: "", bytes: 0, sensitive: false, next: undefined }

  constructor(redactor: LogRedactor) {
    this.redactor = redactor
  }

  /**
   * Objects of one kind have their keys in one order, so the next key is mostly
   * the one that came next before. Measured: a tenth of the time of a snapshot.
   */
  get(key: string): KnownKey {
    const { next } = this.last
    const known = next !== undefined && next.key === key ? next : this.find(key)
    this.last = known
    return known
  }

  isSensitive(key: string): boolean {
    try {
      return this.redactor.isSensitive(key)
    } catch (cause) {
      throw new RedactionFailed("the redactor failed", { cause })
    }
  }

  private find(key: string): KnownKey {
    const known = this.known.get(key) ?? this.decide(key)
    if (key.length <= longestKnown) this.last.next = known
    return known
  }

  private decide(key: string): KnownKey {
    const name = nameOf(key)
    const known: KnownKey = { key, name, bytes: 16 + name.length, sensitive: this.isSensitive(key), next: undefined }
    if (key.length <= longestKnown) {
      if (this.known.size >= mostKnown) this.forget()
      this.known.set(key, known)
    }
    return known
  }

  private forget(): void {
    for (const known of this.known.values()) known.next = undefined
    this.known.clear()
  }
}

/** A key as it is written: bounded, and well-formed. */
export const nameOf = (key: string): string => {
  if (key.length > longestName) return prefixWithin(key, longestName) + "…"
  return key.isWellFormed() ? key : key.toWellFormed()
}
