import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

const LoggingLive = Logging.layerFromConfig({
  sinks: [ConsoleSink.make({ stream: "stderr", capacity: 1000 })],
  shutdownTimeout: "2 seconds"
})

const program = Effect.gen(function*() {
  const { lanes, options } = yield* Logging.describe
  for (const [part, settings] of [["layer", options], ...Object.entries(lanes)] as const) {
    for (const [option, { from, value }] of Object.entries(settings)) {
      if (from !== "default") yield* Console.log(`${part}: ${option} ${JSON.stringify(value)}, from the ${from}`)
    }
  }
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
