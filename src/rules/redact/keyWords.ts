const none = 0
const lower = 1
const upper = 2

/** What a character is to a word; whatever is not ASCII is taken for a small letter. */
const kindOf = (code: number): number =>
  code >= 0x61 && code <= 0x7a || code > 0x7f ? lower : code >= 0x41 && code <= 0x5a ? upper : none

const smallS = 0x73

/**
 * The words of a key, in small letters: `X-Api-Key`, `api_key`, `apiKey` and
 * `user[apiKey]` all end in `api`, `key`. Digits stand between words.
 */
export const wordsOf = (key: string): ReadonlyArray<string> => {
  const words: Array<string> = []
  let start = -1
  let before = none
  const push = (end: number): void => {
    if (start !== -1) words.push(key.slice(start, end).toLowerCase())
  }
  for (let i = 0; i < key.length; i++) {
    const kind = kindOf(key.charCodeAt(i))
    if (kind === before) continue
    if (kind === none) {
      push(i)
      start = -1
    } else if (before === none) {
      start = i
    } else if (kind === upper) {
      push(i)
      start = i
    } else if (i - 1 > start && !isPlural(key, i)) {
      // The last of several capitals begins the next word: `APIKey`.
      push(i - 1)
      start = i - 1
    }
    before = kind
  }
  push(key.length)
  return words
}

/** Whether a small letter makes capitals a plural: `userIDs`. */
const isPlural = (key: string, i: number): boolean =>
  key.charCodeAt(i) === smallS && kindOf(key.charCodeAt(i + 1)) !== lower
