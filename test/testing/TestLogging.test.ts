import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Option, References } from "effect"
import { LogEncoder, Logging, type LogRecord, TestLogging } from "../../src/index.ts"

const messagesOf = (records: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<unknown> =>
  records.map((record) => record.message)

const three = Effect.gen(function*() {
  yield* Effect.logDebug("a").pipe(Effect.annotateLogs({ user: 1 }))
  yield* Effect.logInfo("b").pipe(Effect.annotateLogs({ user: 2 }))
  yield* Effect.logError("c")
})

describe("Logging.layerTest", () => {
  it.effect("has a record as soon as the log call has returned", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logInfo("one")
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["one"])
      const { logger } = yield* Logging.Logging
      logger.warn("two", { n: 2 })
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["one", "two"])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("logs every level", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logTrace("trace")
      yield* three
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["trace", "a", "b", "c"])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("takes a minimum level", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* three
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["c"])
      assert.strictEqual(yield* References.MinimumLogLevel, "Error")
    }).pipe(Effect.provide(Logging.layerTest({ minimumLevel: "Error" }))))

  it.effect("redacts and bounds as the runtime does", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logInfo({ password: "hunter2", pet: "cat", text: "x".repeat(50) })
      const [record] = yield* logged.records
      assert.deepStrictEqual({ ...Object(record?.message) }, {
        password: "<redacted>",
        pet: "<redacted>",
        text: `${"x".repeat(10)}…[truncated: 50 characters]`
      })
    }).pipe(Effect.provide(Logging.layerTest({ redact: { keys: ["pet"] }, limits: { fieldBytes: 10 } }))))

  it.effect("says on its records what the runtime of the program would", () => {
    class Region extends Context.Service<Region, string>()("test/Region") {}
    const options: Logging.TestOptions = {
      fields: { service: "shop" },
      enrich: (services) => ({ region: Context.getOption(services, Region).pipe(Option.getOrUndefined) })
    }
    return Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logInfo("placed").pipe(
        Effect.annotateLogs("order", 1),
        Effect.provideService(Region, "north")
      )
      const [record] = yield* logged.records
      assert.deepStrictEqual(record?.annotations, { service: "shop", region: "north", order: 1 })
    }).pipe(Effect.provide(Logging.layerTest(options)))
  })

  it.effect("goes by levels of scopes, and as low as may be set", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* three
      yield* three.pipe(Logging.scope("billing"))
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["b", "c", "c"])
      yield* logged.clear
      yield* Logging.setLevel("Debug")
      yield* three
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["a", "b", "c"])
    }).pipe(Effect.provide(
      Logging.layerTest({ minimumLevel: "Info", scopes: { billing: "Error" }, lowestLevel: "Debug" })
    )))

  it.effect("hands what the runtime itself says to a function", () => {
    const lines: Array<string> = []
    const enrich = (): never => {
      throw new Error("broken")
    }
    return Effect.gen(function*() {
      yield* Effect.logInfo("placed")
      assert.match(lines.join(), /enrich threw .*broken/)
    }).pipe(Effect.provide(Logging.layerTest({ enrich, diagnostics: (line) => lines.push(line) })))
  })

  it.effect("keeps its books: nothing is lost when the layer closes", () =>
    Effect.gen(function*() {
      const { shutdown } = yield* Logging.Logging
      yield* three
      const report = yield* shutdown
      assert.isTrue(report.balanced)
      assert.strictEqual(report.lanes["test"]?.delivered, 3)
    }).pipe(Effect.provide(Logging.layerTest())))
})

