import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { type Logging, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { messages, settle } from "../support/lanes.ts"
import { logMany, makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"
import { directory } from "../support/spooledLanes.ts"

/** A sink that takes one record a write, each when the test lets it. With this capacity half a lane is 20 records. */
const slow = (options?: Partial<LogSink.LaneOptions>): ScriptedSink.ScriptedSink =>
  ScriptedSink.make({ script: gates(100), capacity: 44, maxBatchSize: 1, batchWindow: 0, ...options })

const gates = (count: number): ReadonlyArray<ScriptedSink.Step> =>
  Array.from({ length: count }, () => ScriptedSink.gate)

const releaseMany = (sink: ScriptedSink.ScriptedSink, count: number): Effect.Effect<void> =>
  Effect.forEach(Array.from({ length: count }), () => Effect.andThen(sink.release, settle), { discard: true })

/** Begins to wait for room; `true` once there is. */
const wait = (
  { room }: Logging.Logging["Service"]
): Effect.Effect<{ readonly goesOn: () => boolean; readonly fiber: Fiber.Fiber<void> }> =>
  Effect.map(Effect.forkDetach(room, { startImmediately: true }), (fiber) => ({
    fiber,
    goesOn: () => fiber.pollUnsafe() !== undefined
  }))

const queued = (runtime: RuntimeUnderTest): Effect.Effect<number> =>
  Effect.map(runtime.service.stats, ({ lanes }) => lanes["scripted"]?.queued ?? 0)

const lost = (runtime: RuntimeUnderTest): Effect.Effect<number> =>
  Effect.map(runtime.service.stats, ({ lanes }) => lanes["scripted"]?.dropped.queue_full ?? 0)

/** Closes a runtime whose sinks do not take what is left. */
const closeAtDeadline = (runtime: RuntimeUnderTest): Effect.Effect<void> =>
  Effect.gen(function*() {
    const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
    yield* settle
    yield* TestClock.adjust("5 seconds")
    yield* Fiber.join(closing)
  })

describe("waiting for room", () => {
  it.effect("is over at once while no lane is more than half full, and else when it is a quarter full", () =>
    Effect.gen(function*() {
      const sink = slow()
      const runtime = yield* makeRuntime({ sinks: [sink, MemorySink.make()] })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      yield* runtime.run(logMany(20))
      assert.strictEqual(yield* queued(runtime), 20)
      const atHalf = yield* wait(runtime.service)
      assert.isTrue(atHalf.goesOn())
      yield* runtime.run(logMany(1))
      const above = yield* wait(runtime.service)
      yield* releaseMany(sink, 10)
      assert.strictEqual(yield* queued(runtime), 11)
      assert.isFalse(above.goesOn())
      yield* releaseMany(sink, 1)
      assert.strictEqual(yield* queued(runtime), 10)
      assert.isTrue(above.goesOn())
      yield* closeAtDeadline(runtime)
    }))

  it.effect("is over at once without lanes, and with lanes that have no queue", () =>
    Effect.gen(function*() {
      for (const options of [{ sinks: [] }, { sinks: [MemorySink.make()], queue: false }]) {
        const runtime = yield* makeRuntime(options)
        yield* runtime.run(logMany(100))
        yield* runtime.service.room
        yield* runtime.close()
      }
    }))

  it.effect("is for bytes too", () =>
    Effect.gen(function*() {
      const sink = slow({ capacity: 10_000, maxBytes: 10_000 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      const bytes = Effect.map(runtime.service.stats, ({ lanes }) => lanes["scripted"]?.queuedBytes ?? 0)
      while ((yield* bytes) <= 4500) yield* runtime.run(logMany(1))
      const waiting = yield* wait(runtime.service)
      for (; (yield* bytes) > 2250; yield* releaseMany(sink, 1)) assert.isFalse(waiting.goesOn())
      assert.isTrue(waiting.goesOn())
      yield* closeAtDeadline(runtime)
    }))

  it.effect("cuts batch windows short", () =>
    Effect.gen(function*() {
      const sink = slow({ batchWindow: "1 hour", maxBatchSize: 19 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(19))
      yield* sink.started(1)
      yield* runtime.run(logMany(30))
      const waiting = yield* wait(runtime.service)
      // The next batch of 19 leaves 11, more than a quarter, which alone would wait for an hour.
      yield* releaseMany(sink, 2)
      assert.deepStrictEqual(sink.writes.map(({ length }) => length), [19, 19, 11])
      assert.isTrue(waiting.goesOn())
      yield* closeAtDeadline(runtime)
    }))

  it.effect("a program that waits before each record loses none, whatever the sink takes", () =>
    Effect.gen(function*() {
      for (const capacity of [1, 2, 3, 10, 100]) {
        const sink = ScriptedSink.make({ capacity, maxBatchSize: 7 })
        const runtime = yield* makeRuntime({ sinks: [sink] })
        yield* runtime.run(Effect.forEach(
          Array.from({ length: 300 }, (_, i) => i),
          (i) => Effect.andThen(runtime.service.room, Effect.logInfo(i))
        ))
        assert.isAbove(sink.writes.length, 1)
        yield* runtime.service.flush
        assert.deepStrictEqual(messages(sink.delivered), Array.from({ length: 300 }, (_, i) => i))
        yield* runtime.close()
      }
    }))

  it.effect("many fibers that wait lose nothing either, and go on in the order they came", () =>
    Effect.gen(function*() {
      const sink = slow({ capacity: 20 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(11))
      yield* sink.started(1)
      const fibers = yield* Effect.forEach(Array.from({ length: 200 }, (_, i) => i), (i) =>
        Effect.forkDetach(
          runtime.run(Effect.andThen(runtime.service.room, Effect.logInfo(i))),
          { startImmediately: true }
        ))
      yield* releaseMany(sink, 100)
      yield* Effect.forEach(fibers, Fiber.join)
      yield* runtime.service.flush
      assert.strictEqual(yield* lost(runtime), 0)
      assert.deepStrictEqual(messages(sink.delivered).slice(11), Array.from({ length: 200 }, (_, i) => i))
      yield* closeAtDeadline(runtime)
    }))

  it.effect("a fiber that logs all the time keeps none from its turn", () =>
    Effect.gen(function*() {
      const sink = slow()
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(22))
      yield* sink.started(1)
      const { room } = runtime.service
      const greedy = yield* Effect.forkDetach(
        runtime.run(Effect.forever(Effect.andThen(room, Effect.logInfo("greedy")), { disableYield: true })),
        { startImmediately: true }
      )
      const others = yield* Effect.forEach(["a", "b"], () => wait(runtime.service))
      // The first who waits takes what room there is in its turn, and the next time it comes after the others.
      yield* releaseMany(sink, 11)
      assert.isFalse(others.some(({ goesOn }) => goesOn()))
      yield* releaseMany(sink, 11)
      assert.isTrue(others.every(({ goesOn }) => goesOn()))
      yield* Fiber.interrupt(greedy)
      assert.strictEqual(yield* lost(runtime), 0)
      yield* closeAtDeadline(runtime)
    }))

  it.effect("can be interrupted, and keeps nobody else from going on", () =>
    Effect.gen(function*() {
      const sink = slow()
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(22))
      yield* sink.started(1)
      const [first, second] = [yield* wait(runtime.service), yield* wait(runtime.service)]
      yield* Fiber.interrupt(first.fiber)
      const bounded = yield* Effect.forkChild(Effect.timeoutOption(runtime.service.room, "10 seconds"))
      yield* settle
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Fiber.join(bounded), Option.none())
      assert.isFalse(second.goesOn())
      yield* releaseMany(sink, 11)
      assert.isTrue(second.goesOn())
      yield* Fiber.interrupt((yield* wait(runtime.service)).fiber)
      yield* closeAtDeadline(runtime)
    }))

  it.effect("lasts as long as a sink is down, and a lane that is degraded and has room is not waited for", () =>
    Effect.gen(function*() {
      const sink = slow({ breaker: false, retry: LogSink.exponentialRetry({ base: 1000 }) })
      const down = ScriptedSink.make({ name: "down", capacity: 44, batchWindow: 0, script: [ScriptedSink.unavailable] })
      const runtime = yield* makeRuntime({ sinks: [sink, down] })
      yield* runtime.run(logMany(15))
      yield* settle
      assert.strictEqual((yield* runtime.service.stats).lanes["down"]?.status, "degraded")
      yield* runtime.service.room
      yield* runtime.run(logMany(25))
      const waiting = yield* wait(runtime.service)
      yield* releaseMany(sink, 40)
      assert.isFalse(waiting.goesOn(), "the other lane is full")
      yield* TestClock.adjust("1 minute")
      assert.isTrue(waiting.goesOn())
      yield* closeAtDeadline(runtime)
    }))

  it.effect("ends with shutdown, and is no wait any more after it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.hang], capacity: 10 })
      const runtime = yield* makeRuntime({ sinks: [sink], shutdownTimeout: "1 second" })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      yield* runtime.run(logMany(9))
      const waiting = yield* wait(runtime.service)
      const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
      yield* settle
      assert.isTrue(waiting.goesOn())
      yield* runtime.service.room
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(closing)
      yield* runtime.service.room
    }))

  it.effect("does not wait for a lane whose destination is gone for good", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.gate], capacity: 10, maxBatchSize: 1 })
      sink.push(ScriptedSink.fail({ _tag: "Closed" }))
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      yield* runtime.run(logMany(9))
      const waiting = yield* wait(runtime.service)
      yield* sink.release
      yield* settle
      assert.isTrue(waiting.goesOn())
      assert.strictEqual((yield* runtime.service.stats).lanes["scripted"]?.status, "closed")
      yield* runtime.service.room
      yield* runtime.close()
    }))

  it.effect("waits for a fallback too", () =>
    Effect.gen(function*() {
      const fallback = slow({ capacity: 10 })
      const sink = ScriptedSink.make({
        name: "main",
        batchWindow: 0,
        script: Array.from({ length: 30 }, () => ScriptedSink.fail({ _tag: "Rejected" }))
      }).pipe(LogSink.withFallback(fallback))
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(8))
      yield* fallback.started(1)
      yield* settle
      const waiting = yield* wait(runtime.service)
      assert.isFalse(waiting.goesOn())
      yield* releaseMany(fallback, 8)
      assert.isTrue(waiting.goesOn())
      yield* closeAtDeadline(runtime)
    }))

  it.effect("takes a spool for room, as long as it is at most half full", () =>
    Effect.gen(function*() {
      const spool = { directory: yield* directory, mode: "overflow", maxBytes: 32_768, segmentBytes: 4096 } as const
      const sink = ScriptedSink.make({ script: [ScriptedSink.gate], capacity: 20, batchWindow: 0, spool })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      const spooled = Effect.map(runtime.service.stats, ({ lanes }) => lanes["scripted"]?.spooled ?? 0)
      let waiting = yield* wait(runtime.service)
      for (let n = 0; waiting.goesOn(); n++) {
        assert.isBelow(n, 1000)
        yield* runtime.run(logMany(1))
        yield* settle
        waiting = yield* wait(runtime.service)
      }
      assert.isAbove(yield* spooled, 40)
      yield* sink.release
      yield* settle
      assert.isTrue(waiting.goesOn())
      assert.strictEqual(yield* spooled, 0)
      const { lanes } = yield* runtime.service.stats
      assert.strictEqual(lanes["scripted"]?.dropped.spool_full, 0)
      yield* runtime.close()
    }).pipe(Effect.provide(NodeServices.layer)))
})
