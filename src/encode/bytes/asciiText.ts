import type { Memory } from "./Memory.ts"

/** The answer that a text needs an escape, or is not ASCII. What was written of it does not count. */
export const notAscii = -1

/** How many bytes a text of a length takes at most while it is written: it and its quotes, in whole words. */
export const roomForText = (length: number): number => length + 8

/** Text up to this length is quicker written character by character than by the engine. */
const fewCharacters = 32
const quote = 0x22
const backslash = 0x5c
const spaces = 0x20202020
const quotes = 0x22222222
const backslashes = 0x5c5c5c5c
const ones = 0x01010101
const highBits = 0x80808080

/** Writes text as JSON if nothing in it needs an escape. Gives the end of what it has written. */
export const writeAscii = (memory: Memory, at: number, text: string): number =>
  text.length <= fewCharacters ? writeCharacters(memory.bytes, at, text) : writeWhole(memory, at, text)

const writeCharacters = (bytes: Uint8Array, from: number, text: string): number => {
  const { length } = text
  let at = from
  bytes[at++] = quote
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return notAscii
    bytes[at++] = code
  }
  bytes[at++] = quote
  return at
}

/**
 * Copying a whole text and then looking at its bytes is quicker than to look at
 * its characters. As many bytes as UTF-16 units means pure ASCII.
 */
const writeWhole = ({ bytes, text: buffer, words }: Memory, at: number, text: string): number => {
  const from = at + 1
  const written = buffer.write(text, from)
  if (written !== text.length) return notAscii
  const end = from + written
  words.setInt32(end, spaces, true)
  if (!needNoEscape(words, from, end)) return notAscii
  bytes[at] = quote
  bytes[end] = quote
  return end + 1
}

/** Whether there are only printable ASCII characters that need no escape, four of them looked at in turn. */
const needNoEscape = (words: DataView, from: number, until: number): boolean => {
  let marks = 0
  for (let at = from; at < until; at += 4) {
    const word = words.getInt32(at, true)
    const unlikeQuotes = word ^ quotes
    const unlikeBackslashes = word ^ backslashes
    // The high bit of a byte is set where it is not ASCII, is DEL, is below a space, or is one of the two.
    marks |= word | (word + ones) | ((word - spaces) & ~word) |
      ((unlikeQuotes - ones) & ~unlikeQuotes) | ((unlikeBackslashes - ones) & ~unlikeBackslashes)
  }
  return (marks & highBits) === 0
}
