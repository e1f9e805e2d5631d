/** The targets of the project, each computed from the samples of this run. */
import type { Sample } from "./job.ts"
import { mostDropped, pairwise, type Results } from "./results.ts"
import { netPair } from "./service/net.ts"

export interface Target {
  readonly key: string
  readonly title: string
  readonly needs: ReadonlyArray<string>
  readonly compute: (samples: ReadonlyArray<Sample>) => number
  /** `lower`: at most the limit is wanted; `higher`: at least. */
  readonly better: "lower" | "higher"
  readonly limit: number
  readonly unit: "×" | "MiB" | "records" | "ns"
}

export interface Verdict {
  readonly target: Target
  readonly measured: number
  readonly met: boolean
  /** Events dropped by what was measured: the figure does not count. */
  readonly dropped: number
}

const nanos = (samples: ReadonlyArray<Sample>, index: number): number => samples[index]?.nanos ?? Number.NaN

const more = (samples: ReadonlyArray<Sample>, name: string): number => samples[0]?.more[name] ?? Number.NaN

/** The time of `over` is at most `limit` times the time of `under`. */
const atMost = (title: string, over: string, under: string, limit: number): Target => ({
  key: `${over}/${under}`,
  title,
  needs: [over, under],
  compute: (samples) => nanos(samples, 0) / nanos(samples, 1),
  better: "lower",
  limit,
  unit: "×"
})

/** `ours` is at least `limit` times as fast as `theirs`. */
export const timesFaster = (title: string, ours: string, theirs: string, limit: number): Target => ({
  key: `${theirs}/${ours}`,
  title,
  needs: [theirs, ours],
  compute: (samples) => nanos(samples, 0) / nanos(samples, 1),
  better: "higher",
  limit,
  unit: "×"
})

/** The same for each byte that is written. */
const perByteAtMost = (title: string, over: string, under: string, limit: number): Target => ({
  ...atMost(title, over, under, limit),
  compute: (samples) => perByte(samples, 0) / perByte(samples, 1)
})

const perByte = (samples: ReadonlyArray<Sample>, index: number): number => samples[index]?.more["perByte"] ?? Number.NaN

/** `ours` costs the service at most as much as `theirs` divided by `limit`. */
const timesCheaper = (title: string, ours: string, theirs: string, limit: number): Target => ({
  key: `${theirs}/${ours}.net`,
  title,
  ...netPair(theirs, ours),
  better: "higher",
  limit,
  unit: "×"
})

/** Nothing is lost. */
const nothingLost = (title: string, key: string): Target => ({
  key: `${key}.lost`,
  title,
  needs: [key],
  compute: (samples) => samples[0]?.dropped ?? Number.NaN,
  better: "lower",
  limit: 0,
  unit: "records"
})

/** The main figure of a job is itself at most the limit. */
const itselfAtMost = (title: string, key: string, limit: number): Target => ({
  key: `${key}.itself`,
  title,
  needs: [key],
  compute: (samples) => nanos(samples, 0),
  better: "lower",
  limit,
  unit: "×"
})

const extraSink = (title: string, workload: string): Target => ({
  key: `${workload}.extraSink`,
  title,
  needs: [`${workload}.callerThree`, `${workload}.callerOne`],
  compute: (samples) => (nanos(samples, 0) - nanos(samples, 1)) / 2 / nanos(samples, 1),
  better: "lower",
  limit: 0.1,
  unit: "×"
})

const mebibytes = (title: string, name: string, limit: number): Target => ({
  key: `memory.${name}`,
  title,
  needs: ["memory"],
  compute: (samples) => more(samples, name),
  better: "lower",
  limit,
  unit: "MiB"
})

