import { assert, describe, it } from "@effect/vitest"
import { Effect, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { Sequence } from "../../src/capture/Sequence.ts"
import { Logging, LogRecord } from "../../src/index.ts"
import { shortenRecord } from "../../src/lane/shortenRecord.ts"
import { mostPlaces } from "../../src/record/identity.ts"
import { recordsOf } from "../support/capture.ts"

describe("the uid of a record", () => {
  it.effect("is another one for every record of every runtime", () =>
    Effect.gen(function*() {
      const program = Effect.gen(function*() {
        for (let i = 0; i < 100; i++) yield* Effect.logInfo("alike")
        const { logger } = yield* Logging.Logging
        logger.warn("outside")
      })
      const runtimes = yield* Effect.forEach([1, 2, 3, 4], () => recordsOf(program))
      const uids = runtimes.flat().map(({ uid }) => uid)
      assert.strictEqual(uids.length, 404)
      assert.strictEqual(new Set(uids).size, uids.length)
      for (const uid of uids) assert.match(uid, /^[A-Za-z0-9_-]{17,26}$/)
    }))

  it("has 26 characters at most, for 10^15 records", () => {
    const longest = LogRecord.make({ message: "m", runtimeId: "r".repeat(16), seq: 10 ** 15 })
    assert.strictEqual(longest.uid.length, 26)
  })

  it("stays when a record is shortened, and is part of it as an object", () => {
    const record = LogRecord.make({
      message: "m".repeat(100_000),
      annotations: { long: "a".repeat(100_000) },
      runtimeId: "a",
      seq: 35,
      place: 7,
      time: 3,
      sampled: true
    })
    assert.strictEqual(record.uid, "az")
    const short = shortenRecord(record)
    assert.isBelow(String(short.message).length, 5000)
    assert.deepStrictEqual([short.uid, short.timeNanos, short.sampled], [record.uid, record.timeNanos, true])
    assert.strictEqual(record.toJSON()["uid"], "az")
  })

  it.effect("stays when its annotations are shortened", () =>
    Effect.gen(function*() {
      const long = "a".repeat(10_000)
      const [record] = yield* recordsOf(Effect.annotateLogs(Effect.logInfo("m"), { long }))
      const short = shortenRecord(record!)
      assert.notStrictEqual(short.annotations["long"], long)
      assert.strictEqual(short.uid, record!.uid)
    }))

  it("makes the name of a batch: the same for the same records in their order", () => {
    const batch = Array.from({ length: 9 }, (_, seq) => LogRecord.make({ message: "m", seq }))
    const id = LogRecord.batchId(batch)
    assert.match(id, /^[A-Za-z0-9_-]{22}$/)
    assert.strictEqual(LogRecord.batchId([...batch]), id)
    const others = [batch.slice(0, 4), batch.slice(4), batch.toReversed(), [...batch, batch[0]!], []]
    const ids = [id, ...others.map(LogRecord.batchId)]
    assert.strictEqual(new Set(ids).size, ids.length)
    assert.strictEqual(LogRecord.batchId(batch.map((record) => shortenRecord(record))), id)
  })
})

describe("the time of a record in nanoseconds", () => {
  it.effect("is its millisecond and its place in it, and rises with every record", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(Effect.gen(function*() {
        for (let i = 0; i < 3; i++) {
          yield* Effect.logInfo("text")
          yield* Effect.logInfo({ an: "object" })
          const { logger } = yield* Logging.Logging
          logger.info("outside")
          yield* TestClock.adjust("1 millis")
        }
      }))
      const expected = [0n, 1n, 2n].flatMap((millis) => [0n, 1n, 2n].map((place) => millis * 1_000_000n + place))
      assert.deepStrictEqual(records.map(({ timeNanos }) => timeNanos), expected)
    }))

  it("is there whatever the time of a record is", () => {
    const nanos = [12.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15].map((time) =>
      LogRecord.make({ message: "m", time, place: 3 }).timeNanos
    )
    assert.deepStrictEqual(nanos, [12_000_003n, -999_997n, 0n, 0n, 8_640_000_000_000_000_000_003n])
  })

  it("has a place for a million records of a millisecond; those after them share the last", () => {
    const sequence = new Sequence()
    for (let i = 0; i < mostPlaces + 2; i++) sequence.next(5)
    assert.strictEqual(sequence.place, mostPlaces - 1)
    assert.strictEqual(sequence.seq, mostPlaces + 2)
    sequence.next(6)
    assert.strictEqual(sequence.place, 0)
    assert.isBelow(
      Number(LogRecord.make({ message: "m", time: 5, place: mostPlaces - 1 }).timeNanos),
      Number(LogRecord.make({ message: "m", time: 6 }).timeNanos)
    )
  })
})

describe("whether a trace is sampled", () => {
  it.effect.each([[true], [false]])("is captured beside its ids: %s", ([sampled]) =>
    Effect.gen(function*() {
      const parent = Tracer.externalSpan({ traceId: "1".repeat(32), spanId: "2".repeat(16), sampled })
      const [record] = yield* recordsOf(Effect.logInfo("traced").pipe(Effect.withParentSpan(parent)))
      assert.deepStrictEqual([record?.traceId, record?.sampled], ["1".repeat(32), sampled])
    }))

  it.effect("is not said outside of a span", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(Effect.logInfo("plain"))
      assert.isUndefined(record?.sampled)
      assert.isFalse(JSON.stringify(record).includes("sampled"))
    }))
})
