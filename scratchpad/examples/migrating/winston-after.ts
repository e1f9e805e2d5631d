import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { FileSink, Logging, ProcessHooks } from "../../../src/index.ts"

const program = Effect.gen(function*() {
  yield* Effect.logInfo("order placed").pipe(Effect.annotateLogs({ order: 1042, cardToken: "tok_4242" }))
  yield* Effect.logWarning("out of stock").pipe(Effect.annotateLogs({ item: "lamp" }))
  yield* Effect.logError("payment failed").pipe(Effect.annotateLogs({ error: new Error("card declined") }))
  yield* Console.log("served")
}).pipe(Effect.annotateLogs({ requestId: "r-1" }))

const LoggingLive = ProcessHooks.layer.pipe(
  Layer.provideMerge(Logging.layer({ sinks: [FileSink.make({ path: "app.ndjson" })] }))
)

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
