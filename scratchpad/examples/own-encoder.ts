import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { ConsoleSink, LogEncoder, Logging } from "../../src/index.ts"

/** A level, and the rest as JSON, which has no line breaks in it. */
const short = LogEncoder.fromRenderer(({ annotations, level, message }) =>
  `${level.padEnd(5)} ${JSON.stringify(message)} ${JSON.stringify(annotations)}`
)

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: short })] })

const program = Effect.logInfo("order placed").pipe(Effect.annotateLogs("order", 1042))

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
