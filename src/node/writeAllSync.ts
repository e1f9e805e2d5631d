/// <reference types="node" />
import * as fs from "node:fs"
import { codeOf } from "./codeOf.ts"
import { longestWaitMillis, pauseThread } from "./Patience.ts"
import { endOfLines } from "./wholeLines.ts"

/** Thrown when a write took a part of the bytes, or nothing. */
export class ShortWrite extends Error {
  readonly written: number
  readonly code: string | undefined

  constructor(written: number, cause: unknown) {
    super("a write took only a part", { cause })
    this.written = written
    this.code = cause === undefined ? "EAGAIN" : codeOf(cause)
  }
}

/**
 * Writes all bytes before it returns, in pieces of whole lines of at most `most`
 * bytes, waiting in 1 ms steps while a pipe is full, for at most `patienceMillis`.
 */
export const writeAllSync = (
  fd: number,
  bytes: Uint8Array,
  patienceMillis = longestWaitMillis,
  most = Number.POSITIVE_INFINITY
): void => {
  let written = 0
  let waits = 0
  while (written < bytes.length) {
    try {
      const count = fs.writeSync(fd, bytes, written, endOfLines(bytes, written, most) - written)
      written += count
      if (count > 0) continue
    } catch (error) {
      if (!isAgain(error)) throw new ShortWrite(written, error)
    }
    if (++waits > patienceMillis) throw new ShortWrite(written, undefined)
    pauseThread()
  }
}

export const isAgain = (error: unknown): boolean => codeOf(error) === "EAGAIN" || codeOf(error) === "EBUSY"
