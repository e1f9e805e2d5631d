import { NodeRuntime } from "@effect/platform-node"
import { Effect, Schema } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

class ImportError extends Schema.TaggedError<ImportError>()("ImportError", { file: Schema.String }) {}

const program = Effect.gen(function*() {
  yield* Effect.logInfo("import started")
  return yield* new ImportError({ file: "orders.csv" })
})

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ stream: "stderr", format: "json" })] })

program.pipe(Logging.runMain(LoggingLive, NodeRuntime.runMain))
