/** Looks at the file a candidate left: how many lines, how many bytes, and whether the fields are there. */
import { eachChunk, newline, newlinesIn } from "./lines.ts"
import { expectedValues, type WorkloadName } from "./workload.ts"

export interface Written {
  readonly lines: number
  readonly bytes: number
  /** What is missing in the first line. */
  readonly missing: ReadonlyArray<string>
}

export const verify = (path: string, workload: WorkloadName): Written => {
  let lines = 0
  let bytes = 0
  let first: string | undefined
  eachChunk(path, (chunk) => {
    first ??= chunk.toString("utf8", 0, Math.max(0, chunk.indexOf(newline)))
    lines += newlinesIn(chunk)
    bytes += chunk.length
  })
  return { lines, bytes, missing: missingIn(first ?? "", workload) }
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
