import { shown } from "../../record/PackedMessage.ts"
import { notAscii, roomForText, writeAscii } from "./asciiText.ts"
import { type Fragments, wordsOf } from "./fragments.ts"
import { Memory } from "./Memory.ts"
import { isShort, longestShort, notShort, ValueWriter } from "./ValueWriter.ts"

const utf8 = new TextEncoder()
const del = "\u007f"
/** How many values room is made for at once. */
const atOnce = 64

/** The bytes of a batch, in memory that is used again. */
export class LineBuffer {
  private memory = new Memory(0)
  private size = 0
  private readonly short = new ValueWriter()
  private readonly escape: (text: string) => string

  /** `escape` is applied to text that is not pure ASCII, or holds a DEL. */
  constructor(escape: (text: string) => string) {
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
  }

  append(text: string): void {
    this.reserve(text.length)
    const { read, written } = utf8.encodeInto(text, this.memory.bytes.subarray(this.size))
    // As many bytes as UTF-16 units means pure ASCII, where nothing but a DEL is left to escape.
    if (read === text.length && written === read && !text.includes(del)) {
      this.size += written
      return
    }
    const safe = this.escape(text)
    this.reserve(3 * safe.length)
    this.size += utf8.encodeInto(safe, this.memory.bytes.subarray(this.size)).written
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

  appendBytes(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.memory.bytes.set(bytes, this.size)
    this.size += bytes.length
  }

  /** Appends a value that is not short. */
  private appendLong(value: unknown): void {
    if (typeof value === "string" && !isShort(value)) {
      this.reserve(roomForText(value.length))
      const end = writeAscii(this.memory, this.size, value)
      if (end !== notAscii) {
        this.size = end
        return
      }
    }
    this.append(JSON.stringify(shown(value)) ?? "null")
  }

  private reserve(length: number): void {
    if (this.memory.size - this.size >= length) return
    const larger = new Memory(2 * (this.size + length))
    larger.bytes.set(this.bytes)
    this.memory = larger
  }
}
