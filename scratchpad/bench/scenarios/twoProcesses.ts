/**
 * How much slower each of two processes is that do the same at once, beside one alone: of
 * ours, of pino's, and of a loop that logs to nobody, which shows what the machine takes.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import type { Job, Setup } from "../job.ts"

const child = join(import.meta.dirname, "..", "child.ts")

const nanosOf = (job: string, { events, workload }: Setup, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const args = [...process.execArgv, child, job, workload, String(events), "0", path]
    const started = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
    let output = ""
    started.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text
    })
    started.on("error", reject)
    started.on("close", (code) => {
      const nanos = /"nanos":([\d.]+)/.exec(output)?.[1]
      if (code === 0 && nanos !== undefined) resolve(Number(nanos))
      else reject(new Error(`${job} failed with code ${code}: ${output}`))
    })
  })

/** The main figure is how many times as long each takes. */
export const twoProcesses = (job: string): Job => ({
  async measure(setup) {
    const alone = await nanosOf(job, setup, `${setup.path}.alone`)
    const both = await Promise.all(["one", "other"].map((name) => nanosOf(job, setup, `${setup.path}.${name}`)))
    const beside = both.reduce((sum, nanos) => sum + nanos, 0) / both.length
    return { nanos: beside / alone, dropped: 0, more: { alone, beside } }
  }
})
