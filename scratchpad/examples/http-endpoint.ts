import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { Logging, LogSink } from "../../src/index.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"

const Endpoint = Effect.gen(function*() {
  return yield* HttpSink.make({
    url: yield* Config.String("LOGS_URL"),
    headers: { authorization: yield* Config.Redacted("LOGS_AUTHORIZATION") },
    compression: "gzip"
  })
})

const LoggingLive = Logging.layer({ sinks: [LogSink.required(Endpoint)] }).pipe(
  Layer.provide(NodeHttpClient.layerUndici)
)

Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
