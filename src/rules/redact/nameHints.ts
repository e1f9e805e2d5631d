/**
 * Quick looks at a name, three letters at a time, that tell most names which cannot be
 * one of those that matter from all others. Capitals make no difference.
 */
type Look = (name: string) => boolean

/** Five bits a letter. */
const bits = 5
const mask = (1 << (3 * bits)) - 1

/** 1 to 26; 0 for whatever is no letter of ASCII. */
const letterOf = (code: number): number => {
  const letter = (code | 0x20) - 0x60
  return letter >= 1 && letter <= 26 ? letter : 0
}

/** Whether one of some words may be in a name. A word has two letters at least, and nothing else. */
export const mayHoldOneOf = (words: ReadonlyArray<string>): Look => {
  const begins = new Uint8Array(mask + 1)
  for (const word of words) {
    const first = (letterOf(word.charCodeAt(0)) << (2 * bits)) | (letterOf(word.charCodeAt(1)) << bits)
    if (word.length === 2) begins.fill(1, first, first + (1 << bits))
    else begins[first | letterOf(word.charCodeAt(2))] = 1
  }
  return (name) => {
    const { length } = name
    let triple = 0
    for (let i = 0; i < length; i++) {
      triple = ((triple << bits) | letterOf(name.charCodeAt(i))) & mask
      if (begins[triple] === 1) return true
    }
    return begins[(triple << bits) & mask] === 1
  }
}

/** Whether the last letters of a name may be those of one of some words. A word has three letters at least, and nothing else. */
export const mayEndInOneOf = (words: ReadonlyArray<string>): Look => {
  const ends = new Uint8Array(mask + 1)
  for (const word of words) ends[tripleAt(word, word.length - 3)] = 1
  return (name) => {
    let last = name.length - 1
    while (last >= 0 && name.charCodeAt(last) < 0x80 && letterOf(name.charCodeAt(last)) === 0) last--
    for (let i = Math.max(0, last - 2); i <= last; i++) if (name.charCodeAt(i) > 0x7f) return true
    return last >= 2 && ends[tripleAt(name, last - 2)] === 1
  }
}

const tripleAt = (text: string, at: number): number =>
  (letterOf(text.charCodeAt(at)) << (2 * bits)) | (letterOf(text.charCodeAt(at + 1)) << bits) |
  letterOf(text.charCodeAt(at + 2))
