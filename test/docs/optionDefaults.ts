/** The defaults of options as their documentation writes them. */
import * as Duration from "effect/Duration"
import { defaultRetry, type DurationInput, type LaneOptions } from "../../src/LogSink.ts"
import { durationOf } from "../../src/options/duration.ts"

const KiB = 1024
const MiB = 1024 * KiB

export const bytes = (value: number): string => value % MiB === 0 ? `${value / MiB} MiB` : `${value / KiB} KiB`

const count = (value: number): string => value.toLocaleString("en")

export const records = (value: number): string => `${count(value)} records`

export const duration = (input: DurationInput): string => {
  const millis = Duration.toMillis(durationOf(input))
  if (millis === 0) return "0"
  if (millis === Number.POSITIVE_INFINITY) return "none"
  return millis % 1000 === 0 ? `${millis / 1000} s` : `${millis} ms`
}

const orNone = (value: unknown): string => value === undefined ? "none" : "some"

const writers: { readonly [K in keyof LaneOptions]: (value: LaneOptions[K]) => string } = {
  capacity: records,
  maxBytes: bytes,
  strategy: (strategy) => JSON.stringify(strategy),
  sampleShare: String,
  maxBatchSize: records,
  maxBatchBytes: bytes,
  batchWindow: duration,
  concurrency: count,
  writeTimeout: duration,
  retry: (schedule) =>
    schedule === defaultRetry ? "0.5 s, doubled, at most 30 s, full jitter, for 5 minutes" : "another",
  minimumLevel: (level) => JSON.stringify(level),
  filter: orNone,
  map: orNone,
  breaker: (breaker) => breaker === false ? "none" : `${breaker.failures} failures, ${duration(breaker.cooldown)}`,
  fallback: orNone,
  deadLetter: orNone,
  spool: orNone
}

export const laneOptions = Object.keys(writers).filter((key): key is keyof LaneOptions => key in writers)

/** The default of an option of a lane. */
export const written = <K extends keyof LaneOptions>(option: K, value: LaneOptions[K]): string => writers[option](value)

const overHttp = new Set(["clickhouse", "elasticsearch", "http", "loki", "otlp"])

/**
 * What a text says of one sink: `8,192 records; file and console 65,536` says `65,536` of the file, and `8,192 records` of
 * all that it does not name.
 */
export const saidOf = (sink: string, text: string): string => {
  const [general = "", ...others] = text.split("; ")
  for (const other of others) {
    const [, names = "", value = ""] = /^(over HTTP|[a-z]+(?:(?:, | and )[a-z]+)*) (.+)$/.exec(other) ?? []
    if (names === "over HTTP" ? overHttp.has(sink) : names.split(/, | and /).includes(sink)) return value
  }
  return general
}
