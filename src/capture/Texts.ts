import { CutText } from "../record/CutText.ts"
import { plural, prefixWithin } from "../record/text.ts"
import { kindOf, tagOf } from "./kinds.ts"
import { type KnownKeys, longestName, nameOf } from "./KnownKeys.ts"
import { bytesOfText, type Limits, longestWhole } from "./limits.ts"

const longestBigInt = 1n << 4096n
/** So much of a label is looked through for secrets: no more of it can be shown. */
const longestLabel = 2 * longestName

const cutEnd = (length: number): string => `…[truncated: ${length} ${plural(length, "character")}]`

/** Texts of bounded length, without their secrets, and the count of all that is copied, which bounds them too. */
export class Texts {
  /** Estimated memory of what was copied since the last reset: two bytes a UTF-16 unit plus overheads. */
  bytes = 0
  readonly limits: Limits
  readonly knownKeys: KnownKeys
  private readonly longestWhole: number
  /** A text of which secrets are to be hidden is looked at up to here: no more of it can be shown. */
  private readonly longestRead: number

  constructor(knownKeys: KnownKeys, limits: Limits) {
    this.limits = limits
    this.knownKeys = knownKeys
    this.longestWhole = longestWhole(limits)
    this.longestRead = 2 * limits.fieldBytes
  }

  text(s: string): string {
    return this.bounded(s).toWellFormed()
  }

  /** Text of bounded length. Whoever shows it makes it well-formed: here that would be a tenth of the snapshot's time. */
  protected bounded(s: string): string | CutText {
    if (s.length > this.longestWhole) return this.longText(s)
    if (this.bytes > this.limits.recordBytes) return this.withheldText(s.length)
    this.bytes += bytesOfText(s)
    return s
  }

  url(text: string): string {
    return this.boundedUrl(text).toWellFormed()
  }

  /** As {@link bounded}. */
  protected boundedUrl(text: string): string | CutText {
    const { length } = text
    return length <= this.longestRead
      ? this.bounded(this.knownKeys.redactUrl(text))
      : this.longText(this.knownKeys.redactUrl(this.beginning(text)), length)
  }

  /** What an error says, which often names the URL that failed. */
  said(text: string): string {
    const { length } = text
    return length <= this.longestRead
      ? this.text(this.knownKeys.redactText(text))
      : this.longText(this.knownKeys.redactText(this.beginning(text)), length).toWellFormed()
  }

  /** A URL that is yet to be copied. */
  urlOf(text: string): string | CutText {
    return text.length <= this.longestRead ? this.knownKeys.redactUrl(text) : this.boundedUrl(text)
  }

  /** What a span is called, which may name a URL. */
  label(text: string): string {
    const { length } = text
    if (length <= longestLabel) return nameOf(this.knownKeys.redactText(text))
    return prefixWithin(this.knownKeys.redactText(this.beginning(text, longestLabel)), longestName).toWellFormed() +
      cutEnd(length)
  }

  tag(u: object): string {
    return this.text(`[${nameOf(tagOf(u))}]`)
  }

  kind(u: object): string {
    return this.text(`[${nameOf(kindOf(u))}]`)
  }

  // A very large BigInt is shown by its size: its decimal form takes quadratic time.
  protected bigint(u: bigint): string {
    return u < longestBigInt && u > -longestBigInt ? this.text(String(u)) : "[BigInt of more than 4096 bits]"
  }

  protected functionMarker(u: object): string {
    try {
      const name = (u as { readonly name?: unknown }).name
      return typeof name === "string" && name !== "" ? this.text(`[Function ${nameOf(name)}]`) : "[Function]"
    } catch {
      return "[Function]"
    }
  }

  /** A long text, or the beginning of one that is of the given length. */
  private longText(s: string, length = s.length): string | CutText {
    const room = Math.max(0, this.limits.recordBytes - this.bytes)
    const limit = Math.min(this.limits.fieldBytes, room)
    if (limit === 0) return this.withheldText(length)
    const prefix = prefixWithin(s, limit)
    this.bytes += bytesOfText(prefix)
    return prefix.length === length
      ? prefix
      : new CutText(prefix, cutEnd(length))
  }

  private withheldText(length: number): string {
    this.bytes += 64
    return `[truncated: ${length} ${plural(length, "character")}]`
  }

  /** So much of a long text that what is cut from it afterwards has its secrets. Credentials whose end is not seen end there. */
  private beginning(text: string, most = this.longestRead): string {
    return `${text.slice(0, most)}@`
  }
}
