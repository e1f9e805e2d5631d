/** The network benchmark. `--help` lists the options; the README above says what is measured. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import type { Entry } from "../plan.ts"
import { profile } from "../profile.ts"
import { mostDropped, type Result, type Results } from "../results.ts"
import { runChild } from "../runner.ts"
import { targetTable } from "../table.ts"
import { judge } from "../targets.ts"
import { inTurns } from "../turns.ts"
import { type NetworkOptions, parseNetworkOptions, usage } from "./options.ts"
import { destinations, networkPlan, networkWorkloads } from "./plan.ts"
import { networkReport } from "./report.ts"
import { startServer } from "./startServer.ts"
import { networkTable } from "./table.ts"
import { networkTargets } from "./targets.ts"
import { versions } from "./versions.ts"

const profileAll = async (entries: ReadonlyArray<Entry>, url: string, folder: string): Promise<void> => {
  for (const entry of entries.filter(({ job }) => job.includes("Spillway"))) {
    console.log(`${await profile(entry, folder, (options) => runChild(entry, url, options))}\n`)
  }
}

const measureAll = async (entries: ReadonlyArray<Entry>, url: string): Promise<Results> => {
  const samples = await inTurns(entries, (entry) => runChild(entry, url))
  return new Map(entries.map((entry): [string, Result] => [
    entry.key,
    { entry, samples: samples.get(entry.key) ?? [], allocated: undefined }
  ]))
}

const show = (options: NetworkOptions, results: Results): void => {
  const verdicts = judge(networkTargets, results)
  const report = networkReport(options, results, verdicts)
  console.log(
    [
      `${options.rounds} rounds of ${options.events} events, Node ${process.version}, ${cpus().length} × ${report.cpu}`,
      Object.entries(versions()).map(([name, version]) => `${name} ${version}`).join(", "),
      ...destinations.flatMap((destination) =>
        networkWorkloads.map((workload) => networkTable(results, destination, workload))
      ),
      options.quick ? "" : targetTable(verdicts)
    ].filter((text) => text !== "").join("\n\n")
  )
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  const lossy = [...results.values()].filter((result) => mostDropped(result) > 0)
  for (const result of lossy) {
    console.error(`${result.entry.key}: ${mostDropped(result)} events arrived not at all, twice or changed`)
  }
  if (lossy.length > 0) process.exitCode = 1
}

const bench = async (options: NetworkOptions): Promise<void> => {
  const entries = networkPlan(options)
  if (entries.length === 0) throw new Error(`--only ${options.only}: nothing has that in its key`)
  const server = await startServer()
  try {
    if (options.profile) {
      const folder = options.folder ?? mkdtempSync(join(tmpdir(), "spillway-bench-"))
      mkdirSync(folder, { recursive: true })
      await profileAll(entries, server.url, folder)
    } else show(options, await measureAll(entries, server.url))
  } finally {
    server.stop()
  }
}

const options = parseNetworkOptions(process.argv.slice(2))
if (options === "help") console.log(usage)
else await bench(options)
