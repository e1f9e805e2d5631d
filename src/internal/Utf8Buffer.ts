/** Text above this length is faster encoded by the engine than character by character. */
const shortText = 48
const quote = 0x22
const backslash = 0x5c

/** The bytes of a batch, in memory that is used again. */
export class Utf8Buffer {
  private memory = new Uint8Array(0)
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

  /** A view that is valid until the next change. */
  get bytes(): Uint8Array {
    return this.memory.subarray(0, this.size)
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

  /** Appends a JSON string. */
  appendQuoted(text: string): void {
    if (text.length > shortText || !this.appendPlain(text)) this.append(JSON.stringify(text))
  }

  /** Appends again what stands between two positions. */
  repeat(from: number, to: number): void {
    this.reserve(to - from)
    this.memory.copyWithin(this.size, from, to)
    this.size += to - from
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
  }
}
