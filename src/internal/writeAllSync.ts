/// <reference types="node" />
import * as fs from "node:fs"

const pauseCell = new Int32Array(new SharedArrayBuffer(4))

/** Writes all bytes before it returns, waiting in 1 ms steps while a pipe is full, for at most `patienceMillis`. */
export const writeAllSync = (fd: number, bytes: Uint8Array, patienceMillis = 250): void => {
  let offset = 0
  let waits = 0
  while (offset < bytes.length) {
    try {
      offset += fs.writeSync(fd, bytes, offset)
    } catch (error) {
      if (!isAgain(error) || ++waits > patienceMillis) throw error
      Atomics.wait(pauseCell, 0, 0, 1)
    }
  }
}

const isAgain = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EBUSY")
