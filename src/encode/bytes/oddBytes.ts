/**
 * Which bytes of a text are to be looked at one by one, because they need an escape
 * in JSON or may begin a character that does; four are looked at together.
 */
export const quote = 0x22
export const backslash = 0x5c
export const del = 0x7f
/** A word that nothing is odd in. */
export const spaces = 0x20202020
/** The first byte of the controls from U+0080 to U+009F, and of others. */
export const beforeC1 = 0xc2
/** The first byte of the separators U+2028 and U+2029, and of others. */
export const beforeSeparators = 0xe2

const ones = 0x01010101
const lowBits = 0x7f7f7f7f
const highBits = 0x80808080 | 0
const quotes = 0x22222222
const backslashes = 0x5c5c5c5c
const aboveControls = 0x60606060
/** The two first bytes differ in this bit only. */
const either = 0x20202020
const firstBytes = 0xe2e2e2e2 | 0

/** The high bit of each byte that is a DEL or may begin a C1 control or a separator. Marks above such a byte may be false. */
const rare = (word: number): number => {
  const unlikeFirst = (word | either) ^ firstBytes
  return ((((word & lowBits) + ones) & ~word) | ((unlikeFirst - ones) & ~unlikeFirst)) & highBits
}

/** Those marks, and that of each byte which is a control character, a quote, or a backslash. */
export const odd = (word: number): number => {
  const low = word & lowBits
  const ordinary = (low + aboveControls) & ((low ^ quotes) + lowBits) & ((low ^ backslashes) + lowBits)
  return (~ordinary & ~word & highBits) | rare(word)
}

/** Whether ASCII has nothing odd in it. */
export const isPlainAscii = (words: DataView, from: number, until: number): boolean => {
  let marks = 0
  for (let at = from; at < until; at += 4) {
    const word = words.getInt32(at, true)
    const ordinary = (word + aboveControls) & ((word ^ quotes) + lowBits) & ((word ^ backslashes) + lowBits)
    marks |= ~ordinary | (word + ones)
  }
  return (marks & highBits) === 0
}

/** Where the first word is in which a byte is odd, or a position behind all of them. */
export const firstOddWord = (words: DataView, from: number, until: number): number => {
  let at = from
  while (at < until && odd(words.getInt32(at, true)) === 0) at += 4
  return at
}

/** Whether there is a DEL, a C1 control or a separator, which `JSON.stringify` leaves as they are. */
export const holdsRare = (bytes: Uint8Array, words: DataView, from: number, until: number): boolean => {
  for (let at = from; at < until; at += 4) {
    if (rare(words.getInt32(at, true)) === 0) continue
    for (let i = at; i < at + 4 && i < until; i++) if (isRare(bytes, i)) return true
  }
  return false
}

/** Whether a DEL is at a position, or a C1 control or a separator begins there. */
export const isRare = (bytes: Uint8Array, at: number): boolean => {
  const byte = bytes[at]
  return byte === del || (byte === beforeC1 && bytes[at + 1]! < 0xa0) ||
    (byte === beforeSeparators && bytes[at + 1] === 0x80 && (bytes[at + 2]! & 0xfe) === 0xa8)
}

/** Whether most of a text may need more than a byte in the engine, which then writes it more slowly than we do. */
export const mayBeWide = (text: string): boolean => text.charCodeAt(text.length >> 1) > 0xff
