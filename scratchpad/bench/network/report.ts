/** The JSON file: every sample, every target, and what they were measured on. */
import { cpus } from "node:os"
import type { Results } from "../results.ts"
import { round } from "../stats.ts"
import type { Verdict } from "../targets.ts"
import type { NetworkOptions } from "./options.ts"
import { versions } from "./versions.ts"

export interface NetworkReport {
  readonly node: string
  readonly cpu: string
  readonly cpus: number
  readonly versions: Readonly<Record<string, string>>
  readonly rounds: number
  readonly events: number
  readonly targets: ReadonlyArray<unknown>
  readonly results: ReadonlyArray<unknown>
}

export const networkReport = (
  { events, rounds }: NetworkOptions,
  results: Results,
  verdicts: ReadonlyArray<Verdict>
): NetworkReport => ({
  node: process.version,
  cpu: cpus()[0]?.model ?? "unknown",
  cpus: cpus().length,
  versions: versions(),
  rounds,
  events,
  targets: verdicts.map(({ dropped, measured, met, target: { key, limit, title, unit } }) => ({
    key,
    title,
    limit,
    unit,
    measured: round(measured, 4),
    met,
    dropped
  })),
  results: [...results.values()].map(({ entry, samples }) => ({ entry, samples }))
})
