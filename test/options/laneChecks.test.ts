import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { ConsoleSink, FileSink, LogSink, MemorySink } from "../../src/index.ts"
import { givenTo, sentenceOf } from "../support/mistakes.ts"

describe("the options of a lane", () => {
  it("are refused by the sink they are given to, which is named", () => {
    assert.strictEqual(
      sentenceOf(() => LogSink.make({ name: "archive", write: () => Effect.void, capacity: -1 })),
      `LogSink.make("archive"): capacity must be a whole number of at least 1, got -1`
    )
    assert.strictEqual(
      sentenceOf(() => LogSink.withOptions(MemorySink.make({ name: "recent" }), { capacity: 0.5 })),
      `LogSink.withOptions("recent"): capacity must be a whole number of at least 1, got 0.5`
    )
  })

  it("have no concurrency where a sink writes one batch at a time", () => {
    assert.match(sentenceOf(() => givenTo(ConsoleSink.make, { concurrency: 2 })), /has no option "concurrency"/)
    assert.match(sentenceOf(() => givenTo(FileSink.make, { path: "a.log", concurrency: 2 })), /no option "concurrency"/)
    assert.strictEqual(MemorySink.make({ concurrency: 2 }).options.concurrency, 2)
  })

  it("come to the lane in one form", () => {
    const { batchWindow, breaker, minimumLevel } = MemorySink.make({
      minimumLevel: "warning",
      batchWindow: "5 secs",
      breaker: { failures: 1, cooldown: "500ms" }
    }).options
    assert.deepStrictEqual([minimumLevel, batchWindow], ["Warn", Duration.seconds(5)])
    assert.deepStrictEqual(breaker, { failures: 1, cooldown: Duration.millis(500) })
  })

  it("have one fallback, not a chain of them", () => {
    const chained = MemorySink.make({ name: "b", fallback: MemorySink.make({ name: "c" }) })
    assert.strictEqual(
      sentenceOf(() => MemorySink.make({ fallback: chained })),
      `MemorySink.make: fallback must be a sink without a fallback of its own, got "b", which has one`
    )
    assert.strictEqual(
      sentenceOf(() => givenTo(MemorySink.make, { fallback: MemorySink.make })),
      "MemorySink.make: fallback must be a sink without a fallback of its own, got a function; call it"
    )
  })

  it("have a spool with room for two segments", () => {
    const spool = { directory: "spool", mode: "always" } as const
    assert.strictEqual(
      sentenceOf(() => MemorySink.make({ spool: { ...spool, maxBytes: 10_000, segmentBytes: 8192 } })),
      "MemorySink.make: spool.maxBytes must be a whole number with room for two segments of 8192 bytes, " +
        "so at least 16384, got 10000"
    )
    assert.isDefined(MemorySink.make({ spool: { ...spool, maxBytes: 16_384, segmentBytes: 8192 } }))
  })
})
