import type { Memory } from "./Memory.ts"
import { backslash, beforeSeparators, del, firstOddWord, isRare, mayBeWide, odd, quote, spaces } from "./oddBytes.ts"
import { fewCharacters } from "./plainText.ts"

/** How many bytes a text of a length takes at most, whatever it holds. */
export const roomForText = (length: number): number => 6 * length + 8

/** The letters of short escapes by their character. */
const letters = new Uint8Array(0x60)
for (const letter of "bfnrt\"\\") letters[JSON.parse(`"\\${letter}"`).charCodeAt(0)] = letter.charCodeAt(0)
const hex = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0))
const smallU = 0x75

/**
 * Writes text as JSON, with escapes for what could break a line or drive a terminal,
 * and U+FFFD for half a pair. Gives the end of what it has written.
 */
export const writeEscaped = (memory: Memory, at: number, text: string): number => {
  const { bytes } = memory
  bytes[at] = quote
  const end = text.length <= fewCharacters || mayBeWide(text)
    ? writeCharacters(bytes, at + 1, text)
    : writeWhole(memory, at + 1, text)
  bytes[end] = quote
  return end + 1
}

const writeCharacters = (bytes: Uint8Array, from: number, text: string): number => {
  const { length } = text
  let at = from
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) {
      if (code < 0x20 || code === quote || code === backslash || code === del) at = writeEscape(bytes, at, code)
      else bytes[at++] = code
    } else if (code < 0x800) {
      if (code < 0xa0) {
        at = writeEscape(bytes, at, code)
      } else {
        bytes[at++] = 0xc0 | (code >> 6)
        bytes[at++] = 0x80 | (code & 0x3f)
      }
    } else if (code < 0xd800 || code > 0xdfff) {
      if (code === 0x2028 || code === 0x2029) {
        at = writeEscape(bytes, at, code)
      } else {
        bytes[at++] = 0xe0 | (code >> 12)
        bytes[at++] = 0x80 | ((code >> 6) & 0x3f)
        bytes[at++] = 0x80 | (code & 0x3f)
      }
    } else {
      const low = code < 0xdc00 && i + 1 < length ? text.charCodeAt(i + 1) : 0
      if (low >= 0xdc00 && low <= 0xdfff) {
        i++
        const point = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
        bytes[at++] = 0xf0 | (point >> 18)
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
        bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
        bytes[at++] = 0x80 | (point & 0x3f)
      } else {
        bytes[at++] = 0xef
        bytes[at++] = 0xbf
        bytes[at++] = 0xbd
      }
    }
  }
  return at
}

/**
 * Has the engine write a text, and moves what comes from the first escape on to the end
 * of the room, to be copied back from there: what was not read yet is never overtaken.
 */
const writeWhole = ({ bytes, text: buffer, words }: Memory, from: number, text: string): number => {
  const written = from + buffer.write(text, from)
  words.setInt32(written, spaces, true)
  let to = firstOddWord(words, from, written)
  if (to >= written) return written
  const end = from + 6 * text.length
  let at = end - (written - to)
  bytes.copyWithin(at, to, written)
  words.setInt32(end, spaces, true)
  while (at < end) {
    const word = words.getInt32(at, true)
    if (odd(word) === 0) {
      const length = Math.min(4, end - at)
      words.setInt32(to, word, true)
      at += length
      to += length
      continue
    }
    const byte = bytes[at]!
    if (byte < 0x20 || byte === quote || byte === backslash) {
      to = writeEscape(bytes, to, byte)
      at++
    } else if (isRare(bytes, at)) {
      const isSeparator = byte === beforeSeparators
      const code = byte === del ? del : isSeparator ? 0x2000 | (bytes[at + 2]! & 0x3f) : bytes[at + 1]!
      at += byte === del ? 1 : isSeparator ? 3 : 2
      to = writeEscape(bytes, to, code)
    } else {
      bytes[to++] = byte
      at++
    }
  }
  return to
}

/** Writes the escape of a character. Gives the end of what it has written. */
export const writeEscape = (bytes: Uint8Array, at: number, code: number): number => {
  bytes[at] = backslash
  const letter = code < letters.length ? letters[code]! : 0
  if (letter !== 0) {
    bytes[at + 1] = letter
    return at + 2
  }
  bytes[at + 1] = smallU
  bytes[at + 2] = hex[code >> 12]!
  bytes[at + 3] = hex[(code >> 8) & 0xf]!
  bytes[at + 4] = hex[(code >> 4) & 0xf]!
  bytes[at + 5] = hex[code & 0xf]!
  return at + 6
}
