/** Two runtimes beside each other that share a spool, and three restarts of each. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Logging, LogSink, MemorySink } from "../../src/index.ts"
import { temporary } from "../process/files.ts"

const lives = [0, 1, 2, 3]
const recordsPerLife = 20

it.live("make no equal uids, and a far end that removes duplicates ends with each record once", () =>
  Effect.gen(function*() {
    const directory = yield* temporary("spool")
    const logged: Array<string> = []
    const arrived: Array<string> = []
    const runtime = (isUp: boolean) =>
      Effect.gen(function*() {
        const memory = MemorySink.make()
        const sink = LogSink.make({
          name: "far",
          batchWindow: 0,
          maxBatchSize: 8,
          spool: { directory, mode: "always" },
          write: (batch) => {
            // What it says that it has not may be there: its answer is lost.
            arrived.push(...batch.map(({ uid }) => uid))
            return isUp ? Effect.void : Effect.fail(LogSink.unavailable("cut off", { ambiguous: true }))
          }
        })
        const program = Effect.gen(function*() {
          for (let i = 0; i < recordsPerLife; i++) {
            yield* Effect.logInfo("alike")
            yield* Effect.yieldNow
          }
        })
        const layer = Logging.layer({
          sinks: [sink, memory],
          shutdownTimeout: isUp ? "10 seconds" : "100 millis",
          diagnostics: () => {}
        })
        yield* Effect.scoped(Effect.flatMap(Layer.build(layer), (context) => Effect.provide(program, context)))
        logged.push(...memory.records.map(({ uid }) => uid))
      })
    for (const life of lives) {
      const isUp = life === lives.length - 1
      yield* Effect.all([runtime(isUp), runtime(isUp)], { concurrency: "unbounded" })
    }
    // What one of two left when both ended is taken over by the next.
    yield* runtime(true)
    assert.strictEqual(logged.length, (2 * lives.length + 1) * recordsPerLife)
    assert.strictEqual(new Set(logged).size, logged.length)
    assert.isAbove(arrived.length, logged.length)
    assert.deepStrictEqual([...new Set(arrived)].toSorted(), logged.toSorted())
  }))
