/// <reference types="node" />
import * as fs from "node:fs"
import { writeAllSync } from "./writeAllSync.ts"

/**
 * Appends to a file without an Effect, for the moments when none can run.
 * Opened at the first write, so that a program that never needs it holds no
 * second descriptor.
 */
export interface SyncFile {
  readonly write: (bytes: Uint8Array) => void
  readonly close: () => void
}

export const make = (path: string, mode: number): SyncFile => {
  let fd: number | undefined
  return {
    write(bytes) {
      fd ??= fs.openSync(path, "a", mode)
      writeAllSync(fd, bytes)
    },
    close() {
      if (fd !== undefined) fs.closeSync(fd)
      fd = undefined
    }
  }
}
