import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Fiber, Option, References, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import { Logging, LogRecord, LogSink, MemorySink } from "../src/index.ts"
import { makeCapture, plain, recordsOf } from "./support/capture.ts"
import { revoked } from "./support/hostile.ts"

const withLogger = (use: (logger: Logging.DirectLogger) => void): Effect.Effect<void, never, Logging.Logging> =>
  Effect.map(Logging.Logging, ({ logger }) => use(logger))

describe("a record", () => {
  it.effect("has the time of the clock, the level, the fiber and a rising seq", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000)
      const fiber = yield* Effect.fiber
      const records = yield* recordsOf(
        Effect.gen(function*() {
          yield* Effect.logTrace("a")
          yield* TestClock.adjust("1500 millis")
          yield* Effect.logFatal("b")
          const child = yield* Effect.forkChild(Effect.logWarning("c"))
          yield* Fiber.join(child)
          yield* withLogger((logger) => logger.debug("d"))
        }),
        { minimumLevel: "All" }
      )
      assert.deepStrictEqual(records.map(({ level, message, time }) => [level, message, time]), [
        ["Trace", "a", 1_000],
        ["Fatal", "b", 2_500],
        ["Warn", "c", 2_500],
        ["Debug", "d", 2_500]
      ])
      assert.deepStrictEqual(records.map(({ seq }) => seq), [1, 2, 3, 4])
      assert.strictEqual(records[0]!.fiberId, fiber.id)
      assert.notStrictEqual(records[2]!.fiberId, fiber.id)
      assert.strictEqual(records[3]!.fiberId, fiber.id)
      assert.isTrue(records.every(LogRecord.isLogRecord))
    }))

  it.effect("has one message as it is, and none or several as an array", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(Effect.all([
        Effect.log("one"),
        Effect.log(),
        Effect.log("two", { b: 1 }, [3]),
        Effect.log(["in", "array"]),
        Effect.log(undefined)
      ]))
      assert.deepStrictEqual(records.map(({ message }) => plain(message)), [
        "one",
        [],
        ["two", { b: 1 }, [3]],
        ["in", "array"],
        null
      ])
    }))

  it.effect("has trace and span ids, and the durations of log spans", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(
        Effect.gen(function*() {
          const span = yield* Effect.currentSpan
          yield* TestClock.adjust("2 seconds")
          yield* Effect.log("in a span")
          yield* withLogger((logger) => logger.info("in a span"))
          return span
        }).pipe(Effect.withLogSpan("load"), Effect.withSpan("root"), Effect.orDie)
      )
      for (const { spanId, traceId } of records) {
        assert.match(String(traceId), /^[0-9a-f]{32}$/)
        assert.match(String(spanId), /^[0-9a-f]{16}$/)
      }
      assert.deepStrictEqual(plain(records[0]!.spans), { load: 2000 })
      assert.isUndefined(records[1]!.spans)
    }))

  it.effect("tells its own level, fiber and span, whatever was logged before it", () =>
    Effect.gen(function*() {
      const both = Effect.all([Effect.logInfo("a"), Effect.logError("b"), Effect.logInfo("c")])
      const here = yield* Effect.fiber
      const ids: Array<number> = []
      const child = Effect.gen(function*() {
        ids.push((yield* Effect.fiber).id)
        yield* both
        return Option.getOrUndefined(yield* Effect.option(Effect.currentSpan))?.spanId
      })
      let inner: string | undefined
      const records = yield* recordsOf(
        Effect.gen(function*() {
          yield* both
          yield* Fiber.join(yield* Effect.forkChild(child, { startImmediately: true }))
          inner = yield* Effect.withSpan(child, "inner")
          yield* both
        }).pipe(Effect.annotateLogs({ n: 1 }))
      )
      const [forked] = ids
      assert.deepStrictEqual(
        records.map(({ fiberId, level, message, spanId }) => [message, level, fiberId, spanId]),
        [[here.id, undefined], [forked, undefined], [here.id, inner], [here.id, undefined]].flatMap(([id, spanId]) => [
          ["a", "Info", id, spanId],
          ["b", "Error", id, spanId],
          ["c", "Info", id, spanId]
        ])
      )
      assert.isTrue(records.every(({ annotations }) => annotations["n"] === 1))
      assert.match(String(inner), /^[0-9a-f]{16}$/)
    }))

  it.effect("is shown by console.log with what it says, before and after somebody reads its message", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(Effect.log("a", { b: { c: 1 } }).pipe(Effect.annotateLogs({ d: 2 })))
      const shown = inspect(record)
      assert.match(shown, /message: \[\s*'a',[^]*b: /)
      assert.match(shown, /annotations: .*d: 2/)
      assert.notMatch(shown, /content|origin|offset/)
      assert.isArray(record!.message)
      assert.strictEqual(inspect(record), shown)
    }))

  it("is shown by JSON.stringify with what it says, and nothing internal", () => {
    const record = LogRecord.make({ seq: 1, time: 2, message: ["a", { b: 1 }], annotations: { c: 3 }, fiberId: 4 })
    assert.deepStrictEqual(plain(record), {
      uid: "made1",
      seq: 1,
      time: 2,
      level: "Info",
      message: ["a", { b: 1 }],
      annotations: { c: 3 },
      fiberId: 4,
      bytes: 256
    })
  })

  it.effect("bounds what a peer or a recursion can make long: ids, span labels, their number", () =>
    Effect.gen(function*() {
      const parent = Tracer.externalSpan({ traceId: "t".repeat(100_000), spanId: "s".repeat(100_000), sampled: true })
      const spans: ReadonlyArray<[string, number]> = Array.from({ length: 5000 }, (_, i) => [
        `${"l".repeat(10_000)}${i}`,
        0
      ])
      const [record] = yield* recordsOf(
        Effect.log("x").pipe(
          Effect.withParentSpan(parent),
          Effect.provideService(References.CurrentLogSpans, [["__proto__", 0], ...spans])
        )
      )
      assert.strictEqual(record!.traceId, `${"t".repeat(64)}…[truncated: 100000 characters]`)
      assert.isBelow(JSON.stringify(record).length, 2_000)
      assert.isTrue(Object.hasOwn(record!.spans!, "__proto__"))
    }))

  it.effect("tells failures, defects and interruptions apart, in their order", () =>
    Effect.gen(function*() {
      const cause = Cause.fromReasons<unknown>([
        Cause.makeFailReason(new TypeError("failed", { cause: new Error("below") })),
        Cause.makeDieReason("died"),
        Cause.makeInterruptReason(7)
      ])
      const [record] = yield* recordsOf(Effect.logError("oops", cause))
      assert.strictEqual(record!.message, "oops")
      assert.containSubset(plain(record!.cause), [
        { kind: "Fail", error: { name: "TypeError", message: "failed", cause: { message: "below" } } },
        { kind: "Die", error: "died" },
        { kind: "Interrupt", fiberId: 7 }
      ])
    }))
})

