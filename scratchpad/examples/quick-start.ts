import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { ConsoleSink, FileSink, Logging } from "../../src/index.ts"

const program = Effect.logInfo("order placed").pipe(Effect.annotateLogs({ order: 1042, cardToken: "tok_4242" }))

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make(), FileSink.make({ path: "logs/app.ndjson" })]
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
