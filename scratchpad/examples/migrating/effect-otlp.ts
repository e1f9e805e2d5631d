import { NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { OtlpLogger, OtlpSerialization } from "effect/observability"
import { ConsoleSink, Logging } from "../../../src/index.ts"

const OtlpLive = Layer.unwrap(
  Effect.map(Config.String("COLLECTOR_URL"), (url) => OtlpLogger.layer({ url, resource: { serviceName: "orders" } }))
).pipe(
  Layer.provide([FetchHttpClient.layer, OtlpSerialization.layerJson])
)

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })

Effect.logInfo("order placed").pipe(
  Effect.annotateLogs({ order: 1042, cardToken: "tok_4242" }),
  Effect.provide(OtlpLive.pipe(Layer.provideMerge(LoggingLive))),
  NodeRuntime.runMain
)
