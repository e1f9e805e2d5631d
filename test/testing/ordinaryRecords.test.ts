// oxlint-disable vitest/no-standalone-expect -- the blocks of it.effect are tests, which the rule does not know
import { assert, describe, expect, it } from "@effect/vitest"
import { Cause, Effect } from "effect"
import { deepStrictEqual } from "node:assert"
import { LogEncoder, Logging, LogRecord, MemorySink, TestLogging } from "../../src/index.ts"
import { ordinary } from "../../src/LogRecord.ts"
import { recordsOf } from "../support/capture.ts"
import * as Hostile from "../support/hostile.ts"

class OutOfStock extends Error {
  readonly _tag = "OutOfStock"
  override readonly name = "OutOfStock"
  readonly item = { id: 7, tags: ["book"] }
}

const program = Effect.gen(function*() {
  yield* Effect.logInfo("order placed", { order: { id: 1042, lines: [{ item: "book" }] } })
  yield* Effect.logInfo({ ["__proto__"]: "own", constructor: "own", set: new Map([["a", { b: 1 }]]) })
  yield* Effect.logError("failed", Cause.fail(new OutOfStock("no books", { cause: { shelf: 3 } })))
}).pipe(Effect.annotateLogs({ user: { id: 1 }, tags: ["a", "b"] }), Effect.withLogSpan("checkout"))

/** What a user writes about the records of `program`, for any library of assertions that is strict. */
const expectAll = (
  records: ReadonlyArray<LogRecord.LogRecord>,
  equal: (actual: unknown, expected: unknown) => void
): void => {
  const [placed, odd, failed] = records
  equal(placed?.message, ["order placed", { order: { id: 1042, lines: [{ item: "book" }] } }])
  equal(placed?.annotations, { user: { id: 1 }, tags: ["a", "b"] })
  equal(Object.keys(placed?.spans ?? {}), ["checkout"])
  equal(placed?.spans, { checkout: placed?.spans?.["checkout"] })
  equal(odd?.message, { ["__proto__"]: "own", constructor: "own", set: { a: { b: 1 } } })
  const reason = failed?.cause?.[0]
  const error = reason?.kind === "Fail" && reason.error instanceof LogRecord.ErrorSnapshot ? reason.error : undefined
  equal(failed?.message, "failed")
  equal(error?.properties, { item: { id: 7, tags: ["book"] } })
  equal(
    error,
    new LogRecord.ErrorSnapshot({
      tag: "OutOfStock",
      name: "OutOfStock",
      message: "no books",
      frames: error?.frames,
      properties: { item: { id: 7, tags: ["book"] } },
      cause: { shelf: 3 }
    })
  )
  for (const record of records) {
    equal({ ...record.toJSON() }, {
      uid: record.uid,
      seq: record.seq,
      time: record.time,
      level: record.level,
      message: record.message,
      cause: record.cause,
      annotations: { user: { id: 1 }, tags: ["a", "b"] },
      spans: { checkout: record.spans?.["checkout"] },
      fiberId: record.fiberId,
      traceId: undefined,
      spanId: undefined,
      sampled: undefined,
      bytes: record.bytes
    })
  }
}

describe("records of tests", () => {
  it.effect("are what literals say, by Vitest's and by Node's strict comparison", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* program
      const records = yield* logged.records
      expectAll(records, (actual, expected) => expect(actual).toStrictEqual(expected))
      expectAll(records, deepStrictEqual)
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("are so in a MemorySink, too, and one record is another that says the same", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      yield* Effect.provide(program, Logging.layer({ sinks: [memory] }))
      expectAll(memory.records, (actual, expected) => expect(actual).toStrictEqual(expected))
      const [placed] = memory.records
      expect(placed).toStrictEqual(
        LogRecord.make({
          message: ["order placed", { order: { id: 1042, lines: [{ item: "book" }] } }],
          seq: placed?.seq,
          time: placed?.time,
          annotations: { user: { id: 1 }, tags: ["a", "b"] },
          spans: { checkout: placed?.spans?.["checkout"] ?? 0 },
          fiberId: placed?.fiberId,
          runtimeId: placed?.uid.slice(0, 16),
          place: placed?.place,
          bytes: placed?.bytes
        })
      )
    }))

  it.effect.prop(
    "are printed like those of other sinks, whatever they hold",
    [Hostile.value, Hostile.value],
    ([a, b]) =>
      Effect.gen(function*() {
        const logged = Effect.annotateLogs(Effect.logInfo({ a }, [b], new OutOfStock("no books")), { a, b })
        for (const record of yield* recordsOf(logged)) {
          for (const { encode } of [LogEncoder.json(), LogEncoder.logfmt(), LogEncoder.pretty({ colors: false })]) {
            assert.strictEqual(encode(ordinary(record)), encode(record))
          }
        }
      })
  )
})
