import type { Memory } from "./Memory.ts"
import { backslash, firstOddWord, isPlainAscii, mayBeWide, quote, spaces } from "./oddBytes.ts"

/** The answer that something in a text needs an escape, or is better looked at by characters. What was written of it does not count. */
export const notPlain = -1

/** How many bytes a text of a length takes at most while it is written as it is: it and its quotes, in whole words. */
export const roomForPlain = (length: number): number => 3 * length + 8

/** Text up to this length is quicker written character by character than by the engine. */
export const fewCharacters = 32

/** Writes text as JSON if nothing in it needs an escape. Gives the end of what it has written. */
export const writePlain = (memory: Memory, at: number, text: string): number =>
  text.length <= fewCharacters ? writeAscii(memory.bytes, at, text) : writeWhole(memory, at, text)

const writeAscii = (bytes: Uint8Array, from: number, text: string): number => {
  const { length } = text
  let at = from
  bytes[at++] = quote
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return notPlain
    bytes[at++] = code
  }
  bytes[at++] = quote
  return at
}

/** Copying a whole text and then looking at its bytes is quicker than to look at its characters. */
const writeWhole = ({ bytes, text: buffer, words }: Memory, at: number, text: string): number => {
  if (mayBeWide(text)) return notPlain
  const from = at + 1
  const written = buffer.write(text, from)
  const end = from + written
  words.setInt32(end, spaces, true)
  // As many bytes as UTF-16 units means pure ASCII.
  const isPlain = written === text.length ? isPlainAscii(words, from, end) : firstOddWord(words, from, end) >= end
  if (!isPlain) return notPlain
  bytes[at] = quote
  bytes[end] = quote
  return end + 1
}
