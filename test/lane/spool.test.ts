import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, vi } from "@effect/vitest"
import { Clock, Deferred, Duration, Effect, FileSystem, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, LogRecord, ScriptedSink } from "../../src/index.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { directory, open } from "../support/spooledLanes.ts"

const { fail, gate, hang, succeed, unavailable } = ScriptedSink

const everySecond = Schedule.spaced("1 second")

describe("a lane with a spool", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("overflow: what memory cannot hold waits on disk, in order, and nothing is dropped", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const sink = ScriptedSink.make({ script: [gate], capacity: 100, maxBatchSize: 20, spool })
        const { lane, offer } = yield* open(sink)
        offer(0, 20)
        yield* sink.started(1)
        for (let from = 20; from < 1000; from += 70) {
          offer(from, Math.min(1000, from + 70))
          yield* settle
        }
        assert.isAbove(lane.books().spooled, 500)
        assert.strictEqual(Ledger.total(lane.books().dropped), 0)
        yield* sink.release
        while (lane.books().delivered < 1000) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, 1000))
      }))

    for (const mode of ["always", "overflow"] as const) {
      it.effect(`${mode}: a lane is not outrun by a program that logs more in a turn than its pace sends at once`, () =>
        Effect.gen(function*() {
          const spool = { directory: yield* directory, mode, fsync: "never" } as const
          const sink = ScriptedSink.make({ otherwise: gate, capacity: 400, maxBatchSize: 320, spool })
          const { lane, offer } = yield* open(Object.assign(sink, { pace: { slice: 5, full: 20 } }))
          const left: Array<number> = []
          for (let turn = 0; turn < 40; turn++) {
            offer(100 * turn, 100 * (turn + 1))
            yield* settle
            if (turn < 10) continue
            // What is sent in a turn is one batch.
            yield* sink.release
            yield* settle
            left.push(lane.books().spooled + lane.books().queued)
          }
          assert.isAbove(left[0]!, 600, "something has been left behind")
          assert.isBelow(left.at(-1)!, 250)
          assert.strictEqual(Ledger.total(lane.books().dropped), 0)
          assert.deepStrictEqual(messages(sink.delivered), numbers(0, sink.delivered.length))
        }))
    }

    it.effect("overflow: the batch that is being written goes to disk ahead of the queue behind it", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const options = { otherwise: hang, capacity: 20, maxBatchSize: 4, spool } as const
        const first = yield* open(ScriptedSink.make(options))
        first.offer(0, 4)
        yield* settle
        first.offer(4, 22)
        yield* settle
        assert.strictEqual(first.end().spooled, 22)
        const sink = ScriptedSink.make({ ...options, otherwise: succeed })
        const { lane } = yield* open(sink)
        while (lane.books().delivered < 22) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, 22))
      }))

    it.effect("overflow: an outage that outlasts memory does not change the order", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const script = Array.from({ length: 8 }, () => unavailable)
        const sink = ScriptedSink.make({
          script,
          capacity: 20,
          maxBatchSize: 4,
          retry: everySecond,
          breaker: false,
          spool
        })
        const { lane, offer } = yield* open(sink)
        offer(0, 4)
        yield* settle
        offer(4, 22)
        for (let second = 0; second < 60; second++) yield* TestClock.adjust("1 second")
        yield* lane.flush
        while (lane.books().delivered < 22) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, 22))
      }))

    it.effect("always: when a full spool has room again, what it could not take is on disk before it is sent", () =>
      Effect.gen(function*() {
        const spool = {
          directory: yield* directory,
          mode: "always",
          strategy: "dropping",
          maxBytes: 8192,
          segmentBytes: 4096
        } as const
        const sink = ScriptedSink.make({ script: [gate], maxBatchSize: 10, batchWindow: "1 hour", spool })
        const { lane, offer } = yield* open(sink)
        let offered = 0
        while (lane.books().inFlight <= 10 && offered < 500) {
          offer(offered, offered += 10)
          yield* settle
        }
        offer(offered, offered += 3)
        yield* settle
        assert.strictEqual(lane.books().queued, 3, "the spool is full")
        yield* sink.release
        for (let turn = 0; turn < 50; turn++) yield* settle
        assert.strictEqual(lane.books().delivered, offered)
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, offered))
      }))

    it.effect("a full spool takes records again as soon as a part of it is delivered", () =>
      Effect.gen(function*() {
        const spool = {
          directory: yield* directory,
          mode: "overflow",
          strategy: "dropping",
          maxBytes: 16_384,
          segmentBytes: 4096
        } as const
        const sink = ScriptedSink.make({ otherwise: gate, capacity: 20, maxBatchSize: 10, spool })
        const { lane, offer } = yield* open(sink)
        let offered = 0
        while (lane.books().dropped.queue_full === 0) {
          offer(offered, offered += 10)
          yield* settle
        }
        const before = lane.books()
        while (lane.books().spooled > before.spooled / 2) {
          yield* sink.release
          yield* settle
        }
        yield* TestClock.adjust("1 second")
        yield* settle
        for (let i = 0; i < 3; i++) {
          offer(offered, offered += 10)
          yield* settle
        }
        assert.strictEqual(lane.books().dropped.queue_full, before.dropped.queue_full)
        assert.isAbove(lane.books().spooled, 0)
      }))

    it.effect("always: every record is on disk before it is sent", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always" } as const
        const sink = ScriptedSink.make({ otherwise: hang, maxBatchSize: 5, spool })
        const first = yield* open(sink)
        first.offer(0, 12)
        yield* settle
        assert.strictEqual(first.lane.books().queued, 0)
        const books = first.end()
        assert.strictEqual(books.spooled, 12)
        assert.strictEqual(Ledger.total(books.dropped), 0)
      }))

    it.effect("always: what is sent soon is not read from disk, and what waits longer leaves memory", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always" } as const
        const sink = ScriptedSink.make({ script: [succeed, gate], maxBatchSize: 5, spool })
        const { lane, offer } = yield* open(sink)
        const made = (seq: number): LogRecord.LogRecord => LogRecord.make({ seq, message: seq, bytes: 100 })
        const first = made(1)
        lane.inlet.offer(first, 2)
        while (lane.books().delivered < 1) yield* Effect.yieldNow
        assert.strictEqual(sink.delivered[0], first)
        offer(2, 3)
        yield* settle
        const last = made(3)
        lane.inlet.offer(last, 2)
        yield* settle
        yield* TestClock.adjust("1 second")
        yield* sink.release
        while (lane.books().delivered < 3) yield* Effect.yieldNow
        assert.strictEqual(sink.delivered[2]?.uid, last.uid)
        assert.notStrictEqual(sink.delivered[2], last)
      }))

    it.effect("F62: what is left on disk is delivered by the next process first, with its identity and time", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const before = yield* open(ScriptedSink.make({ otherwise: hang, maxBatchSize: 10, spool }))
        before.offer(0, 25)
        yield* settle
        assert.strictEqual(before.end().spooled, 25)
        const sink = ScriptedSink.make({ maxBatchSize: 10, spool })
        const after = yield* open(sink)
        assert.strictEqual(after.lane.books().recovered, 25)
        after.offer(25, 40)
        while (after.lane.books().delivered < 40) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, 40))
        assert.deepStrictEqual(
          sink.delivered.map(({ seq, time }) => time - seq),
          Array.from({ length: 40 }, () => 1000)
        )
        after.end()
        const third = yield* open(ScriptedSink.make({ spool }))
        assert.strictEqual(third.lane.books().recovered, 0, "nothing is left")
      }))

    it.effect("overflow: in a long outage the oldest batch waits on disk too, and nothing is given up", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const sink = ScriptedSink.make({
          script: Array.from({ length: 12 }, () => unavailable),
          maxBatchSize: 4,
          retry: everySecond.pipe(Schedule.upTo({ times: 3 })),
          breaker: false,
          spool
        })
        const { lane, offer } = yield* open(sink)
        offer(0, 10)
        yield* settle
        for (let i = 0; i < 40; i++) {
          yield* TestClock.adjust("10 seconds")
          yield* settle
        }
        while (lane.books().delivered < 10) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, 10))
      }))

    it.effect("F81: a drain against a failing sink uses its time and leaves everything on disk, in order", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const sink = ScriptedSink.make({ otherwise: unavailable, maxBatchSize: 4, batchWindow: "1 hour", spool })
        const { end, lane, offer } = yield* open(sink)
        offer(0, 30)
        lane.beginDrain(4500)
        yield* TestClock.adjust(4500)
        yield* lane.drainDone
        const books = end()
        assert.strictEqual(books.spooled, 30)
        assert.strictEqual(Ledger.total(books.dropped), 0)
        assert.isAtLeast(sink.writes.length, 10)
        const next = ScriptedSink.make({ maxBatchSize: 4, spool })
        const second = yield* open(next)
        while (second.lane.books().delivered < 30) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(next.delivered), numbers(0, 30))
      }))

    it.effect("a drain that puts everything on disk leaves no other worker an empty batch to write", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const options = { otherwise: hang, concurrency: 2, maxBatchSize: 4, writeTimeout: "5 seconds", spool } as const
        const sink = ScriptedSink.make(options)
        const { end, lane, offer } = yield* open(sink)
        offer(0, 8)
        yield* sink.started(2)
        lane.beginDrain(5050)
        yield* TestClock.adjust("30 seconds")
        assert.deepStrictEqual(sink.writes.map(({ length }) => length), [4, 4, 4])
        yield* lane.drainDone
        assert.strictEqual(end().spooled, 8)
      }))

    it.effect("F60: a full spool drops its oldest records, counted as spool_full", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow", maxBytes: 16_384, segmentBytes: 4096 } as const
        const sink = ScriptedSink.make({ script: [gate], capacity: 50, maxBatchSize: 10, spool })
        const { lane, offer } = yield* open(sink)
        offer(0, 10)
        yield* sink.started(1)
        for (let from = 10; from < 1000; from += 40) {
          offer(from, Math.min(1000, from + 40))
          yield* settle
        }
        assert.isAbove(lane.books().dropped.spool_full, 0)
        yield* sink.release
        while (lane.books().spooled + lane.books().inFlight + lane.books().queued > 0) yield* Effect.yieldNow
        const delivered = sink.delivered.map(({ seq }) => seq)
        assert.deepStrictEqual(delivered, delivered.toSorted((a, b) => a - b))
        assert.strictEqual(delivered.length + lane.books().dropped.spool_full, 1000)
      }))

    it.effect("a batch that a full spool drops while it is written is not called spooled when the lane ends", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always", maxBytes: 8192, segmentBytes: 4096 } as const
        const first = yield* open(ScriptedSink.make({ otherwise: hang, maxBatchSize: 10, spool }))
        for (let from = 0; from < 500; from += 10) {
          first.offer(from, from + 10)
          yield* settle
        }
        const books = first.end()
        assert.isAbove(books.dropped.spool_full, 0)
        assert.strictEqual(books.dropped.unconfirmed, 10)
        const second = yield* open(ScriptedSink.make({ otherwise: hang, spool }))
        assert.strictEqual(second.lane.books().recovered, books.spooled)
      }))

    it.effect("at the end of a lane what stays on disk does not make room for what is queued", () =>
      Effect.gen(function*() {
        for (let filled = 40; filled < 200; filled += 10) {
          const spool = { directory: yield* directory, mode: "always", maxBytes: 8192, segmentBytes: 4096 } as const
          const first = yield* open(ScriptedSink.make({ otherwise: hang, maxBatchSize: 10, spool }))
          first.offer(0, filled)
          yield* settle
          first.offer(filled, filled + 40)
          const { spooled } = first.end()
          const second = yield* open(ScriptedSink.make({ otherwise: hang, spool }))
          assert.strictEqual(second.lane.books().recovered, spooled, `with ${filled} records on disk before`)
        }
      }))

    it.effect("at the end of a lane what stays on disk does not make room for what another worker holds", () =>
      Effect.gen(function*() {
        for (let filled = 40; filled < 200; filled += 2) {
          const spool = { directory: yield* directory, mode: "overflow", maxBytes: 8192, segmentBytes: 4096 } as const
          const options = { capacity: 20, concurrency: 2, maxBatchSize: 10, spool } as const
          const sink = ScriptedSink.make({ ...options, script: [gate], otherwise: hang })
          const first = yield* open(sink)
          first.offer(0, 10)
          yield* settle
          first.offer(10, 20)
          yield* settle
          for (let from = 20; from < filled; from += 2) {
            first.offer(from, from + 2)
            yield* settle
          }
          yield* sink.release
          yield* settle
          const { spooled } = first.end()
          const second = yield* open(ScriptedSink.make({ ...options, otherwise: hang }))
          assert.strictEqual(second.lane.books().recovered, spooled, `with ${filled} records offered`)
        }
      }))

    it.effect("F38: what a lane has put on disk because its sink is closed is not sent by another worker", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const script = [fail({ _tag: "Closed" })]
        const { end, lane, offer } = yield* open(
          ScriptedSink.make({ script, otherwise: unavailable, concurrency: 2, spool })
        )
        yield* settle
        offer(0, 5)
        yield* lane.drainDone
        assert.strictEqual(lane.books().spooled, 5)
        assert.strictEqual(end().spooled, 5)
      }))

    it.effect("a spool that cannot be opened leaves the lane with its memory, and says so", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = `${yield* directory}/file`
        yield* fs.writeFileString(path, "not a folder")
        const sink = ScriptedSink.make({ spool: { directory: path, mode: "always" } })
        const { lane, lines, offer } = yield* open(sink)
        offer(0, 3)
        yield* lane.flush
        assert.strictEqual(lane.books().delivered, 3)
        assert.match(lines[0] ?? "", /the spool cannot be opened, the lane has none/)
      }))

    it.effect("a spool whose code cannot be loaded leaves the lane with its memory, and says so", () =>
      Effect.gen(function*() {
        vi.doMock("../../src/lane/openSpool.ts", () => Promise.reject(new Error("the package is gone")))
        yield* Effect.addFinalizer(() => Effect.sync(() => vi.doUnmock("../../src/lane/openSpool.ts")))
        const sink = ScriptedSink.make({ spool: { directory: yield* directory, mode: "always" } })
        const { lane, lines, offer } = yield* open(sink)
        offer(0, 3)
        yield* lane.flush
        assert.strictEqual(lane.books().delivered, 3)
        assert.match(lines[0] ?? "", /the spool cannot be opened, the lane has none: its code cannot be loaded/)
      }))

    it.effect("the process's end puts everything on disk", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const { lane, offer } = yield* open(ScriptedSink.make({ otherwise: hang, maxBatchSize: 5, spool }))
        offer(0, 12)
        yield* settle
        lane.writeLeft(() => assert.fail("the last resort is for lanes without a spool"), () => true)
        assert.strictEqual(lane.books().spooled, 12)
      }))

    it.effect("what makes it durable ends with the lane", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always" } as const
        const maintained = yield* Deferred.make<void>()
        const ended = yield* Deferred.make<void>()
        const clock = yield* Clock.Clock
        const watched: Clock.Clock = Object.assign(Object.create(clock), {
          sleep: (duration: Duration.Duration) =>
            Duration.toMillis(duration) !== 500
              ? clock.sleep(duration)
              : Deferred.succeed(maintained, undefined).pipe(
                Effect.andThen(Effect.never),
                Effect.onInterrupt(() => Deferred.succeed(ended, undefined))
              )
        })
        const { end, offer } = yield* Effect.provideService(open(ScriptedSink.make({ spool })), Clock.Clock, watched)
        offer(0, 3)
        yield* Deferred.await(maintained)
        end()
        yield* Deferred.await(ended)
      }))
  })
})
