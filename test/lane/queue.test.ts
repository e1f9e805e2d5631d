import { assert, describe, it } from "@effect/vitest"
import { Effect, References } from "effect"
import { Ledger, LogRecord, ScriptedSink } from "../../src/index.ts"
import type { Lane } from "../../src/lane/Lane.ts"
import { makeLane, messages, numbers, settle } from "../support/lanes.ts"

const stuck = (options: ScriptedSink.Options): ScriptedSink.ScriptedSink =>
  ScriptedSink.make({ otherwise: ScriptedSink.hang, maxBatchSize: 1, ...options })

const dropped = (lane: Lane): number => Ledger.total(lane.books().dropped)

describe("the queue of a lane", () => {
  it.effect("R10, F24: a full lane refuses the newest records and counts them as queue_full", () =>
    Effect.gen(function*() {
      const sink = stuck({ capacity: 10 })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(20)
      const books = lane.books()
      assert.strictEqual(books.accepted, 21)
      assert.strictEqual(books.inFlight, 1)
      assert.strictEqual(books.queued, 9)
      assert.strictEqual(books.dropped.queue_full, 11)
    }))

  it.effect("a record offered while a worker yields between looking and sleeping is not forgotten", () =>
    Effect.gen(function*() {
      for (let turns = 0; turns < 40; turns++) {
        const { lane, offer } = yield* makeLane(ScriptedSink.make()).pipe(
          Effect.provideService(References.MaxOpsBeforeYield, 3)
        )
        offer(1)
        for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
        offer(1)
        for (let turn = 0; turn < 200; turn++) yield* Effect.yieldNow
        assert.strictEqual(lane.books().delivered, 2, `offered after ${turns} turns`)
      }
    }))

  it.effect("R21: the last tenth admits only Warn and above", () =>
    Effect.gen(function*() {
      const sink = stuck({ capacity: 100 })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(200, { level: "Info" })
      assert.strictEqual(lane.books().queued, 90)
      offer(7, { level: "Warn" })
      offer(2, { level: "Error" })
      offer(5, { level: "Fatal" })
      assert.strictEqual(lane.books().queued, 100)
      assert.strictEqual(lane.books().dropped.queue_full, 110 + 4)
    }))

  it.effect("F25: bytes are bounded like records, with the same reserve", () =>
    Effect.gen(function*() {
      const sink = stuck({ maxBytes: 1000 })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(20, { bytes: 100 })
      assert.strictEqual(lane.books().queued, 9)
      assert.strictEqual(lane.books().dropped.bytes_full, 11)
      offer(3, { bytes: 100, level: "Error" })
      assert.strictEqual(state.queue.bytes, 1000)
      assert.strictEqual(lane.books().dropped.bytes_full, 13)
    }))

  it.effect("a record larger than the whole lane is dropped as bytes_full, also when sliding", () =>
    Effect.gen(function*() {
      const sink = stuck({ maxBytes: 1000, strategy: "sliding" })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(5)
      offer(1, { bytes: 5000 })
      assert.strictEqual(lane.books().queued, 5)
      assert.strictEqual(lane.books().dropped.bytes_full, 1)
    }))

  it.effect("sliding evicts the oldest, counts each, and keeps the newest in order", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [ScriptedSink.gate],
        strategy: "sliding",
        capacity: 10,
        maxBatchSize: 1
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(30)
      assert.strictEqual(lane.books().dropped.queue_full, 21)
      yield* sink.release
      yield* lane.flush
      assert.deepStrictEqual(messages(sink.delivered), [0, ...numbers(22, 31)])
    }))

  it.effect("sliding by bytes evicts as many as the new record needs", () =>
    Effect.gen(function*() {
      const sink = stuck({ maxBytes: 1000, strategy: "sliding" })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(9, { bytes: 100 })
      offer(1, { bytes: 350 })
      assert.strictEqual(lane.books().dropped.bytes_full, 4)
      assert.strictEqual(state.queue.bytes, 5 * 100 + 350)
    }))

  it.effect("bounds hold for a capacity of one", () =>
    Effect.gen(function*() {
      const sink = stuck({ capacity: 1 })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(3)
      assert.strictEqual(lane.books().queued, 1)
      assert.strictEqual(lane.books().dropped.queue_full, 2)
    }))

  it.effect("F47: records offered to a lane that has ended are counted as closed", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make()
      const { lane, offer } = yield* makeLane(sink)
      offer(3)
      lane.beginDrain(4500)
      offer(2)
      yield* lane.drainDone
      offer(1)
      assert.strictEqual(lane.books().delivered, 3)
      assert.strictEqual(lane.books().dropped.closed, 3)
    }))

  it.effect("a drop for want of room is foreseen exactly, and counted the same without the record", () =>
    Effect.gen(function*() {
      for (const options of [{ capacity: 20 }, { maxBytes: 2000 }]) {
        const seen = yield* makeLane(stuck({ name: "seen", ...options }))
        const foreseen = yield* makeLane(stuck({ name: "foreseen", ...options }))
        for (let i = 0; i < 60; i++) {
          const level = i % 7 === 0 ? "Error" : "Info"
          const severity = LogRecord.severityOf(level)
          const { inlet } = foreseen.lane
          const before = dropped(seen.lane)
          seen.offer(1, { level })
          if (inlet.isFull(severity)) {
            assert.strictEqual(dropped(seen.lane), before + 1)
            inlet.refuse(severity)
          } else if (inlet.hasRoomFor(100)) {
            assert.strictEqual(dropped(seen.lane), before)
            inlet.accept(LogRecord.make({ message: i, level, bytes: 100 }))
          } else {
            foreseen.offer(1, { level })
          }
          assert.deepStrictEqual(foreseen.lane.books(), seen.lane.books())
        }
        assert.isAbove(dropped(seen.lane), 20)
      }
    }))

  it.effect("the lane tells of each drop", () =>
    Effect.gen(function*() {
      const sink = stuck({ capacity: 1 })
      const { drops, offer } = yield* makeLane(sink)
      offer(1)
      yield* sink.started(1)
      offer(3)
      yield* settle
      assert.strictEqual(drops(), 2)
    }))
})
