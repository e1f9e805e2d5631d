const zero = 0x30
/** What is between the digit 9 and the digit a. */
const toLetters = 0x57

/** The most digits of a whole number that is safe. */
export const mostBase36 = 11

/** Writes the digits of a whole number of at least 0 in base 36, as `toString(36)` has them. Gives the end of what it has written. */
export const writeBase36 = (bytes: Uint8Array, from: number, value: number): number => {
  let end = from + 1
  for (let rest = value; rest >= 36; rest = Math.floor(rest / 36)) end++
  let rest = value
  for (let at = end - 1; at >= from; at--) {
    const digit = rest % 36
    bytes[at] = digit < 10 ? zero + digit : toLetters + digit
    rest = Math.floor(rest / 36)
  }
  return end
}
