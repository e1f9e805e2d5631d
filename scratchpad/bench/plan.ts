/** What one run of the benchmark measures. */
import type { Options } from "./options.ts"
import { type WorkloadName, workloadNames } from "./workload.ts"

export interface Entry {
  /** For example `S.spillway`. */
  readonly key: string
  readonly title: string
  readonly job: string
  readonly workload: WorkloadName
  readonly events: number
  readonly yieldEvery: number
  /** Whether the engine decides for itself what the benchmark otherwise fixes. */
  readonly adaptive: boolean
  readonly rounds: number
  /** Whether it writes a log file whose lines can be counted and read. */
  readonly file: "checked" | "unchecked"
  readonly group: WorkloadName | "caller" | "scenario"
}

const candidates: ReadonlyArray<readonly [job: string, title: string]> = [
  ["floor", "floor: no-op logger + batched writes"],
  ["spillway", "Spillway, file sink"],
  ["direct", "Spillway, direct logger"],
  ["pinoFastest", "pino sync, minLength 4096"],
  ["pinoDefault", "pino default"],
  ["pinoAsync", "pino async, minLength 4096"],
  ["effectFile", "Effect Logger.toFile"],
  ["logtape", "LogTape file sink"],
  ["logtapeNonBlocking", "LogTape file sink, non-blocking"],
  ["logtapeStream", "LogTape stream file sink"],
  ["winston", "winston file"]
]

/** The workloads that show what changes when events differ, and for whom. */
const furtherWorkloads = new Set<WorkloadName>(["R", "T"])
const inFurtherWorkloads = new Set(["floor", "spillway", "direct", "pinoFastest", "effectFile"])

/** What takes long and says little in a daily run. */
const notInQuick = new Set(["effectFile", "logtape", "logtapeNonBlocking", "logtapeStream", "pinoDefault", "winston"])

const callerWorkloads: ReadonlyArray<WorkloadName> = ["S", "O"]

const callers: ReadonlyArray<readonly [job: string, title: string]> = [
  ["callerNoop", "Effect.logInfo, no-op logger"],
  ["callerOne", "Effect.logInfo, one sink"],
  ["callerThree", "Effect.logInfo, three sinks"],
  ["callerFull", "Effect.logInfo, lane full (dropped)"],
  ["callerDirect", "direct logger.info"],
  ["callerPino", "pino info, fastest mode"]
]

type Scenario = readonly [job: string, title: string, events: number, quickEvents: number]

const scenarios: ReadonlyArray<Scenario> = [
  ["memory", "stalled sink: time per event", 5_000_000, 500_000],
  ["loopDelay", "event loop delay p99, Spillway", 600_000, 100_000],
  ["loopDelayPino", "event loop delay p99, pino fastest", 600_000, 100_000],
  ["oneFiber", "1 fiber", 1_000_000, 50_000],
  ["manyFibers", "many fibers of 100 events", 1_000_000, 50_000],
  ["oneFiberNoop", "1 fiber, no-op logger", 1_000_000, 50_000],
  ["manyFibersNoop", "many fibers, no-op logger", 1_000_000, 50_000],
  ["healthy", "paced program, healthy sink", 1_000_000, 50_000],
  ["retryStorm", "paced program, half of all writes fail", 1_000_000, 50_000]
]

export const plan = (options: Options): ReadonlyArray<Entry> => {
  const callerEvents = Math.max(options.events, 100_000)
  const { adaptive, events, quick, rounds, scenarioRounds, yieldEvery } = options
  const chosenFor = (workload: WorkloadName) =>
    candidates.filter(([job]) =>
      furtherWorkloads.has(workload) ? !quick && inFurtherWorkloads.has(job) : !quick || !notInQuick.has(job)
    )
  const files = workloadNames.flatMap((workload) =>
    chosenFor(workload).map(([job, title]): Entry => ({
      key: `${workload}.${job}`,
      title,
      job,
      workload,
      events,
      yieldEvery,
      adaptive,
      rounds,
      file: "checked",
      group: workload
    }))
  )
  const calls = callerWorkloads.flatMap((workload) =>
    callers.map(([job, title]): Entry => ({
      key: `${workload}.${job}`,
      title: `${title} (${workload})`,
      job,
      workload,
      events: callerEvents,
      yieldEvery: 0,
      adaptive,
      rounds: scenarioRounds,
      file: "unchecked",
      group: "caller"
    }))
  )
  const rest = scenarios.map(([job, title, full, short]): Entry => ({
    key: job,
    title,
    job,
    workload: "S",
    events: quick ? short : full,
    yieldEvery: 0,
    adaptive,
    rounds: scenarioRounds,
    file: "unchecked",
    group: "scenario"
  }))
  const wanted = options.only?.split(",")
  return [...files, ...calls, ...rest].filter(({ key }) =>
    wanted === undefined || wanted.some((word) => key.includes(word))
  )
}
