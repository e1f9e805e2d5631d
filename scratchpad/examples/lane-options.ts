import { NodeRuntime } from "@effect/platform-node"
import { Effect } from "effect"
import { ConsoleSink, Logging, LogSink, MemorySink } from "../../src/index.ts"

const recent = MemorySink.make({ limit: 100, strategy: "sliding" }).pipe(
  LogSink.withMinimumLevel("Warn"),
  LogSink.filter((record) => record.annotations["component"] !== "health check")
)

const program = Effect.gen(function*() {
  yield* Effect.logInfo("passes the memory by")
  yield* Effect.logWarning("kept")
  yield* Effect.logWarning("ping slow").pipe(Effect.annotateLogs("component", "health check"))
  const { flush, stats } = yield* Logging.Logging
  yield* flush
  const { lanes } = yield* stats
  yield* Effect.logInfo("books", { console: lanes["console"]?.delivered, memory: lanes["memory"]?.delivered })
})

program.pipe(
  Effect.provide(Logging.layer({ sinks: [ConsoleSink.make({ format: "logfmt", capacity: 1000 }), recent] })),
  NodeRuntime.runMain
)
