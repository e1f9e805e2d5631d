import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { FileSink, Logging } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [
    FileSink.make({
      path: "logs/audit.ndjson",
      spool: { directory: "logs/spool", mode: "always" }
    })
  ]
})

const program = Effect.logInfo("account closed").pipe(Effect.annotateLogs({ account: 7 }))

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
