import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, type Cause, Effect, Fiber, Queue, Schema } from "effect"
import { LogRecord } from "../../src/index.ts"
import { LaneQueue } from "../../src/lane/LaneQueue.ts"

const bounds = { capacity: 2000, maxBytes: 150_000 }

const record = (seq: number, bytes: number): LogRecord.LogRecord => LogRecord.make({ seq, message: seq, bytes })
const seqs = (records: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<number> => records.map(({ seq }) => seq)
const bytesOf = (records: ReadonlyArray<LogRecord.LogRecord>): number =>
  records.reduce((sum, { bytes }) => sum + bytes, 0)

/** Offers a record as a lane does. */
const enters = (queue: LaneQueue, record: LogRecord.LogRecord, urgent: boolean): boolean =>
  !queue.reserves(record.bytes, urgent) && queue.offer(record)

const step = Schema.Struct({
  kind: Schema.Literals(["offer", "offer", "offer", "takeOldest", "takeBatch", "takeAll", "resize", "watch"]),
  urgent: Schema.Boolean,
  count: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3000 })),
  bytes: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 }))
})

describe("the queue of a lane", () => {
  it.effect.prop(
    "gives records in the order they came, within its bounds, whatever is taken when",
    { steps: Arbitrary.array(Arbitrary.schema(step), { minLength: 1, maxLength: 20 }) },
    ({ steps }) =>
      Effect.gen(function*() {
        const queue = yield* LaneQueue.make(bounds)
        let { capacity, maxBytes } = bounds
        let isWatched = false
        let expected: Array<LogRecord.LogRecord> = []
        let next = 0
        let taken = 0
        let bytesInside = 0
        const leaves = (count: number): ReadonlyArray<number> => {
          const left = expected.slice(0, count)
          expected = expected.slice(count)
          taken += left.length
          bytesInside -= bytesOf(left)
          return seqs(left)
        }
        const hasRoomFor = (bytes: number, urgent: boolean): boolean =>
          expected.length < (urgent ? capacity : capacity - Math.floor(capacity / 10)) &&
          bytesInside + bytes <= (urgent ? maxBytes : maxBytes - Math.floor(maxBytes / 10))
        for (const { bytes, count, kind, urgent } of steps) {
          switch (kind) {
            case "offer":
              for (let i = 0; i < count; i++) {
                const fits = hasRoomFor(bytes, urgent)
                const offered = record(next++, bytes)
                assert.strictEqual(enters(queue, offered, urgent), fits)
                if (!fits) break
                expected.push(offered)
                bytesInside += bytes
              }
              break
            case "takeOldest":
              for (let i = 0; i < Math.min(count, 50); i++) {
                assert.strictEqual(queue.takeOldest()?.seq, leaves(1)[0])
              }
              break
            case "takeBatch": {
              const batch = queue.takeBatch(count, 50 * bytes)
              assert.isAtMost(batch.length, count)
              assert.isBelow(bytesOf(batch.slice(0, -1)), 50 * bytes)
              assert.isTrue(batch.length === Math.min(count, expected.length) || bytesOf(batch) >= 50 * bytes)
              assert.deepStrictEqual(seqs(batch), leaves(batch.length))
              break
            }
            case "resize":
              capacity = 1 + count
              maxBytes = 1000 * bytes
              queue.resize({ capacity, maxBytes })
              break
            case "watch":
              isWatched = urgent
              queue.isWatched = isWatched
              break
            case "takeAll":
              assert.deepStrictEqual(seqs(queue.takeAll()), leaves(expected.length))
          }
          assert.strictEqual(queue.hasRoomFor(bytes), hasRoomFor(bytes, false) && !isWatched)
          assert.strictEqual(queue.hasRoom, hasRoomFor(1, false))
          assert.strictEqual(queue.size, expected.length)
          assert.strictEqual(queue.bytes, bytesInside)
          assert.strictEqual(queue.taken, taken)
          assert.deepStrictEqual(seqs(queue.slice(1, 4)), seqs(expected.slice(1, 4)))
        }
      }),
    { arbitrary: { runs: 100 } }
  )

  it.effect("takes no offer once it is ended, and gives what is inside", () =>
    Effect.gen(function*() {
      const queue = yield* LaneQueue.make({ capacity: 10, maxBytes: 1000 })
      for (let i = 0; i < 5; i++) assert.isTrue(queue.offer(record(i, 10)))
      queue.end()
      assert.isFalse(queue.hasRoomFor(1))
      assert.isFalse(queue.offer(record(5, 10)))
      assert.strictEqual(queue.refusal, "closed")
      assert.strictEqual(queue.takeOldest()?.seq, 0)
      assert.deepStrictEqual(seqs(queue.takeBatch(2, 1000)), [1, 2])
      assert.deepStrictEqual(seqs(queue.takeAll()), [3, 4])
      assert.deepStrictEqual(queue.takeAll(), [])
      assert.isUndefined(queue.takeOldest())
      assert.isFalse(queue.offer(record(6, 10)))
      assert.strictEqual(queue.refusal, "closed")
    }))

  it.effect("names the bound that a record met", () =>
    Effect.gen(function*() {
      const full = yield* LaneQueue.make({ capacity: 10, maxBytes: 1000 })
      for (let i = 0; i < 9; i++) assert.isTrue(enters(full, record(i, 10), false))
      assert.isTrue(full.reserves(10, false))
      assert.strictEqual(full.lacks(10, false), "queue_full")
      assert.isTrue(enters(full, record(9, 10), true))
      assert.isFalse(full.reserves(10, true), "the bound of what is urgent is that of Effect's queue")
      assert.isFalse(full.offer(record(10, 10)))
      assert.strictEqual(full.refusal, "queue_full")
      const heavy = yield* LaneQueue.make({ capacity: 10, maxBytes: 1000 })
      assert.isTrue(heavy.reserves(901, false))
      assert.strictEqual(heavy.lacks(901, false), "bytes_full")
      assert.isTrue(enters(heavy, record(0, 901), true))
      assert.isTrue(heavy.reserves(100, true))
      assert.strictEqual(heavy.lacks(100, true), "bytes_full")
    }))

  it.effect("keeps no record alive that was taken", () =>
    Effect.gen(function*() {
      const queue = yield* LaneQueue.make({ capacity: 200, maxBytes: 1_000_000 })
      for (let i = 0; i < 100; i++) queue.offer(record(i, 10))
      queue.takeBatch(50, Infinity)
      queue.takeOldest()
      const seen = new Set<unknown>()
      const walk = (u: unknown): void => {
        if (typeof u !== "object" || u === null || seen.has(u)) return
        seen.add(u)
        for (const value of Object.values(u)) walk(value)
      }
      walk(queue)
      const alive = [...seen].filter((each) => each instanceof LogRecord.LogRecord)
      assert.deepStrictEqual(alive.map(({ seq }) => seq), seqs(queue.slice(0, 100)))
      assert.strictEqual(alive.length, 49)
    }))

  it.effect("counts what is inside, or gone, although the call that put or took it was cut off", () =>
    Effect.gen(function*() {
      const inner = yield* Queue.dropping<LogRecord.LogRecord, Cause.Done>(10)
      const queue = new LaneQueue(inner, 1000)
      // A call that is cut off where its work is done, as by a stack that is full.
      const cutOff = { scheduleTask: () => assert.fail("cut off"), flush: () => {} }
      const taker = yield* Effect.forkChild(Queue.take(inner), { startImmediately: true })
      Object.assign(inner, { dispatcher: cutOff })
      assert.isTrue(queue.offer(record(0, 100)))
      assert.strictEqual(queue.size, 1)
      assert.strictEqual(queue.bytes, 100)
      yield* Fiber.interrupt(taker)
      assert.strictEqual(queue.takeOldest()?.seq, 0)
      assert.strictEqual(queue.size + queue.bytes, 0)
      assert.strictEqual(queue.entered, 1)
    }))

  it.effect("keeps no place for what has left, in a lane whose backlog never ends", () =>
    Effect.gen(function*() {
      const inner = yield* Queue.dropping<LogRecord.LogRecord, Cause.Done>(1000)
      const queue = new LaneQueue(inner, 1_000_000)
      let next = 0
      let taken = 0
      let places = 0
      for (let round = 0; round < 1000; round++) {
        while (queue.size < 300) assert.isTrue(queue.offer(record(next++, 10)))
        for (const { seq } of queue.takeBatch(200, Infinity)) assert.strictEqual(seq, taken++)
        let held = 0
        for (let bucket = inner.messages.head; bucket !== undefined; bucket = bucket.next) held += bucket.array.length
        places = Math.max(places, held)
      }
      assert.isAbove(next, 200_000)
      assert.isBelow(places, 10_000)
    }))
})
