/**
 * The environment variables of `Logging.layerFromConfig`: what they mean, how
 * they are read, what is wrong with a bad one.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Format } from "./LogEncoder.ts"
import { type Level, levels } from "./LogRecord.ts"
import * as LogSink from "./LogSink.ts"
import { shortened } from "./record/text.ts"

/**
 * Raised when variables have bad values. The message names every one of them
 * with its value and what was expected.
 *
 * @category errors
 * @since 0.1.0
 */
export class LoggingConfigError extends Data.TaggedError("LoggingConfigError")<{
  readonly problems: ReadonlyArray<{ readonly variable: string; readonly value: string; readonly expected: string }>
}> {
  override get message(): string {
    return this.problems
      .map(({ expected, value, variable }) => `${variable}: expected ${expected}, got ${JSON.stringify(value)}`)
      .join("\n")
  }
}

/**
 * One variable, as shown in the documentation.
 *
 * @category models
 * @since 0.1.0
 */
export interface Variable {
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly default: string
  readonly description: string
}

/**
 * What the environment says. Absent variables are `undefined`; `lane` holds only
 * what is set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Environment {
  readonly level: Level | "All" | "None" | undefined
  readonly format: Format | undefined
  readonly stream: "stdout" | "stderr" | undefined
  readonly file: string | undefined
  readonly queue: boolean | undefined
  readonly shutdownTimeout: Duration.Duration | undefined
  readonly gracePeriod: Duration.Duration | undefined
  readonly lane: Partial<LogSink.LaneOptions>
}

interface Entry<A> extends Variable {
  /** The value, or what was expected instead. */
  readonly parse: (text: string) => { readonly value: A } | { readonly expected: string }
}

const oneOf = <A extends string>(...values: ReadonlyArray<A>): Pick<Entry<A>, "parse" | "type" | "unit"> => ({
  type: values.map((value) => `\`${value}\``).join(", "),
  unit: "",
  parse(text) {
    const found = values.find((value) => value.toLowerCase() === text.trim().toLowerCase())
    return found === undefined ? { expected: `one of ${values.join(", ")}` } : { value: found }
  }
})

const wholeNumber = (least: number, unit: string): Pick<Entry<number>, "parse" | "type" | "unit"> => ({
  type: "whole number",
  unit,
  parse(text) {
    const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
    return Number.isSafeInteger(value) && value >= least
      ? { value }
      : { expected: `a whole number of at least ${least} (${unit})` }
  }
})

const durationIn = Schema.decodeOption(Schema.DurationFromString)

const duration = (least: "zero" | "positive"): Pick<Entry<Duration.Duration>, "parse" | "type" | "unit"> => ({
  type: "duration",
  unit: "seconds, or with a unit: `250 millis`",
  parse(text) {
    const seconds = text.trim() === "" ? Number.NaN : Number(text)
    const value = Number.isNaN(seconds)
      ? Option.getOrUndefined(durationIn(text.trim()))
      : Duration.seconds(seconds)
    const millis = value === undefined ? Number.NaN : Duration.toMillis(value)
    const bounded = Number.isFinite(millis) && (least === "zero" ? millis >= 0 : millis > 0)
    return value !== undefined && bounded && !text.includes("-")
      ? { value }
      : {
        expected: `a number of seconds ${least === "zero" ? "of at least" : "above"} 0, or a duration like "250 millis"`
      }
  }
})

const flag: Pick<Entry<boolean>, "parse" | "type" | "unit"> = {
  type: "boolean",
  unit: "",
  parse(text) {
    const value = text.trim().toLowerCase()
    if (["true", "1", "yes", "on"].includes(value)) return { value: true }
    return ["false", "0", "no", "off"].includes(value)
      ? { value: false }
      : { expected: "a boolean: true, false, 1, 0, yes, no, on or off" }
  }
}

