/// <reference types="node" />
import * as fs from "node:fs"
import { writeAllSync } from "./writeAllSync.ts"

/**
 * Appends to a file without an Effect, for the moments when none can run.
 * Opened at the first write, so that a program that never needs it holds no
 * second descriptor. A file that was renamed or deleted by somebody else is
 * noticed within a second of `now`, in nanoseconds, and opened anew.
 */
export interface SyncFile {
  readonly write: (bytes: Uint8Array) => void
  readonly close: () => void
}

export const make = (path: string, mode: number, now: () => bigint): SyncFile => {
  let fd: number | undefined
  let checkedAt = 0n

  const close = (): void => {
    const last = fd
    fd = undefined
    if (last !== undefined) fs.closeSync(last)
  }

  return {
    write(bytes) {
      const time = now()
      if (time - checkedAt >= 1_000_000_000n) {
        checkedAt = time
        if (fd !== undefined && !isAt(path, fd)) close()
      }
      fd ??= fs.openSync(path, "a", mode)
      writeAllSync(fd, bytes)
    },
    close
  }
}

const isAt = (path: string, fd: number): boolean => {
  try {
    const ours = fs.fstatSync(fd)
    const theirs = fs.statSync(path)
    return ours.dev === theirs.dev && ours.ino === theirs.ino
  } catch {
    return false
  }
}
