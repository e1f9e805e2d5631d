import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { ConsoleSink, FileSink, Ledger, Logging, ProcessHooks } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "json" }), FileSink.make({ path: "logs/app.ndjson" })],
  shutdownTimeout: "5 seconds",
  gracePeriod: "30 seconds",
  onShutdown: (report) => Console.error(Ledger.format(report))
})

const Worker = Layer.effectDiscard(Effect.gen(function*() {
  yield* Effect.addFinalizer(() => Effect.logInfo("worker stopped"))
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.logInfo("tick"), Effect.sleep("1 second"))))
  yield* Effect.logInfo("worker started")
}))

Worker.pipe(
  Layer.provide(ProcessHooks.layer),
  Layer.launch,
  Logging.runMain(LoggingLive, NodeRuntime.runMain)
)
