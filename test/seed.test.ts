import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Logging, MemorySink, ScriptedSink } from "../src/index.ts"
import { logMany, makeRuntime } from "./support/runtime.ts"

describe("R22: what the first users tested", () => {
  it.effect("enqueue: a log call hands its record to the queue and returns", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: ScriptedSink.hang, maxBatchSize: 1 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(Effect.logInfo("first"))
      yield* sink.started(1)
      yield* runtime.run(logMany(9))
      const { lanes } = yield* runtime.service.stats
      assert.strictEqual(lanes["scripted"]?.queued, 9)
      yield* closeAtDeadline(runtime.close())
    }))

  it.effect("flush: everything enqueued before is delivered when it returns", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make({ batchWindow: "1 hour" })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(100))
      assert.strictEqual(sink.records.length, 0)
      yield* runtime.service.flush
      assert.strictEqual(sink.records.length, 100)
      yield* runtime.close()
    }))

  it.effect("capacity drop: what does not fit is dropped and counted, and no call fails", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: ScriptedSink.hang, capacity: 10, maxBatchSize: 1 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(Effect.logInfo("first"))
      yield* sink.started(1)
      yield* runtime.run(logMany(50))
      const { capture, lanes } = yield* runtime.service.stats
      assert.strictEqual(capture.accepted, 51)
      assert.strictEqual(lanes["scripted"]?.dropped.queue_full, 41)
      yield* closeAtDeadline(runtime.close())
    }))

  it.effect("non-blocking under load: with a sink that never answers every call returns and no time passes", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: ScriptedSink.hangUninterruptibly })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const before = yield* Clock.currentTimeMillis
      yield* runtime.run(Effect.forEach([1, 2, 3, 4], () => logMany(5000), { concurrency: "unbounded" }))
      assert.strictEqual(yield* Clock.currentTimeMillis, before)
      const { capture } = yield* runtime.service.stats
      assert.strictEqual(capture.accepted, 20_000)
      yield* closeAtDeadline(runtime.close())
    }))

  it.effect("init: the layer installs the logger and the service, and shutdown has not begun", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const stats = yield* Effect.gen(function*() {
        yield* Effect.logInfo("ready")
        const logging = yield* Logging.Logging
        yield* logging.flush
        return yield* logging.stats
      }).pipe(Effect.provide(Logging.layer({ sinks: [sink] })))
      assert.isTrue(stats.healthy)
      assert.strictEqual(stats.lanes["memory"]?.status, "ok")
      assert.strictEqual(stats.lanes["memory"]?.delivered, 1)
    }))

  it.effect("start and stop: a runtime can be built and closed again and again", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      for (let round = 1; round <= 3; round++) {
        const runtime = yield* makeRuntime({ sinks: [sink] })
        yield* runtime.run(logMany(5))
        yield* runtime.close()
        assert.strictEqual(sink.records.length, 5 * round)
      }
    }))
})

const closeAtDeadline = (close: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.gen(function*() {
    const closing = yield* Effect.forkChild(close, { startImmediately: true })
    yield* TestClock.adjust("5 seconds")
    yield* Fiber.join(closing)
  })
