import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { Logging, LogSink } from "../../src/index.ts"
import * as HttpPresets from "../../src/sinks/HttpPresets.ts"

const Datadog = Effect.gen(function*() {
  return yield* HttpPresets.datadog({
    apiKey: yield* Config.Redacted("DD_API_KEY"),
    url: yield* Config.String("DD_LOGS_URL").pipe(Config.withDefault("https://http-intake.logs.datadoghq.eu")),
    service: "orders",
    tags: { env: "production" }
  })
})

const LoggingLive = Logging.layer({ sinks: [LogSink.required(Datadog)] }).pipe(
  Layer.provide(NodeHttpClient.layerUndici)
)

Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