export const targets: ReadonlyArray<Target> = [
  timesCheaper("W: net, against pino's fastest mode", "W.serviceQuiet", "W.servicePino", 1.6),
  timesCheaper("W: net, with our span events", "W.service", "W.servicePino", 1.05),
  atMost("W at 20,000 events/s: event loop delay p99 against pino", "paced", "pacedPino", 1),
  atMost("W at 20,000 events/s: the same without span events", "pacedQuiet", "pacedPino", 1),
  nothingLost("10,000 busy fibers: lost", "busyFibers10000"),
  itselfAtMost("two processes: each, against one alone", "twoSpillway", 1.2),
  nothingLost("2,000 busy fibers: lost", "busyFibers2000"),
  nothingLost("2,000 busy fibers with a spool: lost", "busyFibersSpooled"),
  timesFaster("R: throughput against pino's fastest mode", "R.spillway", "R.pinoFastest", 1.5),
  atMost("R: our time per event against the floor", "R.spillway", "R.floor", 1.35),
  timesFaster("T: throughput against pino's fastest mode", "T.spillway", "T.pinoFastest", 2.2),
  atMost("S: our time per event against the floor", "S.spillway", "S.floor", 1.6),
  timesFaster("S: throughput against pino's fastest mode", "S.spillway", "S.pinoFastest", 2.3),
  timesFaster("S: throughput against pino async", "S.spillway", "S.pinoAsync", 5),
  timesFaster("S: throughput against pino default", "S.spillway", "S.pinoDefault", 5),
  timesFaster("O: throughput against pino's fastest mode", "O.spillway", "O.pinoFastest", 2.3),
  timesFaster("S: throughput against Effect's Logger.toFile", "S.spillway", "S.effectFile", 6),
  timesFaster("S: throughput against LogTape's file sink", "S.spillway", "S.logtape", 6),
  timesFaster("S: throughput against LogTape's file sink, non-blocking", "S.spillway", "S.logtapeNonBlocking", 6),
  timesFaster("S: throughput against LogTape's stream file sink", "S.spillway", "S.logtapeStream", 6),
  timesFaster("S: throughput against winston", "S.spillway", "S.winston", 4),
  atMost("S: what the caller waits, lane with room", "S.callerOne", "S.callerNoop", 1.8),
  atMost("S: what the caller waits, lane full", "S.callerFull", "S.callerNoop", 1.8),
  atMost("O: what the caller waits, lane with room", "O.callerOne", "O.callerNoop", 3),
  atMost("O: what the caller waits, lane full", "O.callerFull", "O.callerNoop", 3),
  atMost("S: a dropped record against an accepted one", "S.callerFull", "S.callerOne", 0.7),
  atMost("O: a dropped record against an accepted one", "O.callerFull", "O.callerOne", 0.7),
  extraSink("S: each extra sink, against the call with one", "S"),
  extraSink("O: each extra sink, against the call with one", "O"),
  timesFaster("S: direct logger.info against pino's info, the call", "S.callerDirect", "S.callerPino", 4),
  timesFaster("S: direct logger.info against pino's info, to the file", "S.direct", "S.pinoFastest", 4),
  mebibytes("stalled sink: growth of resident memory", "growthMiB", 64),
  mebibytes("stalled sink: growth once the queue is full", "growthAfterFullMiB", 4),
  atMost("event loop delay p99 against pino's fastest mode", "loopDelay", "loopDelayPino", 1),
  atMost("import beside Effect's modules, against pino", "importIndex", "importPino", 1.5),
  atMost("import beside Effect's modules, one by one, against pino", "importModules", "importPino", 1.5),
  atMost("many short fibers against one, per event", "manyFibers", "oneFiber", 1.25),
  atMost("S: a spool that takes everything against none", "S.spoolAlways", "S.spoolNone", 2),
  atMost("O: a spool that takes everything against none", "O.spoolAlways", "O.spoolNone", 2),
  atMost("retry storm against a healthy sink", "retryStorm", "healthy", 2.5),
  atMost("text of 33 KiB against text of 31 KiB", "oddText33k", "oddText31k", 1.3),
  perByteAtMost("text with umlauts against ASCII, per byte", "oddUmlauts", "oddAscii", 1.5),
  perByteAtMost("Chinese text against ASCII, per byte", "oddCjk", "oddAscii", 1.5),
  atMost("an object with keys never seen before against known keys", "oddNewKeys", "oddKnownKeys", 3)
]

export const judge = (targets: ReadonlyArray<Target>, results: Results): ReadonlyArray<Verdict> =>
  targets.flatMap((target) => {
    const measured = pairwise(results, target.needs, target.compute)
    if (measured === undefined) return []
    const dropped = target.needs.reduce((sum, key) => {
      const result = results.get(key)
      return sum + (result === undefined ? 0 : mostDropped(result))
    }, 0)
    const within = target.better === "lower" ? measured <= target.limit : measured >= target.limit
    return [{ target, measured, met: within && dropped === 0, dropped }]
  })