describe("annotations", () => {
  it.effect("of primitives are captured once for a fiber and shared between records", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(
        Effect.andThen(Effect.log("a"), Effect.log("b")).pipe(Effect.annotateLogs({ service: "api", n: 1 }))
      )
      assert.deepStrictEqual(plain(records[0]!.annotations), { service: "api", n: 1 })
      assert.strictEqual(records[0]!.annotations, records[1]!.annotations)
    }))

  it.effect("F36: held as objects are never shown stale, nor changed afterwards", () =>
    Effect.gen(function*() {
      const request = { step: 1, tags: ["a"] }
      const records = yield* recordsOf(
        Effect.gen(function*() {
          yield* Effect.log("first")
          request.step = 2
          request.tags.push("b")
          yield* Effect.log("second")
          request.step = 3
        }).pipe(Effect.annotateLogs({ request }))
      )
      assert.deepStrictEqual(records.map(({ annotations }) => plain(annotations)), [
        { request: { step: 1, tags: ["a"] } },
        { request: { step: 2, tags: ["a", "b"] } }
      ])
    }))

  it.effect("F30: a hostile one costs its own field only", () =>
    Effect.gen(function*() {
      const annotations = Object.defineProperty({ good: 1 }, "bad", {
        enumerable: true,
        get: () => {
          throw new Error("hostile")
        }
      })
      const records = yield* recordsOf(Effect.all([
        Effect.log("a").pipe(Effect.annotateLogs({ good: 1, bad: revoked() })),
        Effect.log("b").pipe(Effect.provideService(References.CurrentLogAnnotations, annotations))
      ]))
      for (const { annotations } of records) assert.deepStrictEqual(plain(annotations), { good: 1, bad: "[threw]" })
    }))
})

