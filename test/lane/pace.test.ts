import { assert, describe, it } from "@effect/vitest"
import { Effect, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, Logging, LogSink, ScriptedSink } from "../../src/index.ts"
import { makeLane, messages, numbers } from "../support/lanes.ts"

const paced = (options: ScriptedSink.Options = {}) => {
  const sink = ScriptedSink.make({ maxBatchSize: 100, batchWindow: "1 second", ...options })
  return Object.assign(sink, { pace: { slice: 5, full: 20 } })
}

const sizes = (sink: ScriptedSink.ScriptedSink): ReadonlyArray<number> => sink.writes.map((batch) => batch.length)

describe("the pace of a lane", () => {
  it.effect("is a slice at a time while there is little, and nothing of what is there waits for the window", () =>
    Effect.gen(function*() {
      const sink = paced()
      const { offer } = yield* makeLane(sink)
      offer(4)
      yield* TestClock.adjust("500 millis")
      assert.deepStrictEqual(sizes(sink), [])
      offer(8)
      yield* sink.started(3)
      assert.deepStrictEqual(sizes(sink), [5, 5, 2])
      offer(1)
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(sink.writes.length, 3)
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(sizes(sink), [5, 5, 2, 1])
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 13))
    }))

  it.effect("waits for a full batch while one comes within the window, and for a slice once it does not", () =>
    Effect.gen(function*() {
      const sink = paced()
      const { offer } = yield* makeLane(sink)
      offer(1)
      yield* TestClock.adjust("200 millis")
      // As fast as 20 in a second.
      offer(4)
      yield* TestClock.adjust("0 millis")
      offer(4)
      yield* TestClock.adjust("100 millis")
      offer(15)
      yield* TestClock.adjust("899 millis")
      assert.deepStrictEqual(sizes(sink), [5])
      yield* TestClock.adjust("1 millis")
      yield* sink.started(5)
      assert.deepStrictEqual(sizes(sink), [5, 5, 5, 5, 4])
      offer(1)
      yield* TestClock.adjust("201 millis")
      offer(4)
      yield* sink.started(6)
      offer(1)
      yield* TestClock.adjust("900 millis")
      offer(4)
      yield* sink.started(7)
      assert.deepStrictEqual(sizes(sink).slice(5), [5, 5])
    }))

  it.effect("is all there are, up to the largest batch, once the lane fills", () =>
    Effect.gen(function*() {
      const sink = paced()
      const { offer } = yield* makeLane(sink)
      offer(130)
      yield* sink.started(2)
      assert.deepStrictEqual(sizes(sink), [100, 30])
    }))

  it.effect("is all there are once the lane fills while slices are written", () =>
    Effect.gen(function*() {
      const sink = paced()
      const { offer } = yield* makeLane(sink)
      sink.push(ScriptedSink.gate)
      offer(4)
      yield* TestClock.adjust("500 millis")
      offer(8)
      yield* sink.started(1)
      offer(30)
      yield* sink.release
      yield* sink.started(2)
      assert.deepStrictEqual(sizes(sink), [5, 37])
    }))

  it.effect("is a slice at a time in a lane without a window, also after records came fast", () =>
    Effect.gen(function*() {
      const sink = paced({ batchWindow: 0 })
      const { offer } = yield* makeLane(sink)
      offer(12)
      yield* sink.started(3)
      offer(12)
      yield* sink.started(6)
      assert.deepStrictEqual(sizes(sink), [5, 5, 2, 5, 5, 2])
    }))

  it.effect("is none in a lane that drains", () =>
    Effect.gen(function*() {
      const sink = paced()
      const { lane, offer } = yield* makeLane(sink)
      offer(12)
      lane.beginDrain(1000)
      yield* lane.drainDone
      assert.deepStrictEqual(sizes(sink), [12])
    }))
})

describe("a program of many busy fibers", () => {
  const fibers = 500
  const turns = 20
  const perTurn = 4

  it.effect("loses nothing: what one turn of all of them brings is taken before the next", () =>
    Effect.gen(function*() {
      let mostAtOnce = 0
      const sink = LogSink.make({
        name: "far",
        capacity: 2 * fibers * perTurn,
        maxBatchSize: 100_000,
        maxBatchBytes: 2 ** 30,
        pace: { slice: 100, full: 200 },
        write: (batch) => {
          mostAtOnce = Math.max(mostAtOnce, batch.length)
          return Effect.yieldNow
        }
      })
      const busy = Effect.gen(function*() {
        for (let turn = 0; turn < turns; turn++) {
          for (let i = 0; i < perTurn; i++) yield* Effect.logInfo("busy")
          yield* Effect.yieldNow
        }
      })
      const program = Effect.gen(function*() {
        yield* Effect.forEach(numbers(0, fibers), () => busy, { concurrency: "unbounded", discard: true })
        return yield* (yield* Logging.Logging).shutdown
      })
      const report = yield* program.pipe(
        Effect.provide(Logging.layer({ sinks: [sink], diagnostics: () => {} })),
        Effect.provideService(Scheduler.Scheduler, new Scheduler.MixedScheduler())
      )
      assert.strictEqual(Ledger.lost(report), 0)
      assert.strictEqual(report.lanes["far"]?.delivered, fibers * turns * perTurn)
      assert.isAtMost(mostAtOnce, 2 * fibers * perTurn)
    }))
})
