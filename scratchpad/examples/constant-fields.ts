import { NodeRuntime } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { ConsoleSink, LogFields, Logging } from "../../src/index.ts"

const LoggingLive = Layer.unwrap(Effect.map(
  LogFields.fromEnvironment({ service: "shop", version: "1.4.0" }),
  (fields) => Logging.layerFromConfig({ sinks: [ConsoleSink.make({ format: "json" })], fields })
))

Effect.logInfo("order placed").pipe(
  Effect.annotateLogs({ order: 1042 }),
  Effect.provide(LoggingLive),
  NodeRuntime.runMain
)
