import { CutText } from "../../record/CutText.ts"
import { shown } from "../../record/PackedMessage.ts"
import { mostBase36, writeBase36 } from "./base36.ts"
import { roomForText, writeEscaped } from "./escapedText.ts"
import { type Fragments, wordsOf } from "./fragments.ts"
import type { LineEscape } from "./lineEscapes.ts"
import { Memory } from "./Memory.ts"
import { spaces } from "./oddBytes.ts"
import { notPlain, roomForPlain, writePlain } from "./plainText.ts"
import { roomForQuoted, writeQuoted } from "./quotedBytes.ts"
import { isShort, longestShort, notShort, ValueWriter } from "./ValueWriter.ts"

const del = "\u007f"
/** How many values room is made for at once. */
const atOnce = 32

/** What an unusually large batch took is given back. */
const mostKept = 8 * 1024 * 1024

/** The bytes of a batch, in memory that is used again. */
export class LineBuffer {
  private memory = new Memory(0)
  private size = 0
  private readonly short = new ValueWriter()
  private readonly escape: LineEscape

  constructor(escape: LineEscape) {
    this.escape = escape
  }

  get length(): number {
    return this.size
  }

  /** All of it, until the next change. */
  get bytes(): Uint8Array {
    return this.between(0, this.size)
  }

  cut(length: number): void {
    this.size = length
    if (length === 0 && this.memory.size > mostKept) this.memory = new Memory(0)
  }

  append(text: string): void {
    const end = this.write(text)
    // As many bytes as UTF-16 units means pure ASCII, where nothing but a DEL is left to escape.
    const isAscii = end - this.size === text.length
    if (isAscii ? !text.includes(del) : !this.escape.isNeeded(this.memory, this.size, end)) this.size = end
    else this.size = this.write(this.escape.apply(text))
  }

  /** Appends a value of plain data as JSON. */
  appendJson(value: unknown): void {
    this.reserve(longestShort)
    const end = this.short.write(this.memory, this.size, value)
    if (end === notShort) this.appendLong(value)
    else this.size = end
  }

  /**
   * Appends the contents of items as JSON, each with the same bytes after it, up
   * to the first that is not short. Gives its position, or `until`.
   */
  appendShort(
    items: ReadonlyArray<{ readonly content: unknown }>,
    from: number,
    until: number,
    after: Uint8Array
  ): number {
    const { short } = this
    let i = from
    while (i < until) {
      const some = Math.min(until, i + atOnce)
      this.reserve((some - i) * (longestShort + after.length))
      const { memory } = this
      let at = this.size
      for (; i < some; i++) {
        const end = short.write(memory, at, items[i]!.content)
        if (end === notShort) {
          this.size = at
          return i
        }
        memory.bytes.set(after, end)
        at = end + after.length
      }
      this.size = at
    }
    return until
  }

  /** Appends values of plain data as JSON, with pieces of text before, between and after them. */
  appendBetween({ lengths, words }: Fragments, values: ReadonlyArray<unknown>): void {
    const most = 4 * words.length + longestShort * values.length
    this.reserve(most)
    const { short } = this
    let { memory, size: at } = this
    let word = 0
    for (let i = 0;; i++) {
      const length = lengths[i]!
      const next = word + wordsOf(length)
      for (let to = at; word < next; word++, to += 4) memory.words.setInt32(to, words[word]!, true)
      at += length
      if (i === values.length) break
      const end = short.write(memory, at, values[i])
      if (end === notShort) {
        this.size = at
        this.appendLong(values[i])
        this.reserve(most)
        memory = this.memory
        at = this.size
      } else {
        at = end
      }
    }
    this.size = at
  }

  /** Lets go of the texts that were written. */
  forgetTexts(): void {
    this.short.forget()
  }

  /** What stands between two positions, until the buffer is cut. */
  between(from: number, to: number): Uint8Array {
    return this.memory.bytes.subarray(from, to)
  }

  /** Appends a text as JSON, one that need not be remembered. */
  appendText(text: string): void {
    this.reserve(roomForPlain(text.length))
    const end = writePlain(this.memory, this.size, text)
    if (end === notPlain) {
      this.reserve(roomForText(text.length))
      this.size = writeEscaped(this.memory, this.size, text)
    } else {
      this.size = end
    }
  }

  /** Appends the bytes of a text as JSON, those between two positions. */
  appendQuoted(text: Uint8Array, from: number, until: number): void {
    this.reserve(roomForQuoted(until - from))
    this.size = writeQuoted(this.memory, this.size, text, from, until)
  }

  /** Appends the digits of a whole number of at least 0 in base 36. */
  appendBase36(value: number): void {
    this.reserve(mostBase36)
    this.size = writeBase36(this.memory.bytes, this.size, value)
  }

  appendByte(byte: number): void {
    this.reserve(1)
    this.memory.bytes[this.size++] = byte
  }

  /** Appends once more what stands between two positions. */
  copy(from: number, to: number): void {
    this.reserve(to - from)
    this.memory.bytes.copyWithin(this.size, from, to)
    this.size += to - from
  }

  appendBytes(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.memory.bytes.set(bytes, this.size)
    this.size += bytes.length
  }

  /** Appends a value that is not short. */
  private appendLong(value: unknown): void {
    if (typeof value === "string" && !isShort(value)) this.appendText(value)
    else if (value instanceof CutText) this.appendCut(value)
    else this.append(JSON.stringify(shown(value)) ?? "null")
  }

  private appendCut({ end, start }: CutText): void {
    this.appendJson(start)
    // Without the quote that ends it.
    this.size--
    this.append(`${end}"`)
  }

  /** Writes text as it is behind what was appended, and gives its end. */
  private write(text: string): number {
    this.reserve(roomForPlain(text.length))
    const { size } = this
    const end = size + this.memory.text.write(text, size)
    this.memory.words.setInt32(end, spaces, true)
    return end
  }

  private reserve(length: number): void {
    if (this.memory.size - this.size >= length) return
    const larger = new Memory(2 * (this.size + length))
    larger.bytes.set(this.bytes)
    this.memory = larger
  }
}
