/** The word that was probably meant: the known one with the fewest typing errors, if they are few. */
export const nearest = (word: string, known: Iterable<string>): string | undefined => {
  const lower = word.slice(0, longest).toLowerCase()
  let found: string | undefined
  let fewest = Math.max(2, Math.ceil(lower.length / 3)) + 1
  for (const candidate of known) {
    const name = candidate.toLowerCase()
    const errors = isShort(lower, name) ? 1 : typingErrors(lower, name)
    if (errors < fewest) {
      fewest = errors
      found = candidate
    }
  }
  return found
}

/** How the nearest word is offered, behind what is wrong. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const found = nearest(word, known)
  return found === undefined ? "" : `; did you mean ${JSON.stringify(found)}?`
}

const longest = 64

/** Whether a word of four letters or more is another one with letters left out. */
const isShort = (word: string, whole: string): boolean => {
  let found = 0
  for (const letter of whole) if (letter === word[found]) found++
  return word.length > 3 && found === word.length
}

/** Letters left out, put in, exchanged or put in the wrong order. */
const typingErrors = (a: string, b: string): number => {
  let beforeLast: Array<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const exchanged = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, exchanged)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
