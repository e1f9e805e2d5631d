/** Runs one program of the matrix and counts what it left. */
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CandidateName } from "./candidate.ts"

/** One cell: what became of the lines of one program. */
export interface Cell {
  readonly event: string
  readonly candidate: CandidateName
  readonly accepted: number
  readonly kept: number
  /** Lines that are there more than once. */
  readonly repeated: number
  /** Lines that are not whole. */
  readonly broken: number
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A program that has not ended by then hangs; it is killed, and its exit says so. */
const patience = 30_000

export const runCell = async (candidate: CandidateName, event: string, accepted: number): Promise<Cell> => {
  const folder = mkdtempSync(join(tmpdir(), "spillway-exits-"))
  const path = join(folder, "out.ndjson")
  try {
    const end = await runChild([candidate, event, path, String(accepted)])
    return { event, candidate, accepted, ...countLines(path), ...end }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const runChild = (args: ReadonlyArray<string>): Promise<Pick<Cell, "code" | "signal">> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "child.ts"), ...args], {
      stdio: "ignore",
      // A terminal of whoever runs it would change what SIGHUP means.
      detached: true,
      timeout: patience,
      killSignal: "SIGKILL"
    })
    child.on("error", reject)
    child.on("close", (code, signal) => resolve({ code, signal }))
  })

const countLines = (path: string): Pick<Cell, "kept" | "repeated" | "broken"> => {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [""]
  // What follows the last line break is half a line.
  const tail = lines.pop()
  const whole = lines.filter(isWhole)
  // The record of a crash is a line too, but not one of those counted.
  const counted = whole.flatMap((line) => /"line \d+"/.exec(line) ?? [])
  const kept = new Set(counted).size
  return {
    kept,
    repeated: counted.length - kept,
    broken: lines.length - whole.length + (tail === "" ? 0 : 1)
  }
}

const isWhole = (line: string): boolean => {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
