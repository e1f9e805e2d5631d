import { type Fragments, shown } from "./Layout.ts"

/** Text above this length is faster encoded by the engine than character by character. */
const shortText = 48
/** Of a number of 31 bits. */
const mostDigits = 10
const zero = 0x30
const quote = 0x22
const backslash = 0x5c

const encoder = new TextEncoder()

/** Encodes pieces of text that are appended often. */
export const fragments = (pieces: ReadonlyArray<string>): Fragments => {
  const encoded = pieces.map((piece) => encoder.encode(piece))
  const size = encoded.reduce((sum, { length }) => sum + wordsOf(length), 0)
  const bytes = new Uint8Array(4 * size)
  let at = 0
  for (const piece of encoded) {
    bytes.set(piece, 4 * at)
    at += wordsOf(piece.length)
  }
  const view = new DataView(bytes.buffer)
  return {
    words: Int32Array.from({ length: size }, (_, i) => view.getInt32(4 * i, true)),
    lengths: encoded.map(({ length }) => length)
  }
}

const wordsOf = (bytes: number): number => (bytes + 3) >> 2

/** The bytes of a batch, in memory that is used again. */
export class Utf8Buffer {
  private memory = new Uint8Array(0)
  private view = new DataView(this.memory.buffer)
  private size = 0
  private readonly utf8 = new TextEncoder()
  private readonly escape: (text: string) => string

  /** `escape` is applied to text that is not pure ASCII. */
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
    const { read, written } = this.utf8.encodeInto(text, this.memory.subarray(this.size))
    // As many bytes as UTF-16 units means pure ASCII, where nothing is left to escape.
    if (read === text.length && written === read) {
      this.size += written
      return
    }
    const safe = this.escape(text)
    this.reserve(3 * safe.length)
    this.size += this.utf8.encodeInto(safe, this.memory.subarray(this.size)).written
  }

  /** Appends a value of plain data as JSON. */
  appendJson(value: unknown): void {
    if (typeof value === "string" && value.length <= shortText && this.appendPlain(value)) return
    if (typeof value === "number" && (value | 0) === value && value >= 0) return this.appendDigits(value | 0)
    this.append(JSON.stringify(shown(value)) ?? "null")
  }

  /** Appends a piece of text that starts at a word, and gives the word where the next one starts. */
  appendFragment(words: Int32Array, from: number, length: number): number {
    const to = from + wordsOf(length)
    this.reserve(length + 4)
    const { view } = this
    let at = this.size
    for (let i = from; i < to; i++) {
      view.setInt32(at, words[i]!, true)
      at += 4
    }
    this.size += length
    return to
  }

  private appendDigits(value: number): void {
    this.reserve(mostDigits)
    const { memory } = this
    const length = value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : value < 10_000 ? 4 : String(value).length
    let at = this.size + length
    this.size = at
    let rest = value
    do {
      const tenth = (rest / 10) | 0
      memory[--at] = zero + rest - 10 * tenth
      rest = tenth
    } while (rest > 0)
  }

  /** What stands between two positions, until the buffer is cut. */
  between(from: number, to: number): Uint8Array {
    return this.memory.subarray(from, to)
  }

  appendBytes(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.memory.set(bytes, this.size)
    this.size += bytes.length
  }

  /** Appends a string in quotes, unless it has characters to escape. */
  private appendPlain(text: string): boolean {
    const { length } = text
    this.reserve(length + 2)
    const { memory } = this
    let at = this.size
    memory[at++] = quote
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return false
      memory[at++] = code
    }
    memory[at++] = quote
    this.size = at
    return true
  }

  private reserve(length: number): void {
    if (this.memory.length - this.size >= length) return
    const larger = new Uint8Array(2 * (this.size + length))
    larger.set(this.bytes)
    this.memory = larger
    this.view = new DataView(larger.buffer)
  }
}
