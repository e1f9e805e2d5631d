/// <reference types="node" />
import { randomFillSync } from "node:crypto"

/** Letters of one id, each 6 bits, and how many ids are drawn at once: to ask for few takes as long as to ask for many. */
const letters = 16
const ids = 64

const bytes = Buffer.allocUnsafeSlow(letters * ids * 6 / 8)
let drawn = ""
let used = 0

/** 96 random bits, as 16 letters, digits, `-` and `_`. It may hold the text of the others that were drawn with it: 1 KiB. */
export const randomId = (): string => {
  if (used === drawn.length) {
    drawn = randomFillSync(bytes).toString("base64url")
    used = 0
  }
  return drawn.slice(used, used += letters)
}