const filePath: Pick<Entry<string>, "parse" | "type" | "unit"> = {
  type: "path",
  unit: "",
  parse(text) {
    const value = text.trim()
    return value === "" || controls.test(value)
      ? { expected: "a path that is not blank and has no control characters" }
      : { value }
  }
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/

const entries = {
  level: {
    name: "LOGGING_LEVEL",
    ...oneOf<Level | "All" | "None">("All", ...levels, "None"),
    default: "the program's (`Info`)",
    description: "lowest level that is logged"
  },
  format: {
    name: "LOGGING_FORMAT",
    ...oneOf<Format>("pretty", "json", "logfmt"),
    default: "`pretty` on a terminal, else `json`",
    description: "format on the console"
  },
  stream: {
    name: "LOGGING_STREAM",
    ...oneOf<"stdout" | "stderr">("stdout", "stderr"),
    default: "`stdout`",
    description: "stream of the console"
  },
  file: {
    name: "LOGGING_FILE",
    ...filePath,
    default: "none",
    description: "a file that gets JSON lines as well"
  },
  queue: {
    name: "LOGGING_QUEUE_ENABLED",
    ...flag,
    default: "`true`",
    description: "`false` writes synchronously, in the log call"
  },
  preset: {
    name: "LOGGING_PRESET",
    ...oneOf<"default" | "classic">("default", "classic"),
    default: "`default`",
    description: "`classic`: queue 1,000, batch 10, window 1 s, retry 1 s × 3"
  },
  capacity: {
    name: "LOGGING_QUEUE_SIZE",
    ...wholeNumber(1, "records"),
    default: "65536",
    description: "most records a lane holds"
  },
  maxBytes: {
    name: "LOGGING_QUEUE_MAX_BYTES",
    ...wholeNumber(1, "bytes"),
    default: "console 16777216, file 33554432",
    description: "most memory a lane holds"
  },
  strategy: {
    name: "LOGGING_QUEUE_STRATEGY",
    ...oneOf<"dropping" | "sliding">("dropping", "sliding"),
    default: "`dropping`",
    description: "which record goes when a lane is full: the new one, or the oldest"
  },
  maxBatchSize: {
    name: "LOGGING_QUEUE_BATCH_SIZE",
    ...wholeNumber(1, "records"),
    default: "4096",
    description: "most records in one write"
  },
  maxBatchBytes: {
    name: "LOGGING_QUEUE_BATCH_BYTES",
    ...wholeNumber(1, "bytes"),
    default: "4194304",
    description: "most bytes in one write"
  },
  batchWindow: {
    name: "LOGGING_QUEUE_BATCH_TIMEOUT",
    ...duration("zero"),
    default: "console 0, file 0.1",
    description: "longest wait for a batch to fill"
  },
  writeTimeout: {
    name: "LOGGING_QUEUE_WRITE_TIMEOUT",
    ...duration("positive"),
    default: "console none, else 30",
    description: "longest time of one write"
  },
  retryDelay: {
    name: "LOGGING_QUEUE_RETRY_DELAY",
    ...duration("positive"),
    default: "0.5",
    description: "first wait before a retry; doubled each time, capped at 30 s, full jitter"
  },
  maxRetries: {
    name: "LOGGING_QUEUE_MAX_RETRIES",
    ...wholeNumber(0, "retries"),
    default: "as many as fit in 5 minutes",
    description: "retries of one batch before it is dropped"
  },
  shutdownTimeout: {
    name: "LOGGING_SHUTDOWN_TIMEOUT",
    ...duration("positive"),
    default: "5",
    description: "deadline of shutdown, for all lanes together"
  },
  gracePeriod: {
    name: "LOGGING_GRACE_PERIOD",
    ...duration("positive"),
    default: "none",
    description: "what the platform grants after SIGTERM; a warning at start when shutdown may take longer"
  }
} satisfies Record<string, Entry<unknown>>

/**
 * Every variable, in the order of the documentation.
 *
 * @category models
 * @since 0.1.0
 */
export const variables: ReadonlyArray<Variable> = Object.values(entries).map((
  { default: fallback, description, name, type, unit }
) => ({ name, type, unit, default: fallback, description }))

/**
 * Reads the variables through the program's `ConfigProvider`. An empty variable
 * counts as absent.
 *
 * **Example** (Reading the environment)
 *
 * ```ts
 * import { ConfigProvider, Effect } from "effect"
 * import { LoggingConfig } from "effect-spillway"
 *
 * const inEnvironment = (env: Record<string, string>) =>
 *   Effect.provide(LoggingConfig.load, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
 *
 * const { lane, level } = await Effect.runPromise(inEnvironment({ LOGGING_LEVEL: "debug", LOGGING_QUEUE_SIZE: "500" }))
 * level // => "Debug"
 * lane.capacity // => 500
 *
 * const error = await Effect.runPromise(Effect.flip(inEnvironment({ LOGGING_QUEUE_SIZE: "0" })))
 * error.message // => 'LOGGING_QUEUE_SIZE: expected a whole number of at least 1 (records), got "0"'
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const load: Effect.Effect<Environment, LoggingConfigError | Config.ConfigError> = Effect.gen(function*() {
  const problems: Array<{ readonly variable: string; readonly value: string; readonly expected: string }> = []
  const read = <A>(entry: Entry<A>): Effect.Effect<A | undefined, Config.ConfigError> =>
    Effect.map(Config.option(Config.String(entry.name)), (found) => {
      if (Option.isNone(found) || found.value === "") return undefined
      const parsed = entry.parse(found.value)
      if ("value" in parsed) return parsed.value
      problems.push({ variable: entry.name, value: shortened(found.value, 200), expected: parsed.expected })
      return undefined
    })

  const preset = yield* read(entries.preset)
  const retryDelay = yield* read(entries.retryDelay)
  const maxRetries = yield* read(entries.maxRetries)
  const environment: Environment = {
    level: yield* read(entries.level),
    format: yield* read(entries.format),
    stream: yield* read(entries.stream),
    file: yield* read(entries.file),
    queue: yield* read(entries.queue),
    shutdownTimeout: yield* read(entries.shutdownTimeout),
    gracePeriod: yield* read(entries.gracePeriod),
    lane: {
      ...(preset === "classic" ? LogSink.classic : {}),
      ...present({
        capacity: yield* read(entries.capacity),
        maxBytes: yield* read(entries.maxBytes),
        strategy: yield* read(entries.strategy),
        maxBatchSize: yield* read(entries.maxBatchSize),
        maxBatchBytes: yield* read(entries.maxBatchBytes),
        batchWindow: yield* read(entries.batchWindow),
        writeTimeout: yield* read(entries.writeTimeout),
        retry: retryOf(preset === "classic", retryDelay, maxRetries)
      })
    }
  }
  return problems.length === 0 ? environment : yield* new LoggingConfigError({ problems })
})

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const retryOf = (
  classic: boolean,
  delay: Duration.Duration | undefined,
  times: number | undefined
): LogSink.LaneOptions["retry"] | undefined => {
  if (delay === undefined && times === undefined) return undefined
  return LogSink.exponentialRetry({
    base: delay ?? (classic ? "1 second" : "500 millis"),
    times: times ?? (classic ? 3 : undefined),
    duration: times === undefined && !classic ? "5 minutes" : undefined
  })
}

const present = <A extends object>(values: A): { readonly [K in keyof A]?: Exclude<A[K], undefined> } => {
  const out: { [K in keyof A]?: Exclude<A[K], undefined> } = {}
  for (const key in values) {
    const value = values[key]
    if (isPresent(value)) out[key] = value
  }
  return out
}

const isPresent = <A>(value: A): value is Exclude<A, undefined> => value !== undefined
