/**
 * The environment variables of `Logging.layerFromConfig`: what they mean, how
 * they are read, what is wrong with a bad one.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type EnvironmentError, reading } from "./config/reading.ts"
import { sinkLevels } from "./config/sinkLevels.ts"
import { entries, type Variable } from "./config/variables.ts"
import { given } from "./contract/given.ts"
import type { Format } from "./LogEncoder.ts"
import type { Level } from "./LogRecord.ts"
import * as LogSink from "./LogSink.ts"

export {
  /**
   * Raised when variables have bad values. The message names every one of them
   * with its value and what was expected.
   *
   * @category errors
   * @since 0.1.0
   */
  LoggingConfigError
} from "./config/reading.ts"

export type {
  /**
   * One variable, as shown in the documentation.
   *
   * @category models
   * @since 0.1.0
   */
  Variable
} from "./config/variables.ts"

/**
 * What the environment says. Absent variables are `undefined`; `lane` holds only
 * what is set.
 *
 * @category models
 * @since 0.1.0
 */
export interface Environment {
  readonly level: Level | "All" | "None" | undefined
  /** Levels of scopes, by their names. */
  readonly scopes: Readonly<Record<string, Level | "All" | "None">> | undefined
  readonly format: Format | undefined
  readonly stream: "stdout" | "stderr" | undefined
  readonly file: string | undefined
  readonly queue: boolean | undefined
  readonly shutdownTimeout: Duration.Duration | undefined
  readonly gracePeriod: Duration.Duration | undefined
  readonly diagnostics: "text" | "json" | undefined
  readonly lane: Partial<LogSink.LaneOptions>
}

/**
 * Every variable, in the order of the documentation.
 *
 * @category models
 * @since 0.1.0
 */
export const variables: ReadonlyArray<Variable> = Object.values(entries).map((
  { default: fallback, description, inCode, name, type, unit }
) => ({ name, inCode, type, unit, default: fallback, description }))

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
export const load: Effect.Effect<Environment, EnvironmentError> = reading((read) =>
  Effect.gen(function*() {
    const preset = yield* read(entries.preset)
    const retryDelay = yield* read(entries.retryDelay)
    const maxRetries = yield* read(entries.maxRetries)
    // Bad ones are said with the others; those of other sinks are read when their names are known.
    yield* sinkLevels(read, ["console", "file"])
    const levels = yield* read(entries.level)
    return {
      level: levels?.level,
      scopes: levels?.scopes,
      format: yield* read(entries.format),
      stream: yield* read(entries.stream),
      file: yield* read(entries.file),
      queue: yield* read(entries.queue),
      shutdownTimeout: yield* read(entries.shutdownTimeout),
      gracePeriod: yield* read(entries.gracePeriod),
      diagnostics: yield* read(entries.diagnostics),
      lane: {
        ...(preset === "classic" ? LogSink.classic : {}),
        ...given({
          capacity: yield* read(entries.capacity),
          maxBytes: yield* read(entries.maxBytes),
          strategy: yield* read(entries.strategy),
          sampleShare: yield* read(entries.sampleShare),
          maxBatchSize: yield* read(entries.maxBatchSize),
          maxBatchBytes: yield* read(entries.maxBatchBytes),
          batchWindow: yield* read(entries.batchWindow),
          writeTimeout: yield* read(entries.writeTimeout),
          retry: retryOf(preset === "classic", retryDelay, maxRetries)
        })
      }
    }
  })
)

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
