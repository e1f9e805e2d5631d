/** The benchmark. `--help` lists the options; README.md says what is measured and how to read it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { comparison, readRatios } from "./compare.ts"
import { type Options, parseOptions, usage } from "./options.ts"
import { type Entry, plan } from "./plan.ts"
import { profile } from "./profile.ts"
import { makeReport } from "./report.ts"
import type { Result, Results } from "./results.ts"
import { run } from "./runner.ts"
import { picture } from "./svg.ts"
import { callerTable, fileTable, oddTable, scenarioTable, serviceTable, targetTable } from "./table.ts"
import { judge, targets } from "./targets.ts"
import { inTurns, progress } from "./turns.ts"
import { workloadNames } from "./workload.ts"

const mostAllocationEvents = 50_000

const folderOf = (options: Options): string => {
  if (options.folder === undefined) return mkdtempSync(join(tmpdir(), "spillway-bench-"))
  mkdirSync(options.folder, { recursive: true })
  return options.folder
}

const measureAll = async (entries: ReadonlyArray<Entry>, folder: string): Promise<Results> => {
  const samples = await inTurns(entries, (entry) => run(entry, folder))
  const results = new Map<string, Result>()
  for (const entry of entries) {
    progress(`allocations: ${entry.key}`)
    const allocated = entry.file === "checked" || entry.group === "W" ? await allocatedBy(entry, folder) : undefined
    results.set(entry.key, { entry, samples: samples.get(entry.key) ?? [], allocated })
  }
  progress("")
  return results
}

const allocatedBy = async (entry: Entry, folder: string): Promise<number | undefined> => {
  const events = Math.min(entry.events, mostAllocationEvents)
  const sample = await run({ ...entry, events }, folder, { allocations: true })
  return sample.more["allocated"]
}

const profileAll = async (entries: ReadonlyArray<Entry>, folder: string): Promise<void> => {
  for (const entry of entries.filter(({ job }) => job === "spillway" || job.startsWith("service"))) {
    console.log(`${await profile(entry, folder, (options) => run(entry, folder, options))}\n`)
  }
}

const bench = async (options: Options): Promise<void> => {
  const entries = plan(options)
  if (entries.length === 0) throw new Error(`--only ${options.only}: nothing has that in its key`)
  const base = options.compare === undefined ? undefined : readRatios(options.compare)
  const folder = folderOf(options)
  if (options.profile) return profileAll(entries, folder)

  const results = await measureAll(entries, folder)
  if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  const verdicts = judge(targets, results)
  const report = makeReport(options, results, verdicts)
  const setting = `${options.rounds} rounds of ${options.events} events, ` +
    `${options.yieldEvery === 0 ? "no turns but Effect's own" : `a turn every ${options.yieldEvery} events`}, ` +
    `${
      options.adaptive ? "the heap left to the engine" : "the heap settled beforehand"
    }, Node ${process.version}, ${report.cpus} × ${report.cpu}`
  const tables = [
    serviceTable(results),
    ...workloadNames.map((workload) => workload === "W" ? "" : fileTable(results, workload)),
    callerTable(results),
    scenarioTable(results),
    oddTable(results),
    targetTable(verdicts)
  ]
  console.log([setting, ...tables.filter((table) => table !== "")].join("\n\n"))
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.svg !== undefined) writeFileSync(options.svg, picture(results))
  if (base !== undefined) {
    const { text, worse } = comparison(base, report.ratios)
    console.log(`\n${text}`)
    if (worse) process.exitCode = 1
  }
}

const options = parseOptions(process.argv.slice(2))
if (options === "help") console.log(usage)
else await bench(options)
