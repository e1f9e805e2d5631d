import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { ConsoleSink, Logging, LogSink } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [
    ConsoleSink.make({ format: "logfmt" }).pipe(
      LogSink.filter((record) => record.level !== "Error" && record.level !== "Fatal")
    ),
    ConsoleSink.make({ name: "errors", format: "logfmt", stream: "stderr", minimumLevel: "Error" })
  ]
})

const program = Effect.andThen(Effect.logInfo("started"), Effect.logError("no answer"))

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
