import type { Format } from "../LogEncoder.ts"
import { type Level, levels } from "../LogRecord.ts"
import { duration, filePath, flag, oneOf, type Parser, wholeNumber } from "./parse.ts"

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

/** A variable, and how it is read. */
export type Entry<A> = Variable & Parser<A>

/** Every variable, in the order of the documentation. */
export const entries = {
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
    ...oneOf<"dropping" | "sliding" | "sampling">("dropping", "sliding", "sampling"),
    default: "`dropping`",
    description: "which records go when a lane is full: the new ones, the oldest, or all below Warn but a tenth"
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
  diagnostics: {
    name: "LOGGING_DIAGNOSTICS",
    ...oneOf<"text" | "json">("text", "json"),
    default: "`text`",
    description: "format of the runtime's own lines on stderr"
  },
  gracePeriod: {
    name: "LOGGING_GRACE_PERIOD",
    ...duration("positive"),
    default: "none",
    description: "what the platform grants after SIGTERM; a warning at start when shutdown may take longer"
  }
} satisfies Record<string, Entry<unknown>>
