import { newArray } from "./newArray.ts"

/** Text above this length is faster encoded by the engine than character by character. */
const shortText = 48
/** Text below this length is faster written anew than found. */
const shortestRemembered = 8
/** A power of two. */
const slots = 64
const powersOfTen = Int32Array.from({ length: 10 }, (_, power) => 10 ** power)
const zero = 0x30
const quote = 0x22
const backslash = 0x5c

/** What {@link ShortJson.write} writes at most: text in quotes, or ten digits. */
export const longestShort = shortText + 2
/** The answer that a value is not written: the engine is quicker, or it needs an escape. */
export const notShort = -1

/**
 * Writes values as JSON where that is quicker than to ask the engine.
 *
 * Texts come again: messages, routes, names. Those that were written twice are
 * copied as bytes. Measured: that spares a fifth of the encoding of a record with
 * three of them, and costs some 10 ns for each that does not come again.
 */
export class ShortJson {
  private readonly texts: Array<string> = newArray()
  private readonly encoded: Array<Uint8Array> = newArray()
  /** Whether the bytes in a slot are those of its text. */
  private readonly isEncoded = new Uint8Array(slots)

  constructor() {
    for (let slot = 0; slot < slots; slot++) {
      this.texts.push("")
      this.encoded.push(this.isEncoded)
    }
  }

  /** Gives the end of what it has written. */
  write(memory: Uint8Array, at: number, value: unknown): number {
    if (typeof value === "string") return value.length <= shortText ? this.writeText(memory, at, value) : notShort
    return typeof value === "number" && (value | 0) === value && value >= 0
      ? writeDigits(memory, at, value | 0)
      : notShort
  }

  /** Lets go of the texts, which may be parts of much longer ones. */
  forget(): void {
    this.texts.fill("")
    this.isEncoded.fill(0)
  }

  private writeText(memory: Uint8Array, at: number, text: string): number {
    const { length } = text
    if (length < shortestRemembered) return writePlain(memory, at, text)
    const slot = (length + text.charCodeAt(0) + 7 * text.charCodeAt(length - 1)) & (slots - 1)
    if (this.texts[slot] !== text) {
      this.texts[slot] = text
      this.isEncoded[slot] = 0
      return writePlain(memory, at, text)
    }
    if (this.isEncoded[slot] === 1) {
      const bytes = this.encoded[slot]!
      memory.set(bytes, at)
      return at + bytes.length
    }
    const end = writePlain(memory, at, text)
    if (end !== notShort) {
      this.encoded[slot] = memory.slice(at, end)
      this.isEncoded[slot] = 1
    }
    return end
  }
}

/** Writes a string in quotes, unless it has characters to escape. */
const writePlain = (memory: Uint8Array, from: number, text: string): number => {
  const { length } = text
  let at = from
  memory[at++] = quote
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return notShort
    memory[at++] = code
  }
  memory[at++] = quote
  return at
}

const writeDigits = (memory: Uint8Array, from: number, value: number): number => {
  let end = from + 1
  for (let i = 1; i < powersOfTen.length && value >= powersOfTen[i]!; i++) end++
  let rest = value
  for (let at = end; at > from;) {
    const tenth = (rest / 10) | 0
    memory[--at] = zero + rest - 10 * tenth
    rest = tenth
  }
  return end
}
