import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { Logging, LogSink } from "../../src/index.ts"
import * as LokiSink from "../../src/sinks/LokiSink.ts"

const Loki = Effect.gen(function*() {
  return yield* LokiSink.make({
    url: yield* Config.Redacted("LOKI_URL"),
    labels: { service_name: "orders", pod: yield* Config.String("HOSTNAME") },
    labelsFrom: ["region"]
  })
})

const LoggingLive = Logging.layer({ sinks: [LogSink.required(Loki)] }).pipe(
  Layer.provide(NodeHttpClient.layerUndici)
)

Effect.logInfo("order placed").pipe(
  Effect.annotateLogs({ order: 1042, region: "eu" }),
  Effect.provide(LoggingLive),
  NodeRuntime.runMain
)
