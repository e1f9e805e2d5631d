import { Schedule } from "effect"
import type { LogRecord } from "../../src/LogRecord.ts"
import type { LaneOptions, SpoolOptions } from "../../src/LogSink.ts"
import type { Event } from "./events.ts"
import type { Parameters } from "./parameters.ts"

/** A lane that is set up so, and tells what it gives up. */
export const laneOptions = (
  parameters: Parameters,
  now: () => number,
  seqsOf: (records: ReadonlyArray<LogRecord>) => ReadonlyArray<number>,
  observe: (event: Event) => void
): Partial<LaneOptions> => {
  const { breaker, capacity, concurrency, deadLetters, maxBatchBytes, maxBatchSize, maxBytes, retries } = parameters
  return {
    capacity,
    maxBytes,
    maxBatchSize,
    maxBatchBytes,
    concurrency,
    strategy: parameters.strategy,
    sampleShare: parameters.sampleShare,
    batchWindow: parameters.windowMillis,
    writeTimeout: "5 seconds",
    retry: Schedule.exponential("500 millis").pipe(Schedule.upTo({ times: retries })),
    ...(breaker ? undefined : { breaker: false }),
    deadLetter: (letters) => {
      const taken = deadLetters === "taken"
      const [first] = letters
      const seqs = seqsOf(letters.map(({ record }) => record))
      if (first?.partial !== undefined) observe({ _tag: "Copied", seqs, refused: first.partial })
      else if (first !== undefined) observe({ _tag: "GivenUp", seqs, reason: first.reason, taken, at: now() })
      if (!taken) throw new Error("no dead letters are taken")
    }
  }
}

/** The spool of a lane that is set up so. */
export const spoolOptions = (parameters: Parameters, directory: string): SpoolOptions | undefined => {
  const { fsync, maxAgeMillis, mode, segmentBytes, spoolBytes, spoolStrategy } = parameters
  if (mode === "off") return undefined
  return { directory, mode, fsync, segmentBytes, maxAge: maxAgeMillis, maxBytes: spoolBytes, strategy: spoolStrategy }
}
