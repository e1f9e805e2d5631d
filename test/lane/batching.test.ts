import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { ScriptedSink } from "../../src/index.ts"
import { makeLane, messages, numbers, settle } from "../support/lanes.ts"

describe("batching", () => {
  it.effect("R4: a full batch does not wait for the window", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ maxBatchSize: 10, batchWindow: "1 hour" })
      const { offer } = yield* makeLane(sink)
      offer(10)
      yield* sink.started(1)
      assert.strictEqual(sink.writes[0]?.length, 10)
    }))

  it.effect("R5: a smaller batch waits for the window, to the millisecond", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ maxBatchSize: 10, batchWindow: "1 second" })
      const { offer } = yield* makeLane(sink)
      offer(3)
      yield* settle
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(sink.writes.length, 0)
      offer(1)
      yield* TestClock.adjust("1 millis")
      yield* sink.started(1)
      assert.deepStrictEqual(messages(sink.delivered), [0, 1, 2, 3])
    }))

  it.effect("the record that fills a batch cuts the window short", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ maxBatchSize: 5, batchWindow: "1 hour" })
      const { offer } = yield* makeLane(sink)
      offer(2)
      yield* TestClock.adjust("1 second")
      offer(3)
      yield* sink.started(1)
      assert.strictEqual(sink.writes[0]?.length, 5)
    }))

  it.effect("a batch takes its bytes out of the queue with it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.gate], maxBatchSize: 4 })
      const { lane, offer } = yield* makeLane(sink)
      offer(10)
      yield* sink.started(1)
      assert.strictEqual(lane.stats().queued, 6)
      assert.strictEqual(lane.stats().queuedBytes, 600)
    }))

  it.effect("bytes fill a batch too, and the record that reaches the bound ends it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ maxBatchBytes: 1000, batchWindow: "1 hour" })
      const { offer } = yield* makeLane(sink)
      offer(25, { bytes: 100 })
      yield* sink.started(2)
      assert.deepStrictEqual(sink.writes.map((batch) => batch.length), [10, 10])
      yield* TestClock.adjust("1 hour")
      yield* sink.started(3)
      assert.strictEqual(sink.writes[2]?.length, 5)
    }))

  it.effect("a batch size beyond the queue wakes the worker when the queue is half full, before it overflows", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ capacity: 100, maxBatchSize: 1000, batchWindow: "1 hour" })
      const { lane, offer } = yield* makeLane(sink)
      offer(44)
      yield* settle
      assert.strictEqual(sink.writes.length, 0)
      offer(1)
      yield* sink.started(1)
      yield* settle
      assert.strictEqual(lane.books().delivered, 45)
    }))

  it.effect("without a window records of one turn go out together in the next", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ batchWindow: 0 })
      const { offer } = yield* makeLane(sink)
      offer(7)
      yield* sink.started(1)
      assert.strictEqual(sink.writes[0]?.length, 7)
    }))

  it.effect("a deep queue is written in batches, in order", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.gate], maxBatchSize: 100 })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(950)
      yield* sink.release
      yield* lane.flush
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 951))
      assert.isAtMost(sink.writes.length, 11)
    }))

  it.effect("an idle lane has no timer running", () =>
    Effect.gen(function*() {
      let sleeps = 0
      const clock = yield* Clock.Clock
      const counting: Clock.Clock = Object.assign(Object.create(clock), {
        sleep(duration: Parameters<Clock.Clock["sleep"]>[0]) {
          sleeps++
          return clock.sleep(duration)
        }
      })
      yield* Effect.gen(function*() {
        const sink = ScriptedSink.make({ batchWindow: "1 second" })
        const { lane, offer } = yield* makeLane(sink)
        yield* settle
        assert.strictEqual(sleeps, 0)
        offer(1)
        yield* settle
        assert.strictEqual(sleeps, 1)
        yield* TestClock.adjust("1 second")
        yield* lane.flush
        const after = sleeps
        yield* settle
        yield* TestClock.adjust("1 hour")
        assert.strictEqual(sleeps, after)
      }).pipe(Effect.provideService(Clock.Clock, counting))
    }))

  it.effect("F26: a clock that jumps does not cause a stampede of writes", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ batchWindow: "1 second" })
      const { lane, offer } = yield* makeLane(sink)
      offer(5)
      yield* settle
      yield* TestClock.adjust("1 day")
      yield* lane.flush
      assert.strictEqual(sink.writes.length, 1)
    }))

  it.effect("flush cuts the window short and waits for what was accepted before, not after", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.gate, ScriptedSink.gate], batchWindow: "1 hour" })
      const { lane, offer } = yield* makeLane(sink)
      offer(3)
      const flush = yield* Effect.forkChild(lane.flush)
      yield* sink.started(1)
      assert.isUndefined(flush.pollUnsafe())
      offer(2)
      yield* sink.release
      yield* Fiber.join(flush)
      assert.strictEqual(lane.books().delivered, 3)
      assert.strictEqual(lane.books().queued + lane.books().inFlight, 2)
    }))

  it.effect("flush of an idle lane returns at once", () =>
    Effect.gen(function*() {
      const { lane } = yield* makeLane(ScriptedSink.make())
      yield* lane.flush
    }))

  it.effect("F48: any number of flushes and a drain at once all end", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.gate], batchWindow: "1 hour" })
      const { lane, offer } = yield* makeLane(sink)
      offer(4)
      const flushes = yield* Effect.forkChild(
        Effect.all([lane.flush, lane.flush, lane.drainDone], { concurrency: "unbounded" })
      )
      yield* sink.started(1)
      lane.beginDrain(4500)
      yield* sink.release
      yield* Fiber.join(flushes)
      assert.strictEqual(lane.books().delivered, 4)
    }))

  it.effect("concurrency writes several batches at a time", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: ScriptedSink.gate, concurrency: 3, maxBatchSize: 2 })
      const { lane, offer } = yield* makeLane(sink)
      offer(6)
      yield* sink.started(3)
      assert.strictEqual(lane.books().inFlight, 6)
      yield* Effect.repeat(sink.release, { times: 2 })
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 6)
    }))
})
