const lineBreak = 0x0a
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d

/** What an unusually large batch took is given back. */
const mostKept = 8 * 1024 * 1024

/** Makes arrays of JSON, in memory that is used again. */
export class JsonArrays {
  private memory = new Uint8Array(0)

  /** Lines of JSON, each ended by a line break, as one array: a view, until the next call. */
  of(lines: Uint8Array): Uint8Array {
    const length = Math.max(lines.length, 1) + 1
    if (this.memory.length < length || this.memory.length > mostKept) this.memory = new Uint8Array(2 * length)
    const array = this.memory.subarray(0, length)
    array.set(lines, 1)
    // Within a line JSON has no line break.
    for (let at = array.indexOf(lineBreak); at !== -1; at = array.indexOf(lineBreak, at + 1)) array[at] = comma
    array[0] = openBracket
    array[length - 1] = closeBracket
    return array
  }
}