describe("TestLogging", () => {
  it.effect("atLevel gives the records of one level", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* three
      assert.deepStrictEqual(messagesOf(yield* logged.atLevel("Info")), ["b"])
      assert.deepStrictEqual(yield* logged.atLevel("Fatal"), [])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("withAnnotation gives the records with a key, or with a key and a value", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* three
      yield* Effect.logInfo("d").pipe(Effect.annotateLogs({ user: undefined }))
      assert.deepStrictEqual(messagesOf(yield* logged.withAnnotation("user", 2)), ["b"])
      assert.deepStrictEqual(messagesOf((yield* logged.withAnnotation("user")).slice(0, 2)), ["a", "b"])
      assert.deepStrictEqual(yield* logged.withAnnotation("toString"), [])
      assert.deepStrictEqual(yield* logged.withAnnotation("user", "2"), [])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("withAnnotation compares objects by what they hold", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logInfo("a").pipe(Effect.annotateLogs({ order: { id: 1042, items: ["book", { count: 2 }] } }))
      yield* Effect.logInfo("b").pipe(Effect.annotateLogs({ order: { id: 1043, items: [] } }))
      yield* Effect.logInfo("c").pipe(Effect.annotateLogs({ order: Number.NaN }))
      const same = { items: ["book", { count: 2 }], id: 1042 }
      assert.deepStrictEqual(messagesOf(yield* logged.withAnnotation("order", same)), ["a"])
      assert.deepStrictEqual(messagesOf(yield* logged.withAnnotation("order", { id: 1043, items: [] })), ["b"])
      assert.deepStrictEqual(yield* logged.withAnnotation("order", { id: 1043 }), [])
      assert.deepStrictEqual(yield* logged.withAnnotation("order", { id: 1043, items: ["book"] }), [])
      assert.deepStrictEqual(yield* logged.withAnnotation("order", undefined), [])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("lines shows the records as an encoder prints them", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* three
      assert.deepStrictEqual((yield* logged.lines()).map((line) => JSON.parse(line).message), ["a", "b", "c"])
      assert.include((yield* logged.lines("logfmt"))[1], "level=INFO")
      const own = LogEncoder.fromRenderer((record) => `<${String(record.message)}>`)
      assert.deepStrictEqual(yield* logged.lines(own), ["<a>", "<b>", "<c>"])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("await gives a record that is there, by message or by test", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* three
      assert.strictEqual((yield* logged.await("b")).level, "Info")
      assert.strictEqual((yield* logged.await((record) => record.level === "Error")).message, "c")
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("await waits for a record to come, without sleeping", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      const first = yield* Effect.forkChild(logged.await("c"), { startImmediately: true })
      const second = yield* Effect.forkChild(logged.await((record) => record.message === "c"), {
        startImmediately: true
      })
      yield* Effect.logInfo("other")
      assert.isUndefined(first.pollUnsafe())
      yield* three
      assert.strictEqual((yield* Fiber.join(first)).level, "Error")
      assert.strictEqual(yield* Fiber.join(second), yield* Fiber.join(first))
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("an await that is interrupted leaves the others alone", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      const first = yield* Effect.forkChild(logged.await("c"), { startImmediately: true })
      const second = yield* Effect.forkChild(logged.await("c"), { startImmediately: true })
      yield* Fiber.interrupt(first)
      yield* three
      assert.strictEqual((yield* Fiber.join(second)).message, "c")
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("clear forgets the records so far", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logInfo("before")
      yield* logged.clear
      yield* Effect.logInfo("after")
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["after"])
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("the records of an answer do not change afterwards", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logInfo("one")
      const before = yield* logged.records
      yield* Effect.logInfo("two")
      assert.deepStrictEqual(messagesOf(before), ["one"])
    }).pipe(Effect.provide(Logging.layerTest())))
})

describe.concurrent("tests that run in parallel", () => {
  for (const name of ["first", "second", "third"]) {
    it.effect(`do not see each other: ${name}`, () =>
      Effect.gen(function*() {
        const logged = yield* TestLogging.TestLogging
        yield* Effect.logInfo(name)
        yield* Effect.yieldNow
        yield* Effect.logInfo(name)
        assert.deepStrictEqual(messagesOf(yield* logged.records), [name, name])
      }).pipe(Effect.provide(Logging.layerTest())))
  }

  it.effect("do not see each other within one fiber tree either", () =>
    Effect.gen(function*() {
      const run = (name: string) =>
        Effect.gen(function*() {
          const context = yield* Layer.build(Logging.layerTest())
          yield* Effect.provide(Effect.logInfo(name), context)
          return messagesOf(yield* Context.get(context, TestLogging.TestLogging).records)
        })
      const all = yield* Effect.all([run("a"), run("b")], { concurrency: "unbounded" })
      assert.deepStrictEqual(all, [["a"], ["b"]])
    }))
})

it.layer(Logging.layerTest())("a layer shared by it.layer", (it) => {
  it.effect("records the logs of its tests", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      yield* Effect.logInfo("shared")
      assert.deepStrictEqual(messagesOf(yield* logged.records), ["shared"])
      yield* logged.clear
    }))

  it.effect("and starts empty after a clear", () =>
    Effect.gen(function*() {
      const logged = yield* TestLogging.TestLogging
      assert.deepStrictEqual(yield* logged.records, [])
    }))
})
