import * as fs from "node:fs"

/** So many bytes are worth a write. */
export const pieceSize = 64 * 1024

/** Hands pieces to the system, one after the other. */
export const orderedWrites = (fd: number) => {
  let writing: Promise<void> = Promise.resolve()
  return {
    write: (bytes: Uint8Array): void => {
      writing = writing.then(() =>
        new Promise((resolve, reject) => {
          fs.write(fd, bytes, 0, bytes.length, null, (error) => error === null ? resolve() : reject(error))
        })
      )
    },
    /** Completes when the system has all of them. */
    written: (): Promise<void> => writing
  }
}
