/** The JSON file: every sample, every ratio, and what they were measured on. */
import { cpus } from "node:os"
import type { Options } from "./options.ts"
import { ratio, type Results } from "./results.ts"
import { round } from "./stats.ts"
import type { Verdict } from "./targets.ts"

export interface Ratio {
  readonly value: number
  readonly better: "lower" | "higher"
}

export interface Report {
  readonly node: string
  readonly cpu: string
  readonly cpus: number
  readonly quick: boolean
  readonly rounds: number
  readonly events: number
  readonly yieldEvery: number
  readonly adaptive: boolean
  readonly ratios: Readonly<Record<string, Ratio>>
  readonly targets: ReadonlyArray<unknown>
  readonly results: ReadonlyArray<unknown>
}

export const makeReport = (options: Options, results: Results, verdicts: ReadonlyArray<Verdict>): Report => ({
  node: process.version,
  cpu: cpus()[0]?.model ?? "unknown",
  cpus: cpus().length,
  quick: options.quick,
  rounds: options.rounds,
  events: options.events,
  yieldEvery: options.yieldEvery,
  adaptive: options.adaptive,
  ratios: ratiosOf(results, verdicts),
  targets: verdicts.map(({ dropped, measured, met, target }) => ({
    key: target.key,
    title: target.title,
    better: target.better,
    limit: target.limit,
    unit: target.unit,
    measured: round(measured, 4),
    met,
    dropped
  })),
  results: [...results.values()].map(({ allocated, entry, samples }) => ({ entry, allocated, samples }))
})

/** What can be compared between machines: ratios within one run, and bytes. */
const ratiosOf = (results: Results, verdicts: ReadonlyArray<Verdict>): Readonly<Record<string, Ratio>> => {
  const out: Record<string, Ratio> = {}
  for (const { measured, target } of verdicts) {
    out[target.key] = { value: round(measured, 4), better: target.better }
  }
  for (const { allocated, entry } of results.values()) {
    const floor = ratio(results, entry.key, `${entry.workload}.floor`)
    const ours = entry.job === "spillway" || entry.job === "direct"
    if (entry.file !== "checked" || !ours) continue
    if (floor !== undefined) out[`${entry.key}/${entry.workload}.floor`] = { value: round(floor, 4), better: "lower" }
    if (allocated !== undefined) out[`${entry.key}.heapBytes`] = { value: Math.round(allocated), better: "lower" }
  }
  return out
}
