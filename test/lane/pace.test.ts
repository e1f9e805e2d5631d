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
  it.effect("is a slice at a time while there is little, and one window for all of them", () =>
    Effect.gen(function*() {
      const sink = paced()
      const { offer } = yield* makeLane(sink)
      offer(12)
      yield* TestClock.adjust("999 millis")
      assert.deepStrictEqual(sizes(sink), [])
      yield* TestClock.adjust("1 millis")
      yield* sink.started(3)
      assert.deepStrictEqual(sizes(sink), [5, 5, 2])
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 12))
      offer(1)
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(sink.writes.length, 3)
    }))

  it.effect("is all there are, up to the largest batch, once the lane fills", () =>
    Effect.gen(function*() {
      const sink = paced()
      const { offer } = yield* makeLane(sink)
      offer(130)
      yield* sink.started(2)
      assert.deepStrictEqual(sizes(sink), [100, 30])
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
