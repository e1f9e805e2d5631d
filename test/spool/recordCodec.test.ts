import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { LogEncoder, LogRecord } from "../../src/index.ts"
import { PlainObject } from "../../src/record/plainData.ts"
import { RecordOrigin } from "../../src/record/RecordOrigin.ts"
import { decodeRecords } from "../../src/spool/recordCodec.ts"
import { makeSnapshot, plain, snapshotOf } from "../support/capture.ts"
import * as Hostile from "../support/hostile.ts"
import { encodeRecords, range } from "./support.ts"

const through = (records: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<LogRecord.LogRecord> =>
  decodeRecords(encodeRecords(records), records.length)

const fieldsOf = (record: LogRecord.LogRecord): unknown => {
  const { annotations, bytes, cause, fiberId, level, message, sampled, seq, spanId, spans, time, traceId, uid } = record
  const timeNanos = String(record.timeNanos)
  return plain({
    annotations,
    bytes,
    cause,
    fiberId,
    level,
    message,
    sampled,
    seq,
    spanId,
    spans,
    time,
    timeNanos,
    traceId,
    uid
  })
}

const stub = "[record withheld: it could not be encoded]"

/** The paths to the errors in a value. */
const errorsIn = (u: unknown, path = ""): ReadonlyArray<string> => {
  if (typeof u !== "object" || u === null) return []
  const inside = Object.entries(u).flatMap(([key, value]) => errorsIn(value, `${path}/${key}`))
  return u instanceof LogRecord.ErrorSnapshot ? [path, ...inside] : inside
}

describe("the codec of records", () => {
  it.effect.prop("keeps every field of whatever a program logs", { value: Hostile.value, text: Hostile.text }, ({
    text,
    value
  }) =>
    Effect.sync(() => {
      const message = snapshotOf(value)
      const annotations = { [text]: message }
      const records = LogRecord.levels.map((level, seq) =>
        LogRecord.make({
          message,
          annotations,
          level,
          seq,
          time: 1_700_000_000_000 + seq,
          fiberId: seq,
          spans: { [text]: 1.5 },
          traceId: text,
          spanId: "s",
          sampled: [true, false, undefined][seq % 3],
          runtimeId: seq < 3 ? "first" : `${text}x`,
          place: seq,
          bytes: 10 * seq,
          cause: [
            { kind: "Fail", error: message },
            { kind: "Die", error: text },
            { kind: "Interrupt", fiberId: undefined },
            { kind: "Interrupt", fiberId: 7 }
          ]
        })
      )
      const decoded = through(records)
      assert.deepStrictEqual(decoded.map(fieldsOf), records.map(fieldsOf))
      const encoder = LogEncoder.json()
      assert.deepStrictEqual(decoded.map((each) => encoder.encode(each)), records.map((each) => encoder.encode(each)))
    }), { arbitrary: { runs: 60 } })

  it.effect.prop("keeps of neighbours what is their own", { value: Hostile.value, text: Hostile.text }, ({
    text,
    value
  }) =>
    Effect.sync(() => {
      const message = snapshotOf(value)
      const { origin } = LogRecord.make({
        message,
        annotations: { [text]: text },
        runtimeId: "r",
        spans: { [text]: 1 }
      })
      const { context, spans } = origin
      const other = new RecordOrigin("Warn", context, spans, 2, text, "s", true, "r")
      const stranger = new RecordOrigin("Warn", context, undefined, 3, undefined, undefined, undefined, "q")
      const cyclic: Record<string, unknown> = {}
      cyclic["self"] = cyclic
      const snapshot = makeSnapshot()
      const packed = range(0, 3).map((n) => snapshot.message({ [text]: value, text, n }))
      const messages = [message, text, 7, undefined, 2 ** 40, "", ...packed, null, message]
      const records = messages.flatMap((content, i) =>
        [origin, origin, other, stranger, stranger, origin].map((of, j) =>
          new LogRecord.LogRecord(
            100 * i + j,
            1_700_000_000_000 + ((i + j) >> 1),
            content,
            undefined,
            of,
            2 ** 33 * i,
            j
          )
        )
      )
      const expected = records.map(fieldsOf)
      assert.deepStrictEqual(through(records).map(fieldsOf), expected)
      const unsayable = [cyclic, { n: 1n }].map((each) => new LogRecord.LogRecord(1, 2, each, undefined, origin, 3, 4))
      const decoded = through(records.flatMap((record, i) => [record, unsayable[(i >> 1) % 2]!, record]))
      assert.deepStrictEqual(
        decoded.filter((_, i) => i % 3 !== 1).map(fieldsOf),
        expected.flatMap((each) => [each, each])
      )
      assert.isTrue(decoded.every(({ message, seq }, i) => i % 3 !== 1 || (seq === 1 && message === stub)))
    }), { arbitrary: { runs: 60 } })

  it("keeps what is not there as not there", () => {
    const [decoded] = through([LogRecord.make({ message: undefined })])
    assert.isTrue(decoded !== undefined && decoded.message === undefined && decoded.cause === undefined)
    assert.isTrue(decoded?.spans === undefined && decoded?.traceId === undefined && decoded?.spanId === undefined)
    assert.strictEqual(through([LogRecord.make({ message: null })])[0]?.message, null)
  })

  it("F85: reads the causes of records that were written before errors were marked", () => {
    const old = {
      _tag: "Oops",
      name: "Oops",
      message: "no",
      stack: "Oops: no\n    at a (b.ts:1:2)",
      id: 1,
      cause: "below"
    }
    const cause = [{ kind: "Fail", error: old }, { kind: "Die", error: { stack: 1 } }, {
      kind: "Interrupt",
      fiberId: 3
    }]
    const [decoded] = decodeRecords(`["r",0,null,1,2,2,0,1,null,null,null,${JSON.stringify(cause)},{},"m"]`, 1)
    const [first, ...others] = decoded?.cause ?? []
    assert.deepStrictEqual(first, {
      kind: "Fail",
      error: new LogRecord.ErrorSnapshot({
        tag: "Oops",
        name: "Oops",
        message: "no",
        frames: ["at a (b.ts:1:2)"],
        properties: Object.assign(new PlainObject(), { id: 1 }),
        cause: "below"
      })
    })
    assert.deepStrictEqual(plain(others), cause.slice(1))
  })

  it("F86: keeps what was an error, and what only looks like one, apart", () => {
    const like = { stack: "shop-prod", message: "ok", _tag: "Fake" }
    const error = snapshotOf(new Error("real", { cause: [like, new TypeError("deep")] }))
    const record = LogRecord.make({
      message: [like, { deep: [error] }],
      annotations: { like, error },
      cause: [{ kind: "Fail", error: like }, { kind: "Die", error }, { kind: "More", count: 3 }]
    })
    const [decoded, neighbour] = through([record, record])
    const expected = errorsIn(record.toJSON())
    assert.strictEqual(expected.length, 6)
    for (const each of [decoded, neighbour]) assert.deepStrictEqual(errorsIn(each?.toJSON()), expected)
    assert.deepStrictEqual(plain(decoded?.message), plain(record.message))
  })

  it.each<[title: string, marks: string]>([
    ["to nothing", "[[0,8,7,\"error\"],[0,99],[0,\"x\"],[1,10],[0]]"],
    ["nowhere", "[7,null,[],{},[0,10,\"__proto__\"],[1,9,\"constructor\"]]"]
  ])("passes over marks that lead %s", (_, marks) => {
    const decoded = decodeRecords(`[${marks},"r",0,null,1,2,2,0,1,null,null,null,null,{},"m"]`, 1)
    assert.deepStrictEqual(decoded.map(({ message }) => message), ["m"])
  })

  it("takes keys like __proto__ for data", () => {
    const message: unknown = JSON.parse(`{"__proto__":{"polluted":true},"constructor":1}`)
    const [decoded] = through([LogRecord.make({ message: snapshotOf(message) })])
    const copy = decoded?.message
    assert.isTrue(typeof copy === "object" && copy !== null)
    assert.deepStrictEqual(Object.keys(copy ?? {}), ["__proto__", "constructor"])
    assert.isFalse("polluted" in {})
    assert.isUndefined(Object.getOwnPropertyDescriptor(Object.prototype, "polluted"))
  })

  it("shares the annotations of neighbours", () => {
    const { origin } = LogRecord.make({ message: "a", annotations: { a: 1 } })
    const of = (seq: number): LogRecord.LogRecord => new LogRecord.LogRecord(seq, 0, "m", undefined, origin, 1, 0)
    const [first, second] = through([of(1), of(2)])
    assert.deepStrictEqual(plain(second?.annotations), { a: 1 })
    assert.strictEqual(first?.annotations, second?.annotations)
  })

  it("puts a stub in place of a record that JSON cannot hold", () => {
    const cyclic: Record<string, unknown> = {}
    cyclic["self"] = cyclic
    const decoded = through([
      LogRecord.make({ seq: 1, message: cyclic }),
      LogRecord.make({ seq: 2, message: "m", annotations: { n: 1n } }),
      LogRecord.make({ seq: 3, message: "fine" })
    ])
    assert.deepStrictEqual(decoded.map((each) => each.seq), [1, 2, 3])
    assert.deepStrictEqual(decoded.map((each) => each.message), [stub, stub, "fine"])
  })

  it.each([
    ["no JSON", "{"],
    ["no array", "{}"],
    ["an unknown level", `["r",0,null,1,2,9,0,1,null,null,null,null,{},"m"]`],
    ["a text for a number", `["r",0,null,"1",2,2,0,1,null,null,null,null,{},"m"]`],
    ["no annotations", `["r",0,null,1,2,2,0,1,null,null,null,null,null,"m"]`],
    ["annotations of a record that is not there", `["r",0,null,1,2,2,0,1,null,null,null,null,1,"m"]`],
    ["no identity", `[1,2,2,0,1,null,null,null,null,{},"m"]`],
    ["the identity of a record that is not there", `["",0,null,1,2,2,0,1,null,null,null,null,{},"m"]`],
    ["nothing", ""],
    ["very deep nesting", `["r",0,null,1,2,2,0,1,null,null,null,null,{},${"[".repeat(200_000)}${"]".repeat(200_000)}]`]
  ])("leaves out a record that is %s", (_, line) => {
    const good = encodeRecords([LogRecord.make({ seq: 5, message: "m" })])
    const decoded = decodeRecords(`${line}\n${good}`, 2)
    assert.deepStrictEqual(decoded.map((each) => each.seq), [5])
  })

  it("gives no more records than the header says", () => {
    const text = encodeRecords([LogRecord.make({ message: 1 }), LogRecord.make({ message: 2 })])
    assert.strictEqual(decodeRecords(text, 1).length, 1)
    assert.strictEqual(decodeRecords(text, 2, 1)[0]?.message, 2)
  })
})
