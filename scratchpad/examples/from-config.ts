import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { Logging } from "../../src/index.ts"

const LoggingLive = Logging.layerFromConfig()

Effect.logDebug("configured").pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
