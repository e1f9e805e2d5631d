/** The samples of a run, round by round. */
import type { Sample } from "./job.ts"
import type { Entry } from "./plan.ts"
import { median } from "./stats.ts"

export interface Result {
  readonly entry: Entry
  readonly samples: ReadonlyArray<Sample>
  /** Bytes allocated per event, from a round of its own. */
  readonly allocated: number | undefined
}

export type Results = ReadonlyMap<string, Result>

export const medianNanos = (result: Result): number => median(result.samples.map(({ nanos }) => nanos))

export const medianMore = (result: Result, name: string): number | undefined => {
  const values = result.samples.flatMap(({ more }) => more[name] ?? [])
  return values.length === 0 ? undefined : median(values)
}

export const mostDropped = (result: Result): number => Math.max(...result.samples.map(({ dropped }) => dropped))

/** The median over the rounds of a figure computed within each round; undefined when something is missing. */
export const pairwise = (
  results: Results,
  keys: ReadonlyArray<string>,
  compute: (samples: ReadonlyArray<Sample>) => number
): number | undefined => {
  const rounds: Array<ReadonlyArray<Sample>> = []
  const all = keys.map((key) => results.get(key)?.samples ?? [])
  const count = Math.min(...all.map((samples) => samples.length))
  for (let round = 0; round < count; round++) {
    rounds.push(all.flatMap((samples) => samples[round] ?? []))
  }
  return rounds.length === 0 ? undefined : median(rounds.map(compute))
}

const nanosRatio = (samples: ReadonlyArray<Sample>): number =>
  (samples[0]?.nanos ?? Number.NaN) / (samples[1]?.nanos ?? Number.NaN)

/** How many times longer `over` takes than `under`. */
export const ratio = (results: Results, over: string, under: string): number | undefined =>
  pairwise(results, [over, under], nanosRatio)
