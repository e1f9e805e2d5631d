/** Texts with what is escaped in JSON, in SQL or in either, the same for a number in every run. */
const pieces = [
  "order",
  "\"",
  "\\",
  "\n",
  "\r\n",
  "\t",
  "\u0000",
  "\u001b",
  "\u007f",
  "'",
  "`",
  "{",
  "}",
  "é",
  "漢字",
  "😀",
  "\u2028",
  "\\n",
  "/",
  " "
]

export const randomText = (seed: number): string => {
  let state = seed * 2_654_435_761 + 1
  let text = ""
  for (let i = 0; i < seed % 12; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    text += pieces[Math.floor(state / 65_536) % pieces.length] ?? ""
  }
  return text
}
