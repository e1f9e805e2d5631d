import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { LogEncoder, Logging, LogSink } from "../../../src/index.ts"
import { post } from "./collector.ts"

const { encode } = LogEncoder.json()

const LoggingLive = Logging.layer({
  sinks: [
    LogSink.make({
      name: "collector",
      batchWindow: "100 millis",
      write: (batch) =>
        Effect.mapError(
          post(batch.map((record) => encode(record).trimEnd())),
          (cause) => LogSink.unavailable(cause.message, { cause })
        )
    })
  ]
})

const program = Effect.logInfo("order placed").pipe(
  Effect.andThen(Effect.sleep("500 millis")),
  Effect.andThen(Effect.logInfo("order shipped"))
)

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
