import { NodeRuntime } from "@effect/platform-node"
import { Effect, Logger } from "effect"
import { post } from "./collector.ts"

const LoggingLive = Logger.layer([
  Logger.batched(Logger.formatJson, {
    window: "100 millis",
    // It must not fail, so there is nobody to retry it.
    flush: (lines) => Effect.ignore(post(lines))
  })
])

const program = Effect.logInfo("order placed").pipe(
  Effect.andThen(Effect.sleep("500 millis")),
  Effect.andThen(Effect.logInfo("order shipped"))
)

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
