import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Random, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { LogSink, ScriptedSink } from "../../src/index.ts"
import { makeLane, messages, numbers, settle } from "../support/lanes.ts"

const everySecond = Schedule.spaced("1 second")
const { fail, gate, succeed, unavailable } = ScriptedSink

describe("retry", () => {
  it.effect("R6: waits grow exponentially, 1 s, 2 s, 4 s, and end after three retries", () =>
    Effect.gen(function*() {
      const retry = Schedule.exponential("1 second").pipe(Schedule.upTo({ times: 3 }))
      const sink = ScriptedSink.make({ otherwise: unavailable, retry })
      const { lane, offer } = yield* makeLane(sink)
      offer(2)
      yield* sink.started(1)
      for (const [wait, attempts] of [[1000, 2], [2000, 3], [4000, 4]] as const) {
        yield* settle
        assert.strictEqual(lane.books().retrying, 2)
        yield* TestClock.adjust(wait - 1)
        assert.strictEqual(sink.writes.length, attempts - 1)
        yield* TestClock.adjust(1)
        yield* sink.started(attempts)
      }
      yield* lane.flush
      assert.strictEqual(lane.books().dropped.retries_exhausted, 2)
    }))

  it.effect("the default waits have full jitter, double from 0.5 s, are capped at 30 s and end after 5 minutes", () =>
    Effect.gen(function*() {
      const error = LogSink.unavailable("down")
      const step = yield* Schedule.toStep(LogSink.defaultRetry)
      const waits: Array<number> = []
      let now = 0
      for (;;) {
        const next = yield* Effect.exit(step(now, error))
        if (next._tag === "Failure") break
        waits.push(Duration.toMillis(next.value[1]))
        now += 30_000
      }
      assert.strictEqual(waits.length, 11)
      waits.forEach((wait, attempt) => {
        assert.closeTo(wait, 0.5 * Math.min(30_000, 500 * 2 ** attempt), 1)
      })
    }).pipe(Effect.provideService(Random.Random, {
      nextIntUnsafe: () => 0,
      nextDoubleUnsafe: () => 0.5
    })))

  for (const stored of [Number.NaN, -1, Number.NEGATIVE_INFINITY]) {
    it.effect(`a sink that says it stored ${stored} records has stored none`, () =>
      Effect.gen(function*() {
        const sink = ScriptedSink.make({ script: [fail({ _tag: "Unavailable", stored })], retry: everySecond })
        const { lane, offer } = yield* makeLane(sink)
        offer(3)
        yield* sink.started(1)
        yield* settle
        assert.strictEqual(lane.books().retrying, 3)
        yield* TestClock.adjust("1 second")
        yield* lane.flush
        assert.strictEqual(lane.books().delivered, 3)
      }))
  }

  it.effect("F7: the wait is never shorter than what the sink asked for, and at most 5 minutes", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [
          fail({ _tag: "Unavailable", retryAfter: "10 seconds" }),
          fail({ _tag: "Unavailable", retryAfter: "1 day" })
        ],
        retry: everySecond
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      yield* settle
      yield* TestClock.adjust("9999 millis")
      assert.strictEqual(sink.writes.length, 1)
      yield* TestClock.adjust("1 millis")
      yield* sink.started(2)
      yield* settle
      yield* TestClock.adjust("299999 millis")
      assert.strictEqual(sink.writes.length, 2)
      yield* TestClock.adjust("1 millis")
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 1)
    }))

  it.effect("F8: a senseless retryAfter falls back to the schedule", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [fail({ _tag: "Unavailable", retryAfter: -5 }), fail({ _tag: "Unavailable", retryAfter: Number.NaN })],
        retry: everySecond
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* sink.started(2)
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 1)
    }))

  it.effect("order is kept through retries", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [unavailable, succeed, unavailable, unavailable],
        maxBatchSize: 5,
        retry: everySecond
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(20)
      for (const attempts of [1, 3, 4]) {
        yield* sink.started(attempts)
        yield* settle
        yield* TestClock.adjust("1 second")
      }
      yield* lane.flush
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 20))
    }))

  it.effect("one batch is retried at a time, others go on", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [unavailable, unavailable, succeed],
        maxBatchSize: 1,
        concurrency: 3,
        retry: everySecond
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(3)
      yield* sink.started(3)
      yield* settle
      assert.strictEqual(lane.books().delivered, 1)
      assert.strictEqual(lane.books().retrying, 1)
      assert.strictEqual(lane.books().inFlight, 1)
      yield* TestClock.adjust("1 second")
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 3)
    }))

  it.effect("records that a failed write has stored are delivered, only the rest is retried", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [fail({ _tag: "Unavailable", stored: 3 })], retry: everySecond })
      const { lane, offer } = yield* makeLane(sink)
      offer(5)
      yield* sink.started(1)
      yield* settle
      assert.strictEqual(lane.books().delivered, 3)
      assert.strictEqual(lane.books().retrying, 2)
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.deepStrictEqual(messages(sink.writes[1] ?? []), [3, 4])
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 5))
      assert.strictEqual(lane.books().delivered, 5)
    }))

  it.effect("R43: a misconfigured sink is tried every 30 s, for ever, and keeps its data", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        otherwise: fail({ _tag: "Misconfigured" }),
        retry: Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 2 }))
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(2)
      yield* sink.started(1)
      for (let attempts = 2; attempts < 8; attempts++) {
        yield* settle
        yield* TestClock.adjust("29 seconds")
        assert.strictEqual(sink.writes.length, attempts - 1)
        yield* TestClock.adjust("1 second")
        yield* sink.started(attempts)
      }
      yield* settle
      assert.strictEqual(lane.books().retrying, 2)
    }))

  it.effect("F11: a rejection by position delivers the others, and is not sent again", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [fail({ _tag: "Rejected", records: [1, 3, 3, 99, -1] })],
        maxBatchSize: 5
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(10)
      yield* lane.flush
      assert.strictEqual(sink.writes.length, 2)
      assert.strictEqual(lane.books().dropped.rejected_by_server, 2)
      assert.strictEqual(lane.books().delivered, 8)
    }))

  it.effect("F38: a closed sink closes its lane; what it held and what comes later is sink_closed", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [succeed, fail({ _tag: "Closed" })], maxBatchSize: 2 })
      const { lane, offer } = yield* makeLane(sink)
      offer(10)
      yield* lane.drainDone
      offer(3)
      assert.strictEqual(lane.books().delivered, 2)
      assert.strictEqual(lane.books().dropped.sink_closed, 11)
      assert.strictEqual(lane.stats().status, "closed")
    }))

  it.effect("F22: a permanent outage of a day keeps memory bounded and every drop counted", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: unavailable, capacity: 100, maxBatchSize: 10 })
      const { lane, offer, state } = yield* makeLane(sink)
      for (let hour = 0; hour < 24; hour++) {
        offer(500)
        yield* TestClock.adjust("1 hour")
        assert.isAtMost(lane.books().queued, 100)
        assert.isAtMost(state.queue.bytes, 100 * 100)
      }
      const { dropped, inFlight, queued, retrying } = lane.books()
      assert.strictEqual(dropped.queue_full + dropped.retries_exhausted + queued + inFlight + retrying, 24 * 500)
      assert.isAbove(dropped.retries_exhausted, 0)
    }))

  it.effect("a lane that fails is degraded, and well again after a success", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [unavailable, gate], retry: everySecond })
      const { diagnostics, lane, offer } = yield* makeLane(sink)
      assert.isTrue(lane.healthy)
      offer(1)
      yield* sink.started(1)
      yield* settle
      assert.strictEqual(lane.stats().status, "degraded")
      assert.isFalse(lane.healthy)
      assert.strictEqual(lane.stats().lastError, "scripted: Unavailable")
      assert.deepStrictEqual(diagnostics, ["[spillway] scripted: scripted: Unavailable (1 record); tried again\n"])
      yield* TestClock.adjust("1 second")
      yield* sink.started(2)
      yield* sink.release
      yield* lane.flush
      assert.strictEqual(lane.stats().status, "ok")
      assert.isUndefined(lane.stats().lastError)
    }))
})
