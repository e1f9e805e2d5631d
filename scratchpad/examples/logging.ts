import { NodeHttpClient } from "@effect/platform-node"
import { Layer } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"

export const LoggingLive = Logging.layerFromConfig({
  sinks: [ConsoleSink.make(), OtlpSink.fromEnvironment()]
}).pipe(Layer.provide(NodeHttpClient.layerUndici))