describe("F36: after the log call", () => {
  it.effect("nothing a program changes reaches the record, also through the direct logger", () =>
    Effect.gen(function*() {
      const message = { n: 1, list: [{ deep: 1 }] }
      const error = Object.assign(new Error("before"), { details: { n: 1 } })
      const attributes = { user: { name: "ada" } }
      const records = yield* recordsOf(Effect.gen(function*() {
        const { logger } = yield* Logging.Logging
        const bound = logger.with(attributes)
        yield* Effect.logError(message, Cause.fail(error))
        logger.info(message, attributes)
        message.n = 2
        message.list[0]!.deep = 2
        error.message = "after"
        error.details.n = 2
        attributes.user.name = "eve"
        bound.info("bound")
      }))
      assert.notMatch(JSON.stringify(records), /"after"|"eve"|"n":2|"deep":2/)
      assert.deepStrictEqual(plain(records[2]!.annotations), { user: { name: "ada" } })
    }))
})

describe("F28: getters that log", () => {
  it.effect("get a record of their own, once; the books balance", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(Effect.gen(function*() {
        const { logger, stats } = yield* Logging.Logging
        const run = Effect.runSyncWith(yield* Effect.context<Logging.Logging>())
        const direct: object = {
          get value() {
            logger.info("direct", { again: direct })
            return 1
          }
        }
        const effectful: object = {
          get value() {
            run(Effect.log("effectful", effectful))
            return 2
          }
        }
        yield* Effect.log(direct)
        yield* Effect.log(effectful)
        yield* Effect.log("after")
        const { capture } = yield* stats
        assert.strictEqual(capture.offered, 7)
        assert.strictEqual(capture.accepted, 5)
        assert.strictEqual(capture.rejected.encode_failed, 2)
      }))
      assert.deepStrictEqual(records.map(({ seq }) => seq), [1, 2, 3, 4, 5])
      assert.deepStrictEqual(records.map(({ message }) => plain(message)), [
        "direct",
        { value: 1 },
        ["effectful", { value: 2 }],
        { value: 2 },
        "after"
      ])
    }))
})

