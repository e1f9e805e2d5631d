import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { ConsoleSink, Ledger, Logging } from "../../src/index.ts"

const program = Effect.gen(function*() {
  const { flush, stats } = yield* Logging.Logging
  yield* Effect.logInfo("one record")
  yield* flush

  const { healthy, lanes } = yield* stats
  for (const [name, lane] of Object.entries(lanes)) {
    yield* Console.log(`${name}: ${lane.status}, ${lane.delivered} delivered, ${Ledger.total(lane.dropped)} dropped`)
  }
  yield* Console.log(healthy ? "healthy" : "not healthy")
  yield* Console.log(yield* PrometheusMetrics.format())
})

program.pipe(
  Effect.provide(Logging.layer({ sinks: [ConsoleSink.make({ stream: "stderr" })] })),
  NodeRuntime.runMain
)
