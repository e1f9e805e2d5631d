import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { Logging } from "../../src/index.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"

const LoggingLive = Logging.layerFromConfig({
  sinks: [OtlpSink.fromEnvironment({ resource: { serviceVersion: "1.4.2" } })]
}).pipe(Layer.provide(NodeHttpClient.layerUndici))

Effect.logInfo("order placed").pipe(
  Effect.annotateLogs({ order: 1042 }),
  Effect.provide(LoggingLive),
  NodeRuntime.runMain
)
