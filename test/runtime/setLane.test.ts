import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { MemorySink, ScriptedSink } from "../../src/index.ts"
import { messages, settle } from "../support/lanes.ts"
import { logMany, makeRuntime } from "../support/runtime.ts"

describe("options of a lane that goes on", () => {
  for (const queue of [true, false]) {
    it.effect(`have it take other records from the next call on, ${queue ? "with" : "without"} a queue`, () =>
      Effect.gen(function*() {
        const sink = MemorySink.make()
        const runtime = yield* makeRuntime({ sinks: [sink], queue })
        const { setLane } = runtime.service
        yield* runtime.run(Effect.logInfo("a"))
        yield* setLane("memory", { minimumLevel: "Warn" })
        yield* runtime.run(Effect.andThen(Effect.logInfo("b"), Effect.logWarning("c")))
        yield* setLane("memory", { minimumLevel: "Info", filter: ({ message }) => message !== "d" })
        yield* runtime.run(Effect.andThen(Effect.logInfo("d"), Effect.logInfo("e")))
        yield* setLane("memory", { filter: false })
        yield* runtime.run(Effect.logInfo("d"))
        assert.deepInclude((yield* runtime.service.stats).capture, { offered: 6, accepted: 4, filtered: 2 })
        yield* runtime.close()
        assert.deepStrictEqual(messages(sink.records), ["a", "c", "e", "d"])
      }))
  }

  it.effect("leave what routes lead to it", () =>
    Effect.gen(function*() {
      const [one, two] = [MemorySink.make({ name: "one" }), MemorySink.make({ name: "two" })]
      const routes = [{ when: { level: "Warn" }, to: ["one"] }, { to: ["two"] }] as const
      const runtime = yield* makeRuntime({ sinks: [one, two], routes })
      yield* runtime.service.setLane("one", { filter: ({ message }) => message !== "no" })
      yield* runtime.run(Effect.andThen(Effect.logInfo("info"), Effect.logWarning("no")))
      yield* runtime.service.setLane("one", { filter: false })
      yield* runtime.run(Effect.andThen(Effect.logInfo("info"), Effect.logWarning("warn")))
      yield* runtime.close()
      assert.deepStrictEqual([messages(one.records), messages(two.records)], [["warn"], ["info", "info"]])
    }))

  it.effect("have it write other batches, and try at once what waited", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        maxBatchSize: 10,
        batchWindow: 0,
        script: [ScriptedSink.unavailable],
        retry: Schedule.spaced("1 hour")
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(25))
      yield* sink.started(1)
      yield* settle
      yield* runtime.service.setLane("scripted", { maxBatchSize: 4, retry: Schedule.spaced("1 second") })
      yield* runtime.service.flush
      assert.deepStrictEqual(sink.writes.map(({ length }) => length), [10, 4, 4, 2, 4, 4, 4, 3])
      const error = yield* Effect.flip(runtime.service.setLane("other", {}))
      assert.strictEqual(error.message, `there is no lane "other", only "scripted"`)
      yield* runtime.close()
    }))
})
