import { newArray } from "../../record/plainData.ts"
import { roomForText, writeEscaped } from "./escapedText.ts"
import type { Memory } from "./Memory.ts"
import { notPlain, writePlain } from "./plainText.ts"

/** Longer text is not remembered. */
const shortText = 112
/** Text below this length is faster written anew than found. */
const shortestRemembered = 8
/** A power of two. */
const slots = 64
const powersOfTen = Int32Array.from({ length: 10 }, (_, power) => 10 ** power)
const zero = 0x30
const point = 0x2e
const mostWhole = 2 ** 31 - 1

/** What {@link ValueWriter.write} writes at most: text; no number is as long. */
export const longestShort = roomForText(shortText)
const wordsOfSlot = longestShort / 4
/** The answer that a value is not written: the engine is quicker, or it is no {@link isShort}. */
export const notShort = -1

/** Whether a text is short enough to have been written. */
export const isShort = (text: string): boolean => text.length <= shortText

/**
 * Writes values as JSON where that is quicker than to ask the engine.
 *
 * Texts come again: messages, routes, names. Those that were written twice are
 * copied as bytes. Measured: that spares a fifth of the encoding of a record with
 * three of them, and costs some 10 ns for each that does not come again.
 */
export class ValueWriter {
  private readonly texts: Array<string> = newArray()
  /** The bytes of the texts, each from the start of a slot. */
  private readonly words = new Int32Array(slots * wordsOfSlot)
  /** How many bytes the text of a slot has; 0 while they are not known. */
  private readonly lengths = new Uint16Array(slots)

  constructor() {
    for (let slot = 0; slot < slots; slot++) this.texts.push("")
  }

  /** Gives the end of what it has written. */
  write(memory: Memory, at: number, value: unknown): number {
    if (typeof value === "string") return isShort(value) ? this.writeText(memory, at, value) : notShort
    if (typeof value === "number") {
      if ((value | 0) === value && value >= 0) return writeDigits(memory.bytes, at, value | 0)
      const thousandths = Math.round(value * 1000)
      if (thousandths > 0 && thousandths <= mostWhole && thousandths / 1000 === value) {
        return writeThousandths(memory.bytes, at, thousandths | 0)
      }
      return value - value === 0 ? writeWord(memory.bytes, at, `${value}`) : notShort
    }
    return typeof value === "boolean" ? writeWord(memory.bytes, at, value ? "true" : "false") : notShort
  }

  /** Lets go of the texts, which may be parts of much longer ones. */
  forget(): void {
    this.texts.fill("")
    this.lengths.fill(0)
  }

  private writeText(memory: Memory, at: number, text: string): number {
    const { length } = text
    if (length < shortestRemembered) return writeShort(memory, at, text)
    const slot = (length + 3 * text.charCodeAt(length >> 1) + 7 * text.charCodeAt(length - 1)) & (slots - 1)
    if (this.texts[slot] !== text) {
      this.texts[slot] = text
      this.lengths[slot] = 0
      return writeShort(memory, at, text)
    }
    return this.lengths[slot] === 0 ? this.learn(slot, memory, at, text) : this.repeat(slot, memory, at)
  }

  /** Writes the text of a slot that came a second time, and remembers its bytes. */
  private learn(slot: number, memory: Memory, at: number, text: string): number {
    const end = writeShort(memory, at, text)
    let word = slot * wordsOfSlot
    for (let from = at; from < end; from += 4) this.words[word++] = memory.words.getInt32(from, true)
    this.lengths[slot] = end - at
    return end
  }

  private repeat(slot: number, { words: view }: Memory, at: number): number {
    const { words } = this
    const end = at + this.lengths[slot]!
    let word = slot * wordsOfSlot
    for (let to = at; to < end; to += 4) view.setInt32(to, words[word++]!, true)
    return end
  }
}

const writeShort = (memory: Memory, at: number, text: string): number => {
  const end = writePlain(memory, at, text)
  return end === notPlain ? writeEscaped(memory, at, text) : end
}

const writeDigits = (bytes: Uint8Array, from: number, value: number): number => {
  let end = from + 1
  for (let i = 1; i < powersOfTen.length && value >= powersOfTen[i]!; i++) end++
  let rest = value
  for (let at = end; at > from;) {
    const tenth = (rest / 10) | 0
    bytes[--at] = zero + rest - 10 * tenth
    rest = tenth
  }
  return end
}

/**
 * Writes what has three digits behind the point at most, as durations have: as few of them as
 * there are, which are those that the engine would find.
 */
const writeThousandths = (bytes: Uint8Array, from: number, thousandths: number): number => {
  const whole = (thousandths / 1000) | 0
  let at = writeDigits(bytes, from, whole)
  bytes[at++] = point
  for (let rest = thousandths - 1000 * whole, unit = 100; rest > 0; unit = (unit / 10) | 0) {
    const digit = (rest / unit) | 0
    bytes[at++] = zero + digit
    rest -= digit * unit
  }
  return at
}

/** Writes a word of ASCII as it is. */
const writeWord = (bytes: Uint8Array, from: number, word: string): number => {
  const { length } = word
  for (let i = 0; i < length; i++) bytes[from + i] = word.charCodeAt(i)
  return from + length
}