describe("F27: what a sink logs", () => {
  it.effect("goes to the diagnostics and never comes back", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const memory = MemorySink.make()
      yield* Effect.gen(function*() {
        const { flush, logger, stats } = yield* Logging.Logging
        direct = logger
        yield* Effect.log("one")
        yield* flush
        assert.strictEqual((yield* stats).capture.offered, 1)
      }).pipe(Effect.provide(Logging.layer({ sinks: [memory, chatty], diagnostics: (line) => lines.push(line) })))
      assert.deepStrictEqual(memory.records.map(({ message }) => message), ["one"])
      assert.include(lines.join(""), "from the write")
      assert.include(lines.join(""), "through the direct logger")
    }))

  let direct: Logging.DirectLogger | undefined
  const chatty = LogSink.make({
    name: "chatty",
    batchWindow: 0,
    write: () => Effect.andThen(Effect.logError("from the write"), Effect.sync(() => direct?.error("directly")))
  })

  it.effect("also when it writes within the log call, and when a filter logs", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      let logger: Logging.DirectLogger | undefined
      let written = 0
      const sink = LogSink.make({
        name: "sync",
        filter: () => {
          logger?.info("from the filter")
          return true
        },
        write: () => Effect.void,
        writeSync: (batch) => {
          written += batch.length
          logger?.error("from the write")
        }
      })
      yield* Effect.gen(function*() {
        const logging = yield* Logging.Logging
        logger = logging.logger
        yield* Effect.log("one")
        logger.info("two")
        assert.strictEqual((yield* logging.stats).capture.offered, 2)
      }).pipe(Effect.provide(Logging.layer({ sinks: [sink], queue: false, diagnostics: (line) => lines.push(line) })))
      assert.strictEqual(written, 2)
      assert.isNotEmpty(lines)
    }))
})

describe("capture is total", () => {
  it("a program that runs out of stack while it logs keeps its logger", () => {
    const { capture, records } = makeCapture()
    const bound = capture.bind(undefined, {})
    const recurse = (): void => {
      capture.logAt("Info", bound)({ a: [1, { b: 2 }] }, { c: [3] })
      recurse()
    }
    for (let i = 0; i < 5; i++) assert.throws(recurse, RangeError)
    records.length = 0
    capture.logAt("Info", bound)("still here", undefined)
    assert.deepStrictEqual(records.map(({ message }) => message), ["still here"])
    const books = capture.books()
    assert.strictEqual(books.offered, books.accepted + books.filtered + books.rejected.encode_failed)
  })

  it("what logs itself while it is read has an end, also where the last resort takes it", () => {
    const { capture } = makeCapture()
    const late: Array<unknown> = []
    capture.close((records) => late.push(...records.map(({ message }) => plain(message))))
    const log = capture.logAt("Info", capture.bind(undefined, {}))
    let reads = 0
    const endless = {
      get value() {
        reads++
        log(endless)
        return reads
      }
    }
    log(endless)
    assert.strictEqual(reads, 2)
    assert.deepStrictEqual(late, ["[record withheld: it could not be captured]", { value: 2 }, { value: 2 }])
    assert.strictEqual(capture.books().rejected.closed, 3)
  })

  it("a call that is cut off where lanes take its record is counted once", () => {
    let isCutOff = false
    const { capture, records } = makeCapture({
      inlet: {
        offer() {
          isCutOff = true
          throw new RangeError("Maximum call stack size exceeded")
        },
        get counters(): never {
          throw new RangeError("Maximum call stack size exceeded")
        }
      }
    })
    capture.logAt("Info", capture.bind(undefined, {}))("x", undefined)
    assert.isTrue(isCutOff)
    assert.isEmpty(records)
    assert.deepInclude(capture.books(), { offered: 1, accepted: 0, filtered: 0 })
    assert.strictEqual(capture.books().rejected.encode_failed, 1)
  })

  it("a filter that throws lets the record pass", () => {
    const { capture, records } = makeCapture({
      inlet: {
        filter: () => {
          throw new Error("hostile")
        }
      }
    })
    capture.logAt("Info", capture.bind(undefined, {}))("x", undefined)
    assert.strictEqual(records.length, 1)
  })

  it("bound attributes do not grow by being bound again", () => {
    const { capture } = makeCapture()
    const once = capture.bind(undefined, { requestId: "r-1", nested: { a: [1, "b"] } })
    let bound = once
    for (let i = 0; i < 10_000; i++) bound = capture.bind(bound, { requestId: "r-1", nested: { a: [1, "b"] } })
    assert.isAtMost(bound.bytes, once.bytes + 64)
    assert.deepStrictEqual(plain(bound.annotations), plain(once.annotations))
  })
})
