/** Reads the file a candidate writes. */
import { closeSync, openSync, readSync } from "node:fs"
import { setTimeout } from "node:timers/promises"

export const newline = 10

/** What may stay in the memory of a logger that writes no less than some KiB at once. */
const heldBack = 100
const pollMillis = 20
/** A logger that has dropped events never writes them. */
const patienceMillis = 3000

export const eachChunk = (path: string, look: (chunk: Buffer) => void): void => {
  const fd = openSync(path, "r")
  try {
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) look(buffer.subarray(0, read))
  } finally {
    closeSync(fd)
  }
}

export const newlinesIn = (chunk: Buffer): number => {
  let lines = 0
  for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) lines++
  return lines
}

const linesOf = (path: string): number => {
  let lines = 0
  eachChunk(path, (chunk) => {
    lines += newlinesIn(chunk)
  })
  return lines
}

/** Waits until so many events, or nearly, stand in a file, or no more come. Gives how many are missing. */
export const lateIn = async (path: string, events: number): Promise<number> => {
  let lines = 0
  for (let waited = 0; waited < patienceMillis && lines < events - heldBack; waited += pollMillis) {
    await setTimeout(pollMillis)
    const now = linesOf(path)
    if (now > lines) waited = 0
    lines = now
  }
  return lines < events - heldBack ? events - lines : 0
}
