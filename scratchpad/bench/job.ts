/** What is measured in one child process. */
import type { WorkloadName } from "./workload.ts"

export interface Setup {
  readonly workload: WorkloadName
  readonly events: number
  /** Ask for a turn of the event loop every so many events; 0 for the plain loop. */
  readonly yieldEvery: number
  /** A path in an empty folder of this run, or the address of the far end. */
  readonly path: string
}

/** What one run of a job found. */
export interface Sample {
  /** The main figure, in nanoseconds per event. */
  readonly nanos: number
  readonly dropped: number
  /** Other figures by name. */
  readonly more: Readonly<Record<string, number>>
}

export interface Job {
  readonly measure: (setup: Setup) => Promise<Sample>
}

const warmUpShare = 5
const leastWarmUp = 50_000

/** How many events of a run on a file are logged before the clock starts. */
export const warmUpOf = (events: number): number => Math.max(leastWarmUp, Math.ceil(events / warmUpShare))

export const nanosSince = (start: bigint): number => Number(process.hrtime.bigint() - start)

export const collectGarbage = (): void => {
  globalThis.gc?.()
}
