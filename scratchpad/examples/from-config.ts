import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { Logging } from "../../src/index.ts"

const LoggingLive = Logging.layerFromConfig().pipe(Layer.provide(NodeServices.layer))

Effect.logDebug("configured").pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
