import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { ScriptedSink } from "../../src/index.ts"
import { makeLane, messages, numbers, settle } from "../support/lanes.ts"

const { gate, unavailable } = ScriptedSink
const breaker = { failures: 3, cooldown: "1 minute" } as const
const everySecond = Schedule.spaced("1 second")

describe("the breaker", () => {
  it.effect("opens after so many failures, then probes with the oldest batch once a cooldown", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [unavailable, unavailable, unavailable, unavailable],
        maxBatchSize: 2,
        retry: everySecond,
        breaker
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(6)
      yield* sink.started(1)
      for (const attempts of [2, 3]) {
        assert.isFalse(lane.stats().breakerOpen)
        yield* settle
        yield* TestClock.adjust("1 second")
        yield* sink.started(attempts)
      }
      yield* settle
      assert.isTrue(lane.stats().breakerOpen)
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(sink.writes.length, 3)
      offer(1)
      assert.strictEqual(lane.books().queued, 5)
      yield* TestClock.adjust("1 second")
      yield* sink.started(4)
      yield* settle
      yield* TestClock.adjust("1 minute")
      yield* lane.flush
      assert.isFalse(lane.stats().breakerOpen)
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 7))
      assert.deepStrictEqual(messages(sink.writes[3] ?? []), [0, 1])
    }))

  it.effect("while it is open, the batches of other workers wait too", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [gate, unavailable],
        maxBatchSize: 1,
        concurrency: 2,
        retry: everySecond,
        breaker: { failures: 1, cooldown: "1 minute" }
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(3)
      yield* sink.started(2)
      yield* settle
      yield* sink.release
      yield* settle
      assert.isFalse(lane.stats().breakerOpen, "a success closes it")
      yield* TestClock.adjust("1 minute")
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 3)
    }))

  it.effect("R43, F51: a drain bypasses it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [unavailable, unavailable, unavailable],
        maxBatchSize: 2,
        retry: everySecond,
        breaker
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(6)
      yield* sink.started(1)
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* settle
      assert.isTrue(lane.stats().breakerOpen)
      lane.beginDrain(4500)
      yield* lane.drainDone
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 6))
    }))

  it.effect("can be turned off", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: Array.from({ length: 20 }, () => unavailable),
        retry: everySecond,
        breaker: false
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      for (let i = 0; i < 20; i++) {
        yield* sink.started(i + 1)
        yield* settle
        yield* TestClock.adjust("1 second")
      }
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 1)
    }))
})
