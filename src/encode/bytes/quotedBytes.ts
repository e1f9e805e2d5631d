import { writeEscape } from "./escapedText.ts"
import type { Memory } from "./Memory.ts"
import { backslash, quote } from "./oddBytes.ts"

/** How many bytes so many take at most as a text of JSON. */
export const roomForQuoted = (length: number): number => 6 * length + 2

/** Writes the bytes of a text as JSON, those between two positions. Gives the end of what it has written. */
export const writeQuoted = ({ bytes }: Memory, at: number, text: Uint8Array, from: number, until: number): number => {
  let to = at
  bytes[to++] = quote
  for (let i = from; i < until; i++) {
    const byte = text[i]!
    if (byte < 0x20 || byte === quote || byte === backslash) to = writeEscape(bytes, to, byte)
    else bytes[to++] = byte
  }
  bytes[to++] = quote
  return to
}
