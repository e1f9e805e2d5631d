import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { Logging, LogSink } from "../../src/index.ts"
import * as ElasticsearchSink from "../../src/sinks/ElasticsearchSink.ts"

const Cluster = Effect.gen(function*() {
  return yield* ElasticsearchSink.make({
    url: yield* Config.String("ELASTICSEARCH_URL"),
    auth: { apiKey: yield* Config.Redacted("ELASTICSEARCH_API_KEY") },
    dataset: "orders",
    fields: { "service.name": "orders" }
  })
})

const LoggingLive = Logging.layer({ sinks: [LogSink.required(Cluster)] }).pipe(
  Layer.provide(NodeHttpClient.layerUndici)
)

const program = Effect.logInfo("order placed", { total: 12.5 }).pipe(Effect.annotateLogs("order", 1042))

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
