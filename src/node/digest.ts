/// <reference types="node" />
import { createHash } from "node:crypto"

/** 128 bits of the SHA-256 of some texts, as 22 letters, digits, `-` and `_`. */
export const digest = (texts: Iterable<string>): string => {
  const hash = createHash("sha256")
  for (const text of texts) hash.update(text).update("\n")
  return hash.digest().toString("base64url", 0, 16)
}
