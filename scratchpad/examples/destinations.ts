import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { FileSink, LogEncoder, Logging } from "../../src/index.ts"

/** Google Cloud Logging. */
const googleCloud = LogEncoder.json({
  fields: { level: "severity", timestamp: "time", cause: "stack_trace", spans: false, fiberId: false },
  level: { Trace: "DEBUG", Debug: "DEBUG", Info: "INFO", Warn: "WARNING", Error: "ERROR", Fatal: "CRITICAL" },
  message: "text"
})

/** What reads the lines of pino. */
const pino = LogEncoder.json({
  fields: { message: "msg", timestamp: "time", cause: "err", spans: false, fiberId: false },
  time: "millis",
  level: "pino",
  annotations: "flat"
})

/** Elastic Common Schema. */
const ecs = LogEncoder.json({
  fields: {
    timestamp: "@timestamp",
    level: "log.level",
    cause: "error.stack_trace",
    annotations: "labels",
    traceId: "trace.id",
    spanId: "span.id",
    spans: false,
    fiberId: false
  },
  level: "lower",
  message: "text"
})

const LoggingLive = Logging.layer({
  sinks: [
    FileSink.make({ name: "google-cloud", path: "logs/google-cloud.ndjson", format: googleCloud }),
    FileSink.make({ name: "pino", path: "logs/pino.ndjson", format: pino }),
    FileSink.make({ name: "ecs", path: "logs/ecs.ndjson", format: ecs })
  ]
})

const program = Effect.logWarning("out of stock", { left: 0 }).pipe(
  Effect.annotateLogs({ item: "book", level: "gold" })
)

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
