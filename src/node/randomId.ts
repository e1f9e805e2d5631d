/// <reference types="node" />
import { randomFillSync } from "node:crypto"

/** Random bytes of one id, and how many ids are drawn at once: to ask for few takes as long as to ask for many. */
const size = 12
const ids = 256

let pool: Buffer | undefined
let used = ids

/** 96 random bits, as 16 letters, digits, `-` and `_`. */
export const randomId = (): string => {
  if (pool === undefined || used === ids) {
    pool = randomFillSync(pool ?? Buffer.allocUnsafeSlow(size * ids))
    used = 0
  }
  const start = size * used++
  return pool.toString("base64url", start, start + size)
}
