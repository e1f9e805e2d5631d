/** What logging costs the service of workload W: its time less that of the service that logs nothing. */
import type { Sample } from "../job.ts"
import { pairwise, type Results } from "../results.ts"

const kindOf = (key: string): string => /Untraced$|Plain$|Bare$/.exec(key)?.[0] ?? ""

const aloneBeside = (key: string): string => `W.silent${kindOf(key)}`

/**
 * Ours without span events: pino adds none. Beside a service that has neither annotations
 * nor log spans it is ours with them: to annotate is then a part of what logging costs.
 */
export const oursBeside = (key: string): string => {
  const kind = kindOf(key)
  return `W.serviceQuiet${kind === "Bare" ? "" : kind}`
}

const nanos = (samples: ReadonlyArray<Sample>, index: number): number => samples[index]?.nanos ?? Number.NaN

/** Nanoseconds an event. */
export const net = (results: Results, key: string): number | undefined =>
  pairwise(results, [key, aloneBeside(key)], (samples) => nanos(samples, 0) - nanos(samples, 1))

/** What is compared in each round to find how many times as much `over` costs as `under`. */
export const netPair = (over: string, under: string) => ({
  needs: [over, under, aloneBeside(over)],
  compute: (samples: ReadonlyArray<Sample>): number =>
    (nanos(samples, 0) - nanos(samples, 2)) / (nanos(samples, 1) - nanos(samples, 2))
})

export const netRatio = (results: Results, over: string, under: string): number | undefined => {
  const { compute, needs } = netPair(over, under)
  return pairwise(results, needs, compute)
}
