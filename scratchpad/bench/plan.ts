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
  readonly group: WorkloadName | "caller" | "scenario" | "odd" | "network"
}

const candidates: ReadonlyArray<readonly [job: string, title: string]> = [
  ["floor", "floor: no-op logger + batched writes"],
  ["spillway", "Spillway, file sink"],
  ["direct", "Spillway, direct logger"],
  ["spoolNone", "Spillway, paced, no spool"],
  ["spoolOverflow", "Spillway, paced, spool overflow"],
  ["spoolAlways", "Spillway, paced, spool always"],
  ["pinoFastest", "pino sync, minLength 2048"],
  ["pino4096", "pino sync, minLength 4096"],
  ["pinoDefault", "pino default"],
  ["pinoAsync", "pino async, minLength 4096"],
  ["effectFile", "Effect Logger.toFile"],
  ["logtape", "LogTape file sink"],
  ["logtapeNonBlocking", "LogTape file sink, non-blocking"],
  ["logtapeStream", "LogTape stream file sink"],
  ["winston", "winston file"]
]

/** Those of workload W, for each of which the service alone is measured too. */
const services: ReadonlyArray<readonly [job: string, title: string]> = [
  ["silent", "the service alone"],
  ["unheard", "Effect's log calls, a logger that does nothing"],
  ["serviceLeast", "the same lines, made by the engine in the log call"],
  ["serviceBytes", "the same lines from a snapshot, as bytes in the log call"],
  ["service", "Spillway, file sink"],
  ["serviceQuiet", "Spillway, without span events"],
  ["servicePino", "pino sync, minLength 2048"],
  ["servicePino4096", "pino sync, minLength 4096"]
]

const unwritten = new Set(["silent", "unheard"])

/** What the service has beside its lines. */
const kinds: ReadonlyArray<readonly [kind: string, title: string]> = [
  ["", ""],
  ["Untraced", ", no tracer"],
  ["Plain", ", no tracer, no log spans"],
  ["Bare", ", no annotations, no log spans"]
]

/** What pino is measured in too: it has no use for annotations and log spans. */
const bare = new Set(["silent", "servicePino"])
const bareKind = "Bare"

const notInQuickService = new Set(["service", "serviceLeast", "serviceBytes", "servicePino4096", "unheard"])

/** The workloads that show what changes when events differ, and for whom. */
const furtherWorkloads = new Set<WorkloadName>(["R", "T"])
const inFurtherWorkloads = new Set(["floor", "spillway", "direct", "pinoFastest", "effectFile"])

/** What takes long and says little in a daily run. */
const notInQuick = new Set([
  "spoolOverflow",
  "effectFile",
  "logtape",
  "logtapeNonBlocking",
  "logtapeStream",
  "pinoDefault",
  "winston"
])

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
  ["importPino", "import beside Effect, pino", 1, 1],
  ["importIndex", "import beside Effect, Spillway", 1, 1],
  ["importModules", "import beside Effect, Spillway by modules", 1, 1],
  ["importPinoCached", "the same with a compile cache, pino", 1, 1],
  ["importIndexCached", "the same with a compile cache, Spillway", 1, 1],
  ["importModulesCached", "the same with a compile cache, by modules", 1, 1],
  ["importPinoAll", "import beside all of Effect, pino", 1, 1],
  ["importIndexAll", "import beside all of Effect, Spillway", 1, 1],
  ["memory", "stalled sink: time per event", 5_000_000, 500_000],
  ["pacedSilent", "event loop delay p99 at 20,000/s, the service alone", 100_000, 20_000],
  ["paced", "event loop delay p99 at 20,000/s, Spillway", 100_000, 20_000],
  ["pacedQuiet", "event loop delay p99 at 20,000/s, without span events", 100_000, 20_000],
  ["pacedPino", "event loop delay p99 at 20,000/s, pino", 100_000, 20_000],
  ["busyFibers1000", "1,000 fibers, 4 lines a turn", 400_000, 400_000],
  ["busyFibers2000", "2,000 fibers, 4 lines a turn", 400_000, 400_000],
  ["busyFibers10000", "10,000 fibers, 4 lines a turn", 400_000, 400_000],
  ["busyFibersSpooled", "2,000 fibers, 4 lines a turn, spool always", 400_000, 400_000],
  ["twoSpillway", "two processes, × one alone: Spillway", 500_000, 60_000],
  ["twoPino", "two processes, × one alone: pino fastest", 500_000, 60_000],
  ["twoFloor", "two processes, × one alone: the floor", 500_000, 60_000],
  ["loopDelay", "event loop delay p99, Spillway", 600_000, 100_000],
  ["loopDelayPino", "event loop delay p99, pino fastest", 600_000, 100_000],
  ["oneFiber", "1 fiber", 1_000_000, 50_000],
  ["manyFibers", "many fibers of 100 events", 1_000_000, 50_000],
  ["oneFiberNoop", "1 fiber, no-op logger", 1_000_000, 50_000],
  ["manyFibersNoop", "many fibers, no-op logger", 1_000_000, 50_000],
  ["healthy", "paced program, healthy sink", 1_000_000, 50_000],
  ["retryStorm", "paced program, half of all writes fail", 1_000_000, 50_000]
]

