/// <reference types="node" />
import { createHash } from "node:crypto"

/** 128 bits of the SHA-256 of some texts, as 22 letters, digits, `-` and `_`. */
export const digest = (texts: Iterable<string>): string => {
  // One call into the engine's library for all of them.
  let all = ""
  for (const text of texts) all += `${text}\n`
  return createHash("sha256").update(all).digest().toString("base64url", 0, 16)
}
