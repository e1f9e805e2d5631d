import type { Format } from "../LogEncoder.ts"
import { duration, filePath, flag, level, levels, oneOf, type Parser, share, wholeNumber } from "./parse.ts"

/**
 * One variable, as shown in the documentation.
 *
 * @category models
 * @since 0.1.0
 */
export interface Variable {
  readonly name: string
  /** The option in code that it goes before. */
  readonly inCode: string
  readonly type: string
  readonly unit: string
  readonly default: string
  readonly description: string
}

/** A variable, and how it is read. */
export type Entry<A> = Variable & Parser<A>

/** Every variable, in the order of the documentation. */
export const entries = {
  level: {
    name: "LOGGING_LEVEL",
    inCode: "`minimumLevel` of the layer",
    ...levels,
    default: "the program's (`Info`)",
    description: "lowest level that is logged, by `Effect.log*` and by the direct logger; with scopes and theirs " +
      "behind it: `Info,billing=Debug,http.*=Warn`"
  },
  sinkLevel: {
    name: "LOGGING_LEVEL_<SINK>",
    inCode: "`minimumLevel` of the sink",
    ...level,
    default: "that of the sink",
    description: "lowest level for one sink, by its name: `LOGGING_LEVEL_FILE`"
  },
  format: {
    name: "LOGGING_FORMAT",
    inCode: "`format` of each `ConsoleSink`",
    ...oneOf<Format>("pretty", "json", "logfmt"),
    default: "`pretty` on a terminal, else `json`",
    description: "format on the console"
  },
  stream: {
    name: "LOGGING_STREAM",
    inCode: "`stream` of each `ConsoleSink`",
    ...oneOf<"stdout" | "stderr">("stdout", "stderr"),
    default: "`stdout`",
    description: "stream of the console"
  },
  file: {
    name: "LOGGING_FILE",
    inCode: "`path` of the `FileSink`",
    ...filePath,
    default: "none",
    description: "a file that gets JSON lines as well; with `sinks` the file of the file sink among them"
  },
  queue: {
    name: "LOGGING_QUEUE_ENABLED",
    inCode: "`queue` of the layer",
    ...flag,
    default: "`true`",
    description: "`false` writes synchronously, in the log call"
  },
  preset: {
    name: "LOGGING_PRESET",
    inCode: "`LogSink.classic` for each sink",
    ...oneOf<"default" | "classic">("default", "classic"),
    default: "`default`",
    description: "`classic`: queue 1,000, batch 10, window 1 s, retry 1 s × 3"
  },
  capacity: {
    name: "LOGGING_QUEUE_SIZE",
    inCode: "`capacity` of each sink",
    ...wholeNumber(1, "records"),
    default: "8192, console and file 131072",
    description: "most records a lane holds"
  },
  maxBytes: {
    name: "LOGGING_QUEUE_MAX_BYTES",
    inCode: "`maxBytes` of each sink",
    ...wholeNumber(1, "bytes"),
    default: "16777216, file 50331648",
    description: "most memory a lane holds"
  },
  strategy: {
    name: "LOGGING_QUEUE_STRATEGY",
    inCode: "`strategy` of each sink",
    ...oneOf<"dropping" | "sliding" | "sampling">("dropping", "sliding", "sampling"),
    default: "`dropping`",
    description: "which records go when a lane is full: the new ones, the oldest, or all below Warn but a share"
  },
  sampleShare: {
    name: "LOGGING_SAMPLE_SHARE",
    inCode: "`sampleShare` of each sink",
    ...share,
    default: "0.1",
    description: "part of the records below Warn that a lane keeps that is full and samples"
  },
  maxBatchSize: {
    name: "LOGGING_QUEUE_BATCH_SIZE",
    inCode: "`maxBatchSize` of each sink",
    ...wholeNumber(1, "records"),
    default: "512, over HTTP 4096, console and file 65536",
    description: "most records in one write"
  },
  maxBatchBytes: {
    name: "LOGGING_QUEUE_BATCH_BYTES",
    inCode: "`maxBatchBytes` of each sink",
    ...wholeNumber(1, "bytes"),
    default: "524288, over HTTP up to 4194304, console and file 33554432",
    description: "most bytes in one write"
  },
  batchWindow: {
    name: "LOGGING_QUEUE_BATCH_TIMEOUT",
    inCode: "`batchWindow` of each sink",
    ...duration("zero"),
    default: "1s, console 0, file 100ms",
    description: "longest wait for a batch to fill"
  },
  writeTimeout: {
    name: "LOGGING_QUEUE_WRITE_TIMEOUT",
    inCode: "`writeTimeout` of each sink",
    ...duration("positive"),
    default: "30s, console none",
    description: "longest time of one write"
  },
  retryDelay: {
    name: "LOGGING_QUEUE_RETRY_DELAY",
    inCode: "`retry`, `base` of each sink",
    ...duration("positive"),
    default: "500ms",
    description: "first wait before a retry; doubled each time, capped at 30 s, full jitter"
  },
  maxRetries: {
    name: "LOGGING_QUEUE_MAX_RETRIES",
    inCode: "`retry`, `times` of each sink",
    ...wholeNumber(0, "retries"),
    default: "as many as fit in 5 minutes",
    description: "retries of one batch before it is dropped"
  },
  shutdownTimeout: {
    name: "LOGGING_SHUTDOWN_TIMEOUT",
    inCode: "`shutdownTimeout` of the layer",
    ...duration("positive"),
    default: "5s",
    description: "deadline of shutdown, for all lanes together"
  },
  diagnostics: {
    name: "LOGGING_DIAGNOSTICS",
    inCode: "`diagnostics` of the layer",
    ...oneOf<"text" | "json">("text", "json"),
    default: "`text`",
    description: "format of the runtime's own lines on stderr"
  },
  gracePeriod: {
    name: "LOGGING_GRACE_PERIOD",
    inCode: "`gracePeriod` of the layer",
    ...duration("positive"),
    default: "none",
    description: "what the platform grants after SIGTERM; a warning at start when shutdown may take longer"
  }
} satisfies Record<string, Entry<unknown>>