/** Records that are unlike those of the workloads. */
const oddRecords: ReadonlyArray<Scenario> = [
  ["oddAscii", "text of 300 characters", 200_000, 20_000],
  ["oddUmlauts", "with umlauts", 200_000, 20_000],
  ["oddCjk", "Chinese", 200_000, 20_000],
  ["oddQuotes", "with a quote", 200_000, 20_000],
  ["oddLineBreaks", "with a line break", 200_000, 20_000],
  ["oddJson", "JSON", 200_000, 20_000],
  ["oddText31k", "text of 31 KiB", 5000, 1000],
  ["oddText33k", "text of 33 KiB, cut", 5000, 1000],
  ["oddText1m", "text of 1 MiB, cut", 5000, 1000],
  ["oddCjk31k", "Chinese of 31 KiB", 5000, 1000],
  ["oddKnownKeys", "object with 6 keys", 200_000, 20_000],
  ["oddNewKeys", "object with 6 new keys", 200_000, 20_000],
  ["oddKeys64", "object with 64 keys", 20_000, 2000],
  ["oddKeys65", "object with 65 keys", 20_000, 2000],
  ["oddKeys100", "object with 100 keys", 20_000, 2000],
  ["oddKeys101", "object with 101 keys, cut", 20_000, 2000],
  ["oddKeys1000", "object with 1,000 keys, cut", 10_000, 1000],
  ["oddItems100", "array of 100 items", 20_000, 2000],
  ["oddItems101", "array of 101 items, cut", 20_000, 2000],
  ["oddDepth8", "8 levels", 100_000, 10_000],
  ["oddDepth9", "9 levels, cut", 100_000, 10_000]
]

export const plan = (options: Options): ReadonlyArray<Entry> => {
  const callerEvents = Math.max(options.events, 100_000)
  const { adaptive, events, quick, rounds, scenarioRounds, yieldEvery } = options
  const chosenFor = (workload: WorkloadName) =>
    candidates.filter(([job]) =>
      furtherWorkloads.has(workload) ? !quick && inFurtherWorkloads.has(job) : !quick || !notInQuick.has(job)
    )
  const served = kinds.flatMap(([kind, detail]) =>
    services.filter(([job]) => kind !== bareKind || bare.has(job)).filter(([job]) =>
      !quick || (kind === "" && !notInQuickService.has(job))
    ).map(([job, title]): Entry => ({
      key: `W.${job}${kind}`,
      title: `${title}${detail}`,
      job: `${job}${kind}`,
      workload: "W",
      events,
      yieldEvery: 0,
      adaptive,
      rounds,
      file: unwritten.has(job) ? "unchecked" : "checked",
      group: "W"
    }))
  )
  const files = workloadNames.filter((workload) => workload !== "W").flatMap((workload) =>
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
  const alone = (group: "scenario" | "odd") => ([job, title, full, short]: Scenario): Entry => ({
    key: job,
    title,
    job,
    workload: "S",
    events: quick ? short : full,
    yieldEvery: 0,
    adaptive,
    rounds: scenarioRounds,
    file: "unchecked",
    group
  })
  const rest = [...scenarios.map(alone("scenario")), ...oddRecords.map(alone("odd"))]
  return only(options.only, [...served, ...files, ...calls, ...rest])
}

/** The entries that have one of the words in their keys, or that one of the words is the key of. */
export const only = (words: string | undefined, entries: ReadonlyArray<Entry>): ReadonlyArray<Entry> => {
  if (words === undefined) return entries
  const keys = new Set(entries.map(({ key }) => key))
  const wanted = words.split(",")
  return entries.filter(({ key }) => wanted.some((word) => keys.has(word) ? key === word : key.includes(word)))
}
