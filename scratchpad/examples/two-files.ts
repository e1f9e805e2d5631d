import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { FileSink, Logging } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [
    FileSink.make({ path: "logs/app.ndjson", required: true }),
    FileSink.make({ name: "errors", path: "logs/errors.log", format: "pretty", minimumLevel: "Error" })
  ]
})

const program = Effect.andThen(Effect.logInfo("started"), Effect.logError("no answer"))

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
