/** What the sink writes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { LogRecord } from "../../../src/index.ts"
import { ErrorSnapshot } from "../../../src/record/ErrorSnapshot.ts"
import { BulkBody, type Mapping } from "../../../src/sinks/elasticsearch/BulkBody.ts"
import { DatedIndex } from "../../../src/sinks/elasticsearch/DatedIndex.ts"
import { fieldsJson } from "../../../src/sinks/elasticsearch/fieldsJson.ts"
import { withTypesOf } from "../../servers/bulkMapping.ts"
import { faultOf } from "../../servers/bulkRules.ts"
import { recordsOf } from "../../support/capture.ts"

const time = Date.UTC(2026, 10, 28, 11, 30, 0, 7)

const mapping: Mapping = { annotations: "attributes", fields: {}, time: "nanos", index: undefined }

const path = "/logs-generic-default/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason"

const linesOf = (
  records: ReadonlyArray<LogRecord.LogRecord>,
  more: Partial<Mapping> = {}
): ReadonlyArray<Record<string, unknown>> => {
  const body = Buffer.from(new BulkBody({ ...mapping, ...more }).encode(records))
  assert.isUndefined(
    faultOf({ body, path: more.index === undefined ? path : path.replace("/logs-generic-default", "") })
  )
  return body.toString().trimEnd().split("\n").map((line) => JSON.parse(line))
}

const documentOf = (
  fields: Parameters<typeof LogRecord.make>[0],
  more: Partial<Mapping> = {}
): Record<string, unknown> | undefined => linesOf([LogRecord.make({ time, ...fields })], more)[1]

const refusal = new ErrorSnapshot({
  name: "CardError",
  message: "refused",
  frames: ["at pay (shop.ts:3:9)"],
  properties: { code: 51 },
  cause: new ErrorSnapshot({ name: "Error", message: "no money" })
})

describe("a document", () => {
  it.effect("ends like the others of its origin, save how long a log span has lasted", () =>
    Effect.gen(function*() {
      const one = Effect.andThen(Effect.logInfo("placed"), TestClock.adjust("10 millis"))
      const twice = Effect.annotateLogs(Effect.andThen(one, one), "order", 1)
      const records = yield* recordsOf(Effect.andThen(twice, Effect.withLogSpan(twice, "checkout")))
      const documents = linesOf(records).filter((line) => "message" in line)
      const fiber = { fiberId: records[0]?.fiberId }
      assert.deepStrictEqual(documents.map(({ attributes, effect }) => [attributes, effect]), [
        [{ order: 1 }, fiber],
        [{ order: 1 }, fiber],
        [{ order: 1 }, { ...fiber, log_spans: [{ name: "checkout", millis: 0 }] }],
        [{ order: 1 }, { ...fiber, log_spans: [{ name: "checkout", millis: 10 }] }]
      ])
    }))

  it("has the names of ECS", () => {
    const record = LogRecord.make({
      message: "order placed",
      level: "Warn",
      time,
      place: 42,
      seq: 7,
      runtimeId: "r",
      annotations: { order: 1042, user: { id: "u1" } },
      spans: { checkout: 12, "checkout.pay": 3 },
      fiberId: 5,
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331"
    })
    assert.deepStrictEqual(linesOf([record]), [
      { create: { _id: record.uid } },
      {
        "@timestamp": "2026-11-28T11:30:00.007000042Z",
        "log.level": "warn",
        message: "order placed",
        attributes: { order: 1042, user: { id: "u1" } },
        "trace.id": "0af7651916cd43dd8448eb211c80319c",
        "span.id": "b7ad6b7169203331",
        effect: { fiberId: 5, log_spans: [{ name: "checkout", millis: 12 }, { name: "checkout.pay", millis: 3 }] }
      }
    ])
  })

  it("has nothing that there is nothing of", () => {
    assert.deepStrictEqual(documentOf({ message: "a" }), {
      "@timestamp": "2026-11-28T11:30:00.007000000Z",
      "log.level": "info",
      message: "a"
    })
  })

  it("has a message that is text, whatever was logged", () => {
    const said = (message: unknown) => {
      const { data, message: text } = documentOf({ message }) ?? {}
      return [text, data]
    }
    assert.deepStrictEqual(said(7), ["7", undefined])
    assert.deepStrictEqual(said(null), ["null", undefined])
    assert.deepStrictEqual(said(["paid", { total: 12.5 }, true, { total: 3, ok: true }]), [
      "paid true",
      { total: 12.5, "total #2": 3, ok: true }
    ])
    assert.deepStrictEqual(said("line\nbreak \u2028\u0000 \ud800"), ["line\nbreak \u2028\u0000 \ufffd", undefined])
  })

  it("has the error of its cause, with all that happened", () => {
    const document = documentOf({
      message: "not paid",
      cause: [{ kind: "Interrupt", fiberId: 3 }, { kind: "Fail", error: refusal }]
    })
    assert.deepInclude(document, { message: "not paid", "error.type": "CardError", "error.message": "refused" })
    const stack = String(document?.["error.stack_trace"])
    for (const part of ["Interrupted by #3", "at pay (shop.ts:3:9)", "code: 51", "[cause]: Error: no money"]) {
      assert.include(stack, part)
    }
  })

  it("has an error that is one of its messages, and not among its objects too", () => {
    const document = documentOf({ message: ["not paid", refusal, { order: 7 }] })
    assert.deepInclude(document, {
      message: "not paid CardError: refused",
      data: { order: 7 },
      "error.type": "CardError",
      "error.message": "refused"
    })
    assert.notProperty(documentOf({ message: refusal }), "data")
  })

  it("says of what was interrupted that it was", () => {
    const document = documentOf({ message: "ended", cause: [{ kind: "Interrupt", fiberId: undefined }] })
    assert.deepInclude(document, { "error.type": "InterruptError", "error.message": "Interrupted" })
  })

  it("has fields of the program, and the annotations where they are wanted", () => {
    const document = documentOf({ message: "a", annotations: { a: 1 } }, {
      annotations: "labels",
      fields: { "service.name": "orders", host: { name: "h" } }
    })
    assert.deepInclude(document, { labels: { a: 1 }, "service.name": "orders", host: { name: "h" } })
  })

  it("has a time in milliseconds where that is wanted, and one where the record has none", () => {
    const at = (fields: { readonly time?: number; readonly place?: number }, digits: "nanos" | "millis" = "nanos") =>
      documentOf({ message: "a", ...fields }, { time: digits })?.["@timestamp"]
    assert.strictEqual(at({ place: 42 }, "millis"), "2026-11-28T11:30:00.007Z")
    assert.strictEqual(at({ place: 999_999 }), "2026-11-28T11:30:00.007999999Z")
    for (const time of [Number.NaN, Date.UTC(10_000, 0), -1e14, 1e15]) {
      assert.strictEqual(at({ time, place: 7 }), "1970-01-01T00:00:00.000Z")
    }
  })

  it("has fields of the program by names that a server takes", () => {
    assert.deepInclude(documentOf({ message: "a" }, { fields: { host: { "": 1, "a..b": 2 } } }), {
      host: { _: 1, "a._.b": 2 }
    })
  })

  it("has the annotations that its record has, when many have them and when one has", () => {
    const annotations = { a: 1 }
    const first = LogRecord.make({ message: 1, annotations, time })
    const body = new BulkBody(mapping)
    const once = Buffer.from(body.encode([first])).toString()
    assert.strictEqual(Buffer.from(body.encode([first, first])).toString(), once + once)
    assert.include(once, `"attributes":{"a":1}`)
  })
})

describe("the action of a document", () => {
  const indexOf = (pattern: string, ...times: ReadonlyArray<number>) =>
    linesOf(times.map((time, seq) => LogRecord.make({ message: "a", time, seq })), { index: new DatedIndex(pattern) })
      .flatMap(({ create }) =>
        typeof create === "object" && create !== null && "_index" in create ? [create._index] : []
      )

  it("names the index of the day, the month or the year that the record is of, in UTC", () => {
    const midnight = Date.UTC(2027, 0, 1)
    assert.deepStrictEqual(indexOf("logs-{yyyy.MM.dd}", midnight - 1, midnight, midnight - 1), [
      "logs-2026.12.31",
      "logs-2027.01.01",
      "logs-2026.12.31"
    ])
    assert.deepStrictEqual(indexOf("a-{yyyy-MM}-b-{yyyy}", midnight), ["a-2027-01-b-2027"])
  })

  it("holds an id of any letters", () => {
    const runtimeId = `a"}}\n{"index":{"_id":"b`
    assert.deepStrictEqual(linesOf([LogRecord.make({ message: "a", time, seq: 1, runtimeId })])[0], {
      create: { _id: `${runtimeId}1` }
    })
  })

  it("names an index for every time", () => {
    assert.deepStrictEqual(indexOf("logs-{yyyy.MM.dd}", Number.NaN, Infinity, 0), [
      "logs-1970.01.01",
      "logs-1970.01.01",
      "logs-1970.01.01"
    ])
  })
})

describe("the fields of an object", () => {
  const fields = (value: Readonly<Record<string, unknown>>): unknown => JSON.parse(fieldsJson(value))

  it("are as they were logged", () => {
    const plain = { a: 1, "b.c": [1, "x", null, { d: true }], e: { f: {} } }
    assert.strictEqual(fieldsJson(plain), JSON.stringify(plain))
  })

  it("have names that a server takes", () => {
    assert.deepStrictEqual(fields({ "": 1, " ": 2, "a..b": 3, ".c": 4, "d.": 5, ok: { "\n": [{ ".": 6 }] } }), {
      _: 1,
      "_ #2": 2,
      "a._.b": 3,
      "_.c": 4,
      "d._": 5,
      ok: { _: [{ "_._": 6 }] }
    })
  })

  it.each([["a..b", "a._.b"], [".c", "_.c"], ["d.", "d._"], ["\t", "_"]])(
    "have names that a server takes, also where %j is the only one that it does not",
    (name, taken) => {
      assert.deepStrictEqual(fields({ a: 1, [name]: { ok: 2 } }), { a: 1, [taken]: { ok: 2 } })
    }
  )

  it("are text where they lie too deep", () => {
    let value: unknown = "innermost"
    for (let level = 0; level < 40; level++) value = { a: value }
    let found: unknown = fields({ value })
    let depth = 0
    for (; typeof found === "object" && found !== null; depth++) found = Object.values(found)[0]
    assert.strictEqual(depth, 16)
    assert.include(String(found), "innermost")
  })

  it("are under shorter names where these lead too deep", () => {
    const names = Array.from({ length: 18 }, (_, i) => `n${i}`)
    const most = names.slice(0, 15).join(".")
    assert.deepStrictEqual(fields({ [names.join(".")]: 1, [`${most}.x`]: { y: 2 } }), {
      [`${most}.n15_n16_n17`]: 1,
      [`${most}.x`]: `{"y":2}`
    })
    assert.deepStrictEqual(fields({ a: { b: { [`${most}.x`]: 3 } } }), {
      a: { b: { [`${names.slice(0, 13).join(".")}.n13_n14_x`]: 3 } }
    })
  })

  it.each<[value: number, field: string | number]>([
    [2 ** 63 - 1024, 2 ** 63 - 1024],
    [2 ** 63, "9223372036854776000"],
    [-(2 ** 63), "-9223372036854776000"],
    [2 ** 69, "590295810358705700000"],
    [1e21, 1e21],
    [-3.4e38, -3.4e38],
    [3.5e38, "3.5e+38"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [Number.MIN_VALUE, Number.MIN_VALUE]
  ])("are numbers where a field holds them, else text: %j", (value, field) => {
    const found = fields({ a: { b: [value] }, "": value })
    assert.deepStrictEqual(found, { a: { b: [field] }, _: field })
    assert.deepStrictEqual(fields({ value }), { value: field })
    assert.instanceOf(withTypesOf({ first: field }, new Map(), "id"), Map)
  })

  it("are those of the JSON of what is more than an object", () => {
    assert.deepStrictEqual(fields({ error: refusal, "": 1 }), {
      error: {
        name: "CardError",
        message: "refused",
        stack: "CardError: refused\n    at pay (shop.ts:3:9)",
        code: 51,
        cause: { name: "Error", message: "no money" }
      },
      _: 1
    })
  })
})
