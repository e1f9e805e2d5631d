/// <reference types="node" />
import { randomFillSync } from "node:crypto"

const letters = 16
/** The bytes of so many ids are drawn at once: to ask for few takes as long as to ask for many. */
const bytes = Buffer.allocUnsafeSlow(12 * 512)
/** The bytes of so many become one text, which each of them may hold: 1 KiB. */
const some = 12 * 64

let taken = bytes.length
let text = ""
let used = 0

/** 96 random bits, as 16 letters, digits, `-` and `_`. */
export const randomId = (): string => {
  if (used === text.length) refill()
  return text.slice(used, used += letters)
}

const refill = (): void => {
  if (taken === bytes.length) {
    randomFillSync(bytes)
    taken = 0
  }
  text = bytes.toString("base64url", taken, taken += some)
  used = 0
}
