/** Looks at the file a candidate left: how many lines, how many bytes, and whether the fields are there. */
import { closeSync, openSync, readSync } from "node:fs"
import { expectedValues, type WorkloadName } from "./workload.ts"

export interface Written {
  readonly lines: number
  readonly bytes: number
  /** What is missing in the first line. */
  readonly missing: ReadonlyArray<string>
}

const newline = 10

export const verify = (path: string, workload: WorkloadName): Written => {
  const fd = openSync(path, "r")
  try {
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    let lines = 0
    let bytes = 0
    let first: string | undefined
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      const chunk = buffer.subarray(0, read)
      first ??= chunk.toString("utf8", 0, Math.max(0, chunk.indexOf(newline)))
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) lines++
      bytes += read
    }
    return { lines, bytes, missing: missingIn(first ?? "", workload) }
  } finally {
    closeSync(fd)
  }
}

const missingIn = (line: string, workload: WorkloadName): ReadonlyArray<string> => {
  const found = new Set<unknown>()
  collect(parsed(line), found)
  return expectedValues(workload).filter((value) => !found.has(value)).map((value) => JSON.stringify(value))
}

const parsed = (line: string): unknown => {
  try {
    const value: unknown = JSON.parse(line)
    return value
  } catch {
    return undefined
  }
}

const collect = (value: unknown, found: Set<unknown>): void => {
  if (typeof value !== "object" || value === null) {
    found.add(value)
    return
  }
  for (const each of Object.values(value)) collect(each, found)
}
