import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, LogRecord, type LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { type LaneUnderTest, makeLane, messages, numbers, settle } from "../support/lanes.ts"
import { logMany, makeRuntime } from "../support/runtime.ts"
import { directory, open } from "../support/spooledLanes.ts"

/** A sink that holds one record until the test lets it; of 111 records 100 are for all. */
const gated = (options?: Partial<LogSink.LaneOptions>): ScriptedSink.ScriptedSink =>
  ScriptedSink.make({
    script: [ScriptedSink.gate],
    capacity: 111,
    maxBatchSize: 1,
    batchWindow: 0,
    strategy: "sampling",
    ...options
  })

/** A lane whose sink has the first record, and takes no other. */
const busy = (options?: Partial<LogSink.LaneOptions>) =>
  Effect.gen(function*() {
    const sink = gated(options)
    const made = yield* makeLane(sink)
    made.offer(1)
    yield* sink.started(1)
    return { sink, ...made }
  })

const queued = ({ state: { queue } }: LaneUnderTest): ReadonlyArray<number> =>
  queue.slice(0, queue.size).map(({ seq }) => seq)

describe("a lane that samples", () => {
  it.effect("drops nothing that it has room for", () =>
    Effect.gen(function*() {
      const made = yield* busy()
      made.offer(100)
      made.offer(11, { level: "Warn" })
      assert.strictEqual(Ledger.total(made.lane.books().dropped), 0)
    }))

  it.effect.each([0.1, 0.25, 1 / 3, 0.5, 0.9, 0.99])(
    "keeps a share of %d of what finds it full, evenly",
    (sampleShare) =>
      Effect.gen(function*() {
        const made = yield* busy({ sampleShare })
        made.offer(100)
        const kept: Array<number> = []
        for (const n of numbers(101, 1101)) {
          made.offer(1)
          if (queued(made).includes(n)) kept.push(n)
        }
        assert.approximately(kept.length, 1000 * sampleShare, 1e-6 + 1)
        for (const [index, n] of kept.entries()) {
          assert.isAtMost(n, 100 + Math.ceil((index + 1) / sampleShare - 1e-6))
          assert.isAbove(n, 100 + Math.floor(index / sampleShare))
        }
        const { accepted, dropped, inFlight, queued: count } = made.lane.books()
        assert.strictEqual(dropped.sampled, Ledger.total(dropped))
        assert.strictEqual(accepted, dropped.sampled + count + inFlight)
      })
  )

  it.effect.each([
    { sampleShare: 0.1, kinds: 10, leaves: 1 },
    { sampleShare: 0.1, kinds: 2, leaves: 1 },
    { sampleShare: 0.1, kinds: 20, leaves: 1 },
    { sampleShare: 0.5, kinds: 2, leaves: 2 },
    { sampleShare: 0.25, kinds: 4, leaves: 2 },
    { sampleShare: 0.9, kinds: 10, leaves: 5 },
    { sampleShare: 0.99, kinds: 100, leaves: 5 }
  ])(
    "is fair to kinds of records that come in turns: $sampleShare of $kinds kinds",
    ({ kinds, leaves, sampleShare }) =>
      Effect.gen(function*() {
        const made = yield* busy({ sampleShare })
        const { queue } = made.state
        made.offer(100)
        const written = numbers(0, kinds).map(() => 0)
        for (const _ of numbers(0, 2000)) {
          made.offer(10)
          const taken = queue.takeBatch(leaves, Infinity)
          made.state.counters.move("queued", "delivered", taken.length)
          for (const { seq } of taken) written[seq % kinds]!++
        }
        const even = 2000 * leaves / kinds
        for (const [kind, count] of written.entries()) {
          assert.isTrue(
            count > even * 0.8 && count < even * 1.2,
            `${count} of kind ${kind} are written, ${even} are even`
          )
        }
      })
  )

  it.effect("keeps the share of many small floods together, however few come in each", () =>
    Effect.gen(function*() {
      const { lane, offer, sink, state } = yield* busy()
      sink.push(...Array.from({ length: 2000 }, () => ScriptedSink.gate))
      let kept = 0
      for (let flood = 0; flood < 20; flood++) {
        offer(100 - state.queue.size)
        const { sampled } = lane.books().dropped
        offer(3)
        // For the one that is kept in its turn, every second of those that wait makes room.
        const size = state.queue.size
        const isTurn = size < 100
        assert.strictEqual(lane.books().dropped.sampled - sampled, isTurn ? 2 + 50 : 3)
        if (isTurn) kept++
        for (const _ of numbers(0, 60)) yield* sink.release
        yield* settle
        while (state.queue.size > 50) yield* Effect.andThen(sink.release, settle)
      }
      assert.strictEqual(kept, 6)
    }))

  it.effect("keeps all of Warn and above, as long as there is anything else to give up", () =>
    Effect.gen(function*() {
      const made = yield* busy()
      made.offer(100)
      made.offer(111, { level: "Error" })
      const books = made.lane.books()
      assert.deepInclude(books.dropped, { sampled: 100, queue_full: 0 })
      assert.deepStrictEqual(queued(made), numbers(101, 212))
      made.offer(5, { level: "Warn" })
      assert.deepInclude(made.lane.books().dropped, { sampled: 100, queue_full: 5 })
      made.offer(20)
      assert.deepInclude(made.lane.books().dropped, { sampled: 120, queue_full: 5 })
      assert.deepStrictEqual(queued(made), numbers(101, 212))
    }))

  it.effect("thins what waits, the more the older it is", () =>
    Effect.gen(function*() {
      const made = yield* busy({ sampleShare: 0.5 })
      made.offer(100)
      made.offer(2)
      assert.deepStrictEqual(
        queued(made).map((n) => Math.floor((n - 1) / 2)),
        [...numbers(0, 50), 50],
        "of each two one, and the new one"
      )
      made.offer(1998)
      const all = queued(made)
      assert.isAtMost(all.length, 100)
      assert.isAtLeast(all.length, 50)
      // As many of the newest would begin 200 before the end.
      assert.isBelow(all[0] ?? 0, 2101 - 400)
      assert.deepStrictEqual(all, all.toSorted((one, other) => one - other))
    }))

  it.effect("keeps every record again once it is half empty", () =>
    Effect.gen(function*() {
      const { lane, offer, sink, state } = yield* busy()
      sink.push(...Array.from({ length: 51 }, () => ScriptedSink.gate))
      offer(101)
      assert.strictEqual(lane.books().dropped.sampled, 1)
      for (const _ of numbers(0, 49)) yield* Effect.andThen(sink.release, settle)
      assert.strictEqual(state.queue.size, 51)
      offer(1)
      assert.strictEqual(lane.books().dropped.sampled, 2)
      yield* Effect.andThen(sink.release, settle)
      offer(50)
      assert.strictEqual(lane.books().dropped.sampled, 2)
      offer(1)
      assert.strictEqual(lane.books().dropped.sampled, 3)
      yield* Effect.andThen(Effect.andThen(sink.release, sink.release), settle)
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, lane.books().accepted - 3)
    }))

  it.effect("goes on with its share where it was thinned, until three quarters are free", () =>
    Effect.gen(function*() {
      const { lane, offer, state: { counters, queue } } = yield* busy({ sampleShare: 0.5 })
      const leave = (count: number) => counters.move("queued", "delivered", queue.takeBatch(count, Infinity).length)
      offer(102)
      assert.strictEqual(queue.size, 51)
      assert.strictEqual(lane.books().dropped.sampled, 51)
      leave(25)
      offer(2)
      assert.deepStrictEqual([queue.size, lane.books().dropped.sampled], [27, 52])
      leave(2)
      offer(75)
      assert.deepStrictEqual([queue.size, lane.books().dropped.sampled], [100, 52])
      offer(1)
      assert.isAbove(lane.books().dropped.sampled, 52)
    }))

  it.effect("does so by bytes too, and refuses what no lane of this size can hold", () =>
    Effect.gen(function*() {
      const { lane, offer, state } = yield* busy({ maxBytes: 1000, sampleShare: 0.5 })
      offer(9)
      offer(1)
      offer(1, { bytes: 300 })
      assert.deepInclude(lane.books().dropped, { sampled: 6, bytes_full: 0 })
      assert.strictEqual(state.queue.bytes, 4 * 100 + 300)
      offer(1, { bytes: 1001, level: "Fatal" })
      offer(2, { bytes: 901 })
      assert.deepInclude(lane.books().dropped, { sampled: 7, bytes_full: 2 })
      offer(1, { bytes: 1000, level: "Fatal" })
      assert.strictEqual(state.queue.bytes, 1000)
      assert.deepInclude(lane.books().dropped, { sampled: 12, bytes_full: 2 })
    }))

  it.effect("gives up nothing for a record that has no room all the same", () =>
    Effect.gen(function*() {
      const made = yield* busy({ maxBytes: 1000, sampleShare: 0.5 })
      made.offer(5, { level: "Error" })
      made.offer(4)
      made.offer(4, { bytes: 450 })
      assert.deepInclude(made.lane.books().dropped, { sampled: 4, bytes_full: 0 })
      made.offer(1, { bytes: 501, level: "Fatal" })
      assert.deepInclude(made.lane.books().dropped, { sampled: 4, bytes_full: 1 })
      assert.deepStrictEqual(queued(made), numbers(1, 10))
      made.offer(1, { bytes: 500, level: "Fatal" })
      assert.deepStrictEqual(queued(made), [...numbers(1, 6), 15])
      assert.deepInclude(made.lane.books().dropped, { sampled: 8, bytes_full: 1 })
    }))

  it.effect("gives no turn to what is too large for it", () =>
    Effect.gen(function*() {
      const made = yield* busy({ maxBytes: 10_000, sampleShare: 0.1 })
      made.offer(90)
      let kept = 0
      for (const n of numbers(0, 500)) {
        made.offer(1)
        if (queued(made).includes(91 + 2 * n)) kept++
        made.offer(1, { bytes: 9001 })
      }
      const { bytes_full } = made.lane.books().dropped
      assert.isAbove(bytes_full, 10)
      assert.approximately(kept, (1000 - bytes_full) * 0.1, 1)
    }))

  it.effect("foresees a drop exactly, and counts it the same without the record", () =>
    Effect.gen(function*() {
      for (const options of [{ capacity: 20 }, { maxBytes: 2000 }]) {
        const seen = yield* busy({ ...options, sampleShare: 0.3 })
        const foreseen = yield* busy({ ...options, sampleShare: 0.3 })
        let spared = 0
        for (const i of numbers(1, 200)) {
          const level = i % 7 === 0 ? "Error" : "Info"
          const severity = LogRecord.severityOf(level)
          const before = Ledger.total(seen.lane.books().dropped)
          seen.offer(1, { level })
          if (foreseen.lane.inlet.isFull(severity)) {
            assert.strictEqual(Ledger.total(seen.lane.books().dropped), before + 1)
            foreseen.lane.inlet.refuse(severity)
            spared++
          } else {
            foreseen.lane.inlet.offer(LogRecord.make({ message: i, level, bytes: 100 }), severity)
          }
          assert.deepStrictEqual(foreseen.lane.books(), seen.lane.books())
        }
        assert.isAbove(spared, 50)
      }
    }))

  it.effect("has a flush wait for what was there, also when what came later makes room first", () =>
    Effect.gen(function*() {
      const { lane, offer, sink, state } = yield* busy({ capacity: 20 })
      sink.push(...Array.from({ length: 20 }, () => ScriptedSink.gate))
      offer(4, { level: "Error" })
      const flushing = yield* Effect.forkChild(lane.flush, { startImmediately: true })
      offer(14)
      offer(3, { level: "Error" })
      assert.strictEqual(lane.books().dropped.sampled, 7)
      for (const _ of numbers(0, 4)) yield* Effect.andThen(sink.release, settle)
      assert.strictEqual(state.queue.size, 10)
      assert.isUndefined(flushing.pollUnsafe(), "the fourth error is written, and not yet stored")
      yield* Effect.andThen(sink.release, settle)
      yield* Fiber.join(flushing)
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 5))
    }))

  it.effect("has a flush wait for nothing that another worker took later, whatever made room meanwhile", () =>
    Effect.gen(function*() {
      const { lane, offer, sink } = yield* busy({ capacity: 20, concurrency: 2 })
      sink.push(...Array.from({ length: 20 }, () => ScriptedSink.gate))
      const flushing = yield* Effect.forkChild(lane.flush, { startImmediately: true })
      offer(1)
      yield* sink.started(2)
      offer(18)
      offer(3, { level: "Error" })
      assert.strictEqual(lane.books().dropped.sampled, 9)
      assert.isUndefined(flushing.pollUnsafe())
      yield* Effect.andThen(sink.release, settle)
      assert.deepStrictEqual(messages(sink.delivered), [0])
      assert.isDefined(flushing.pollUnsafe(), "the second record is written still, and came later")
    }))

  it.effect("has a flush wait for its part of a batch only, whatever made room while that is tried again", () =>
    Effect.gen(function*() {
      const { lane, offer, sink } = yield* busy({ capacity: 20, maxBatchSize: 2 })
      sink.push(
        ScriptedSink.unavailable,
        ScriptedSink.fail({ _tag: "Unavailable", stored: 1 }),
        ScriptedSink.gate
      )
      offer(1)
      const flushing = yield* Effect.forkChild(lane.flush, { startImmediately: true })
      offer(1)
      yield* Effect.andThen(sink.release, settle)
      assert.strictEqual(lane.books().retrying, 2)
      offer(18)
      offer(3, { level: "Error" })
      assert.strictEqual(lane.books().dropped.sampled, 9)
      assert.isUndefined(flushing.pollUnsafe())
      yield* TestClock.adjust("5 seconds")
      yield* settle
      assert.deepStrictEqual(sink.writes.map(messages), [[0], [1, 2], [1, 2], [2]])
      assert.isDefined(flushing.pollUnsafe(), "the other record of its batch is written still, and came later")
    }))

  it.effect("with a spool moves the queue there first, and drops nothing while the disk takes it", () =>
    Effect.gen(function*() {
      const sink = gated({ capacity: 20, spool: { directory: yield* directory, mode: "overflow" } })
      const { end, lane, offer } = yield* open(sink)
      offer(0, 1)
      yield* sink.started(1)
      offer(1, 500)
      assert.strictEqual(Ledger.total(lane.books().dropped), 0)
      assert.isAbove(lane.books().spooled, 450)
      assert.strictEqual(end().dropped.sampled, 0)
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("has a row of its own in the books, the report and what is told of drops", () =>
    Effect.gen(function*() {
      const sink = gated()
      const other = MemorySink.make({ name: "other" })
      const runtime = yield* makeRuntime({ sinks: [sink, other], shutdownTimeout: "1 second" })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      yield* runtime.run(logMany(109))
      yield* settle
      const { capture, lanes } = yield* runtime.service.stats
      assert.strictEqual(lanes["scripted"]?.dropped.sampled, 9)
      assert.deepInclude(capture, { accepted: 111, filtered: 0 })
      assert.include(
        messages(other.records),
        `lane "scripted" dropped 9 records (sampled 9); log less, or give the lane more room or a spool`
      )
      yield* sink.release
      yield* runtime.close()
      assert.include(Ledger.format(runtime.reports[0]!), "110 accepted, 101 delivered, 9 dropped (sampled 9)")
    }))

  it("takes a share between none and all", () => {
    for (const sampleShare of [0, 1, -0.1, 1.5, NaN]) {
      assert.throws(() => MemorySink.make({ strategy: "sampling", sampleShare }), /sampleShare must be/)
    }
    MemorySink.make({ strategy: "sampling", sampleShare: 0.001 })
  })
})
