const lineBreak = 0x0a
const comma = 0x2c

/** Lines of JSON, each ended by a line break, as one array of JSON. */
export const jsonArray = (lines: Uint8Array): Uint8Array => {
  const array = new Uint8Array(Math.max(lines.length, 1) + 1)
  array.set(lines, 1)
  // Within a line JSON has no line break.
  for (let at = array.indexOf(lineBreak); at !== -1; at = array.indexOf(lineBreak, at + 1)) array[at] = comma
  array[0] = 0x5b
  array[array.length - 1] = 0x5d
  return array
}
