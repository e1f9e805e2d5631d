import { assert, describe, it } from "@effect/vitest"
import { Cause, Schema } from "effect"
import { emptyContext, extended, extendedOnce } from "../../src/capture/attributes.ts"
import { JsonRenderer } from "../../src/encode/JsonRenderer.ts"
import { JsonShape } from "../../src/encode/JsonShape.ts"
import { LogEncoder, LogRecord } from "../../src/index.ts"
import { LogSpans } from "../../src/record/LogSpans.ts"
import { type RecordContext, RecordOrigin } from "../../src/record/RecordOrigin.ts"
import { makeSnapshot } from "../support/capture.ts"

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)

const shapes: ReadonlyArray<LogEncoder.JsonOptions> = [
  {},
  { annotations: "flat", uid: true, fields: { message: "größe\u2028", spans: "\u007f", traceId: "日本" } },
  { fields: { spans: false, annotations: false }, time: "millis" },
  { message: "text", level: "pino", cause: "structured", fields: { annotations: "\ud800", timestamp: false } },
  { annotations: "flat", fields: { fiberId: false, level: false, timestamp: false } }
]

const snapshot = makeSnapshot()
const reset = () => {
  snapshot.reset()
  return snapshot
}
const bound = extended(emptyContext, { order: 1, path: "/é\u2028" }, reset())
const spans: ReadonlyArray<Record<string, number> | undefined> = [
  undefined,
  { request: 5 },
  { "\u2028\"": -7, outer: 10.5 },
  { level: 2 ** 40 }
]
const messages = ["placed", "größer\u007f", 3, { order: 1 }, ["a", { b: [1] }], "x".repeat(60)]
const times = [1000, 1000, 1001, 999.5, 1700000000123]

/** Origins as the fibers of a program have them, many of which share a context. */
const origins = (): ReadonlyArray<RecordOrigin> =>
  Array.from({ length: 16 }, (_, i) => {
    const contexts: ReadonlyArray<RecordContext> = [
      bound,
      emptyContext,
      extendedOnce(bound, { user: 1 }, reset()),
      extendedOnce(bound, { level: "gold" }, reset())
    ]
    const durations = spans[(i >> 2) % spans.length]
    const id = i % 5 === 0 ? "t\u0085" : undefined
    return new RecordOrigin(
      LogRecord.levels[i % 3] ?? "Info",
      contexts[i % contexts.length] ?? bound,
      durations && new LogSpans(durations, 1000),
      i % 3,
      id,
      id,
      undefined,
      "r"
    )
  })

const picks = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000 }))).check(
  Schema.isMaxLength(60)
)

/** The bytes that are held by an object, whoever holds them in it. */
const bytesIn = (holder: object): number => {
  const seen = new Set<unknown>()
  let bytes = 0
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return
    seen.add(value)
    if (ArrayBuffer.isView(value)) visit(value.buffer)
    else if (value instanceof ArrayBuffer) bytes += value.byteLength
    else Object.values(value).forEach(visit)
  }
  visit(holder)
  return bytes
}

describe("what a batch took that is unusually large", () => {
  it("is given back with the next one, also where records had much in common", () => {
    const renderer = new JsonRenderer(new JsonShape())
    const own = (seq: number, message: string): LogRecord.LogRecord => {
      const context = extendedOnce(bound, { user: seq }, reset())
      const origin = new RecordOrigin("Info", context, undefined, 1, undefined, undefined, undefined, "r")
      return new LogRecord.LogRecord(seq, 0, message, undefined, origin, 0, 0)
    }
    const alike = Array.from({ length: 10 }, (_, seq) => LogRecord.make({ message: "placed", seq }))
    const like = alike.map(({ seq }) => new LogRecord.LogRecord(seq, 0, "placed", undefined, alike[0]!.origin, 0, 0))
    const large = own(0, "x".repeat(16 * 1024 * 1024))
    renderer.lines([large, own(1, "a"), own(2, "b"), ...like])
    renderer.lines([])
    assert.isBelow(bytesIn(renderer), 1024 * 1024)
  })
})

describe("records of one fiber, each with attributes of its own", () => {
  it("end with the ids that each has", () => {
    const ids: ReadonlyArray<readonly [traceId: string | undefined, spanId: string | undefined]> = [
      [undefined, undefined],
      [undefined, "s1"],
      ["t1", undefined],
      [undefined, undefined],
      ["t2", "s2"],
      [undefined, "s3"]
    ]
    const records = ids.map(([traceId, spanId], seq) => {
      const context = extendedOnce(bound, { user: seq }, reset())
      const origin = new RecordOrigin("Info", context, undefined, 1, traceId, spanId, undefined, "r")
      return new LogRecord.LogRecord(seq, 0, "placed", undefined, origin, 0, 0)
    })
    const renderer = new JsonRenderer(new JsonShape())
    const lines = decode(renderer.lines(records)).split("\n").slice(0, -1).map((line) => JSON.parse(line))
    assert.deepStrictEqual(lines.map(({ spanId, traceId }) => [traceId, spanId]), ids.map((both) => both.slice()))
  })
})

describe("records of one origin, in the batches of several encoders", () => {
  // One for all runs: what was encoded before must not show.
  const encoders = shapes.map((options) => LogEncoder.json(options))

  it.prop(
    "are in each what they are alone, whatever was encoded before them, and with whom",
    [picks, picks],
    ([made, asked]) => {
      const all = origins()
      const records = made.map((n, seq) => {
        const time = times[n % times.length] ?? 0
        // Neighbours share an origin more often than not.
        const origin = all[(n >> 3) % 4 === 0 ? n % all.length : seq >> 3] ?? all[0]!
        const cause = n % 11 === 0 ? reset().cause(Cause.fail("no")) : undefined
        const message = reset().message(messages[(n >> 1) % messages.length])
        return new LogRecord.LogRecord(seq, time, message, cause, origin, 0, 0)
      })
      for (const n of asked) {
        const from = (n >> 3) % (records.length + 1)
        const batch = records.slice(from, from + 1 + n % 23)
        const options = shapes[n % shapes.length]
        const encoder = encoders[n % encoders.length]
        const alone = LogEncoder.json(options)
        if (n % 7 === 0 && batch[0] !== undefined) encoder?.encode(batch[0])
        const together = decode(encoder?.encodeBatch(batch) ?? new Uint8Array())
        assert.strictEqual(together, batch.map((record) => `${alone.encode(record)}\n`).join(""))
        for (const line of together.split("\n").slice(0, -1)) assert.isObject(JSON.parse(line))
      }
    },
    { arbitrary: { runs: 500 } }
  )
})
