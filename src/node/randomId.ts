/// <reference types="node" />
import { randomBytes } from "node:crypto"

/** 96 random bits, as 16 letters, digits, `-` and `_`. */
export const randomId = (): string => randomBytes(12).toString("base64url")
