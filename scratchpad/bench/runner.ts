/** Runs one entry in a child process and checks the file it left. */
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type Sample, warmUpOf } from "./job.ts"
import type { Entry } from "./plan.ts"
import { verify } from "./verify.ts"

/**
 * What the engine otherwise decides sometime during a run, and not in every one:
 * how large its young generation is, and which objects it makes as old ones.
 */
const steady = ["--min-semi-space-size=16", "--no-allocation-site-pretenuring"]
const childFile = join(import.meta.dirname, "child.ts")

export interface RunOptions {
  readonly allocations?: boolean
  /** Where a CPU profile of the measured part goes. */
  readonly profile?: string
}

export const run = async (entry: Entry, folder: string, options: RunOptions = {}): Promise<Sample> => {
  const own = mkdtempSync(join(folder, "run-"))
  const path = join(own, "out.ndjson")
  try {
    const sample = await runChild(entry, path, options)
    return entry.file === "checked" ? checked(entry, path, sample) : sample
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

/** Runs the job of an entry with a path, or an address, of its own. */
export const runChild = (entry: Entry, path: string, options: RunOptions = {}): Promise<Sample> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        "--expose-gc",
        ...(entry.adaptive ? [] : steady),
        childFile,
        entry.job,
        entry.workload,
        String(entry.events),
        String(entry.yieldEvery),
        path
      ],
      {
        env: {
          ...process.env,
          BENCH_ALLOCATIONS: options.allocations === true ? "1" : "0",
          ...(options.profile === undefined ? {} : { BENCH_PROFILE: options.profile })
        },
        stdio: ["ignore", "pipe", "pipe"]
      }
    )
    let output = ""
    let errors = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text
    })
    child.on("error", reject)
    child.on("close", (code) => {
      const sample = code === 0 ? sampleIn(output) : undefined
      if (sample === undefined) reject(new Error(`${entry.key} failed with code ${code}:\n${errors}${output}`))
      else resolve(sample)
    })
  })

const sampleIn = (output: string): Sample | undefined => {
  const value: unknown = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "null")
  return isSample(value) ? value : undefined
}

const isSample = (u: unknown): u is Sample =>
  typeof u === "object" && u !== null && "nanos" in u && "dropped" in u && "more" in u

const checked = (entry: Entry, path: string, sample: Sample): Sample => {
  if (!existsSync(path)) throw new Error(`${entry.key} wrote no file`)
  const written = verify(path, entry.workload)
  if (written.missing.length > 0) {
    throw new Error(`the first line of ${entry.key} lacks ${written.missing.join(", ")}`)
  }
  const lost = warmUpOf(entry.events) + entry.events - written.lines
  if (lost !== sample.dropped) {
    throw new Error(`${entry.key} admits ${sample.dropped} dropped events, but ${lost} lines are not in its file`)
  }
  return { ...sample, more: { ...sample.more, line: written.bytes / written.lines } }
}
