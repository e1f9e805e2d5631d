import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Logger, Metric, References, Tracer } from "effect"
import { PrometheusMetrics } from "effect/observability"
import { TestClock } from "effect/testing"
import { ConsoleSink, FileSink, type LogEncoder, Logging, LogSink, MemorySink, ScriptedSink } from "../src/index.ts"
import { settle } from "./support/lanes.ts"
import { logMany, makeRuntime } from "./support/runtime.ts"

const moreRoom = "log less, or give the lane more room or a spool"

describe("Logging.layer", () => {
  it.effect("the minimum level of the layer is the program's; a sink's own only raises it", () =>
    Effect.gen(function*() {
      const all = MemorySink.make({ name: "all" })
      const warnings = MemorySink.make({ name: "warnings" }).pipe(LogSink.withMinimumLevel("Warn"))
      const runtime = yield* makeRuntime({ sinks: [all, warnings], minimumLevel: "Debug" })
      yield* runtime.run(Effect.gen(function*() {
        yield* Effect.logTrace("trace")
        yield* Effect.logDebug("debug")
        yield* Effect.logInfo("info")
        yield* Effect.logWarning("warn")
      }))
      yield* runtime.service.flush
      assert.deepStrictEqual(all.records.map((record) => record.level), ["Debug", "Info", "Warn"])
      assert.strictEqual((yield* runtime.service.stats).lanes["warnings"]?.accepted, 1)
      yield* runtime.close()
    }))

  it.effect("a record that no lane wants is filtered, and filters of a sink add up", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make().pipe(
        LogSink.filter((record) => record.message !== "a"),
        LogSink.filter((record) => record.message !== "b")
      )
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(Effect.forEach(["a", "b", "c"], (message) => Effect.logInfo(message)))
      const { capture, lanes } = yield* runtime.service.stats
      assert.strictEqual(capture.filtered, 2)
      assert.strictEqual(capture.accepted, 1)
      assert.strictEqual(lanes["scripted"]?.accepted, 1)
      yield* runtime.close()
    }))

  it.effect("a filter that throws lets the record through", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make({
        filter: () => {
          throw new Error("bad filter")
        }
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(2))
      yield* runtime.close()
      assert.strictEqual(sink.records.length, 2)
    }))

  it.effect("the tracer's span events are kept, the console logger is not", () =>
    Effect.gen(function*() {
      const events: Array<string> = []
      const tracer = Tracer.make({
        span(options) {
          const span = new Tracer.NativeSpan(options)
          span.event = (name) => {
            events.push(name)
          }
          return span
        }
      })
      const sink = MemorySink.make()
      const loggers = yield* Logger.CurrentLoggers.pipe(Effect.provide(Logging.layer({ sinks: [sink] })))
      assert.strictEqual(loggers.size, 1)
      yield* Effect.logInfo("inside").pipe(
        Effect.withSpan("span"),
        Effect.withTracer(tracer),
        Effect.provide(Logging.layer({ sinks: [sink] }))
      )
      assert.deepStrictEqual(events, ["inside"])
      assert.strictEqual(sink.records.length, 1)
    }))

  it.effect("mergeWithExisting keeps the loggers the program has", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      const mine = Logger.make(({ message }) => {
        seen.push(message)
      })
      const sink = MemorySink.make()
      yield* Effect.logInfo("to both").pipe(
        Effect.provide(
          Logging.layer({ sinks: [sink], mergeWithExisting: true }).pipe(
            Layer.provide(Logger.layer([mine]))
          )
        )
      )
      assert.deepStrictEqual(seen, [["to both"]])
      assert.strictEqual(sink.records.length, 1)
    }))

  it.effect("a logger of the program that throws takes no record from the runtime", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const throwing = Logger.make(() => {
        throw new Error("no such logger")
      })
      const program = Effect.exit(Effect.logInfo("one")).pipe(
        Effect.provide(
          Logging.layer({ sinks: [sink], mergeWithExisting: true }).pipe(Layer.provide(Logger.layer([throwing])))
        )
      )
      assert.isTrue(Exit.isFailure(yield* program))
      assert.deepStrictEqual(sink.records.map(({ message }) => message), ["one"])
    }))

  it.effect("F63: the same layer value provided twice is one runtime", () =>
    Effect.gen(function*() {
      let built = 0
      const sink = Effect.sync(() => {
        built++
        return MemorySink.make()
      })
      const live = Logging.layer({ sinks: [sink] })
      const a = Layer.effectDiscard(Effect.logInfo("a")).pipe(Layer.provide(live))
      const b = Layer.effectDiscard(Effect.logInfo("b")).pipe(Layer.provide(live))
      yield* Effect.void.pipe(Effect.provide(Layer.mergeAll(a, b)))
      assert.strictEqual(built, 1)
    }))

  it.effect("who waits for a flush does not go on within the log call that settles it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ capacity: 4, strategy: "sliding" })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(Effect.gen(function*() {
        yield* Effect.logInfo("before")
        const after = Effect.andThen(runtime.service.flush, Effect.logInfo("after"))
        const waiter = yield* Effect.forkChild(after, { startImmediately: true })
        yield* logMany(8)
        yield* Fiber.join(waiter)
      }))
      yield* runtime.service.flush
      assert.include(sink.delivered.map((record) => record.message), "after")
      const { capture, lanes } = yield* runtime.service.stats
      assert.strictEqual(capture.offered, 10)
      assert.isAbove(lanes["scripted"]?.dropped.queue_full ?? 0, 0)
      yield* runtime.close()
    }))

  it.effect("two sinks of one name get lanes of their own", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make(), MemorySink.make(), MemorySink.make()] })
      assert.deepStrictEqual(Object.keys((yield* runtime.service.stats).lanes), ["memory", "memory#2", "memory#3"])
      yield* runtime.close()
    }))

  it.effect("whatever the sinks are called, every lane has a name and books of its own", () =>
    Effect.gen(function*() {
      const b = MemorySink.make({ name: "b" })
      const a = ScriptedSink.make({ name: "a" }).pipe(LogSink.withFallback(b))
      const names = ["a.b", "x", "x#2", "x", "__proto__"]
      const runtime = yield* makeRuntime({ sinks: [a, b, ...names.map((name) => MemorySink.make({ name }))] })
      const expected = ["a", "b", "a.b", "x", "x#2", "x#3", "__proto__", "a.b#2"]
      assert.deepStrictEqual(Object.keys((yield* runtime.service.stats).lanes), expected)
      yield* runtime.close()
      assert.deepStrictEqual(Object.keys(runtime.reports[0]?.lanes ?? {}), expected)
    }))

  it.effect("the layer closes after everything that logs to it", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const service = Layer.effectDiscard(
        Effect.acquireRelease(Effect.logInfo("service up"), () => Effect.logInfo("service down"))
      )
      yield* Effect.logInfo("working").pipe(
        Effect.provide(service.pipe(Layer.provideMerge(Logging.layer({ sinks: [sink] }))))
      )
      assert.deepStrictEqual(sink.records.map((record) => record.message), ["service up", "working", "service down"])
    }))

  it("a bad option is refused with its name, the value and what was expected", () => {
    assert.throws(
      () => MemorySink.make({ capacity: -5 }),
      `MemorySink.make: capacity must be a whole number of at least 1, got -5`
    )
    assert.throws(
      () => LogSink.make({ name: "x", write: () => Effect.void, writeTimeout: 0 }),
      `LogSink.make("x"): writeTimeout must be a duration above 0, like "5s", "500 millis" or a number of milliseconds, got 0`
    )
    assert.throws(
      () => LogSink.make({ name: " ", write: () => Effect.void }),
      `LogSink.make(" "): name must be a text that is not blank, got " "`
    )
  })

  it("a wrong word in an option, as plain JavaScript lets through, is refused with those there are", () => {
    const words: {
      readonly format: LogEncoder.Format
      readonly mode: LogSink.SpoolOptions["mode"]
    } = JSON.parse(`{ "format": "jsn", "mode": "allways" }`)
    const refused = (make: string): string =>
      `${make}.make: format must be "json", "logfmt" or "pretty", or a LogEncoder, got "jsn"`
    assert.throws(() => ConsoleSink.make(words), refused("ConsoleSink"))
    assert.throws(() => FileSink.make({ path: "app.log", format: words.format }), refused("FileSink"))
    assert.throws(
      () => MemorySink.make({ spool: { directory: "spool", mode: words.mode } }),
      `MemorySink.make: spool.mode must be "overflow" or "always", got "allways"`
    )
  })

  it("a bad shutdownTimeout stops the layer", () => {
    assert.throws(
      () => Logging.layer({ sinks: [], shutdownTimeout: 0 }),
      /shutdownTimeout must be a finite duration above 0/
    )
  })
})

describe("the direct logger", () => {
  it.effect("goes through the same lanes with its level, its attributes and the clock's time", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1234)
      const sink = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [sink], minimumLevel: "Debug" })
      const logger = runtime.service.logger.with({ app: "test", token: "secret" }).with({ part: 1 })
      logger.trace("not wanted")
      logger.debug("debug")
      logger.fatal("fatal", { part: 2, nested: { password: "secret" } })
      yield* runtime.close()
      const [debug, fatal, ...rest] = sink.records
      assert.deepStrictEqual(rest, [])
      assert.deepStrictEqual([debug?.level, debug?.message, debug?.time], ["Debug", "debug", 1234])
      assert.deepStrictEqual({ ...debug?.annotations }, { app: "test", token: "<redacted>", part: 1 })
      assert.deepStrictEqual([fatal?.level, fatal?.message, fatal?.time], ["Fatal", "fatal", 1234])
      assert.strictEqual(
        JSON.stringify(fatal?.annotations),
        `{"app":"test","token":"<redacted>","part":2,"nested":{"password":"<redacted>"}}`
      )
    }))

  it.effect("inside a fiber it takes the fiber and the span along", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const span = yield* Effect.gen(function*() {
        runtime.service.logger.info("here")
        return yield* Effect.currentSpan
      }).pipe(Effect.withSpan("span"))
      yield* runtime.close()
      assert.strictEqual(sink.records[0]?.traceId, span.traceId)
      assert.strictEqual(sink.records[0]?.spanId, span.spanId)
      assert.isAbove(sink.records[0]?.fiberId ?? 0, 0)
    }))

  it.effect("used by a sink's own write it goes to the diagnostics", () =>
    Effect.gen(function*() {
      let logger: Logging.DirectLogger | undefined
      const sink = LogSink.make({
        name: "loop",
        batchWindow: 0,
        write: () => Effect.sync(() => logger?.info("again"))
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      logger = runtime.service.logger
      yield* runtime.run(logMany(1))
      yield* runtime.service.flush
      yield* runtime.close()
      assert.strictEqual(runtime.reports[0]?.lanes["loop"]?.accepted, 1)
      assert.strictEqual(runtime.lines.length, 1)
      assert.match(runtime.lines[0] ?? "", /a sink logged/)
    }))
})

describe("Logging.runMain", () => {
  it("says what it was not given, before it runs anything", () => {
    let isRun = false
    const run: Logging.RunMain = () => {
      isRun = true
    }
    const layer = Logging.layer({ sinks: [MemorySink.make()] })
    const calls: ReadonlyArray<readonly [wrong: string, call: () => unknown]> = [
      ["layer must be a Layer, got an object", () => Reflect.apply(Logging.runMain, undefined, [{}, run])],
      ["run must be a function, got undefined", () => Reflect.apply(Logging.runMain, undefined, [layer])],
      [
        "program must be an Effect, got a function",
        () => Reflect.apply(Logging.runMain(layer, run), undefined, [() => Effect.void])
      ]
    ]
    for (const [wrong, call] of calls) {
      assert.throws(call, RangeError, `Logging.runMain: ${wrong}`)
    }
    assert.isFalse(isRun)
  })
})

describe("drop summaries", () => {
  const overflow = (): ScriptedSink.ScriptedSink =>
    ScriptedSink.make({ name: "full", otherwise: ScriptedSink.gate, capacity: 10, maxBatchSize: 1 })

  it.effect("the first drops are told at once in a healthy lane, later ones every 30 s, the rest at shutdown", () =>
    Effect.gen(function*() {
      const full = overflow()
      const well = MemorySink.make({ filter: (record) => record.level === "Warn" })
      const runtime = yield* makeRuntime({ sinks: [full, well] })
      yield* runtime.run(Effect.logInfo("first"))
      yield* full.started(1)
      yield* runtime.run(logMany(19))
      yield* settle
      yield* runtime.service.flush.pipe(Effect.timeoutOption(0))
      const told = (): ReadonlyArray<unknown> => well.records.map((record) => record.message)
      assert.deepStrictEqual(told(), [`lane "full" dropped 10 records (queue_full 10); ${moreRoom}`])
      assert.deepStrictEqual(well.records[0]?.annotations["dropped"], { queue_full: 10 })
      yield* runtime.run(logMany(3))
      yield* settle
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(told().length, 1)
      yield* TestClock.adjust("1 second")
      yield* settle
      assert.deepStrictEqual(told().slice(1), [`lane "full" dropped 3 records (queue_full 3); ${moreRoom}`])
      yield* runtime.run(logMany(2))
      yield* Effect.forEach(Array.from({ length: 20 }), () => full.release, { discard: true })
      yield* runtime.close()
      assert.deepStrictEqual(told().slice(2), [`lane "full" dropped 2 records (queue_full 2); ${moreRoom}`])
    }))

  it.effect("with no other lane they go to stderr", () =>
    Effect.gen(function*() {
      const full = overflow()
      const runtime = yield* makeRuntime({ sinks: [full] })
      yield* runtime.run(Effect.logInfo("first"))
      yield* full.started(1)
      yield* runtime.run(logMany(14))
      yield* settle
      assert.deepStrictEqual(runtime.lines, [
        `[spillway] logging: lane "full" dropped 5 records (queue_full 5); ${moreRoom}\n`
      ])
      yield* Effect.forEach(Array.from({ length: 20 }), () => full.release, { discard: true })
      yield* runtime.close()
    }))
})

describe("metrics", () => {
  it.effect("the books are in Effect's metrics, live, and gone after shutdown", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.gate], capacity: 10, maxBatchSize: 1 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(Effect.logInfo("first"))
      yield* sink.started(1)
      yield* runtime.run(logMany(12))
      const text = yield* PrometheusMetrics.format()
      assert.include(text, `spillway_accepted_total{lane="scripted"} 13`)
      assert.include(text, `spillway_queued{lane="scripted"} 9`)
      assert.include(text, `spillway_in_flight{lane="scripted"} 1`)
      assert.match(text, /spillway_dropped_total\{[^}]*reason="queue_full"[^}]*\} 3/)
      yield* sink.release
      yield* runtime.close()
      assert.notInclude(yield* PrometheusMetrics.format(), "spillway_")
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())))
})

describe("synchronous logging", () => {
  it.effect("R7: without the queue a record is written before the log call returns", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      yield* runtime.run(Effect.sync(() => runtime.service.logger.info("direct")))
      assert.strictEqual(sink.records.length, 1)
      yield* runtime.run(Effect.andThen(
        Effect.logInfo("logged"),
        Effect.sync(() => assert.strictEqual(sink.records.length, 2))
      ))
      yield* runtime.close()
      yield* runtime.run(Effect.logInfo("late"))
      assert.strictEqual(sink.records.length, 2)
    }))

  it.effect("a synchronous write that throws is counted and harms nobody", () =>
    Effect.gen(function*() {
      const sink = LogSink.make({
        name: "throws",
        write: () => Effect.void,
        writeSync() {
          throw new Error("disk on fire")
        }
      })
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      yield* runtime.run(logMany(2))
      const { healthy, lanes } = yield* runtime.service.stats
      assert.isFalse(healthy)
      assert.strictEqual(lanes["throws"]?.dropped.retries_exhausted, 2)
      assert.strictEqual(lanes["throws"]?.lastError, "disk on fire")
      yield* runtime.close()
    }))

  it.effect("what a synchronous write does not deliver goes to the fallback, written at once too, else to the dead letters", () =>
    Effect.gen(function*() {
      const letters: Array<LogSink.DeadLetter> = []
      const fallback = MemorySink.make({ name: "fallback", minimumLevel: "Warn" })
      const sink = LogSink.make({
        name: "throws",
        write: () => Effect.void,
        writeSync() {
          throw new Error("disk on fire")
        },
        fallback,
        deadLetter: (more) => letters.push(...more)
      })
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      yield* runtime.run(Effect.andThen(Effect.logError("to the fallback"), Effect.logInfo("to the letters")))
      assert.deepStrictEqual(fallback.records.map(({ message }) => message), ["to the fallback"])
      assert.deepStrictEqual(
        letters.map(({ attempts, lastError, reason, record, sink }) => ({
          attempts,
          lastError,
          reason,
          sink,
          message: record.message
        })),
        [{
          sink: "throws",
          reason: "retries_exhausted",
          attempts: 1,
          lastError: "disk on fire",
          message: "to the letters"
        }]
      )
      const { lanes } = yield* runtime.service.stats
      assert.deepStrictEqual([lanes["throws"]?.deadLettered, lanes["fallback"]?.delivered], [2, 1])
      yield* runtime.close()
    }))

  it.effect("a fallback that cannot write synchronously takes what a synchronous write does not deliver into its queue", () =>
    Effect.gen(function*() {
      const fallback = ScriptedSink.make({ name: "fallback" })
      const sink = LogSink.make({
        name: "throws",
        write: () => Effect.void,
        writeSync() {
          throw new Error("disk on fire")
        },
        fallback
      })
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      yield* runtime.run(logMany(3))
      yield* runtime.close()
      assert.strictEqual(fallback.delivered.length, 3)
      assert.strictEqual(runtime.reports[0]?.lanes["throws"]?.deadLettered, 3)
    }))

  it.effect("the minimum level reaches the program's fibers", () =>
    Effect.gen(function*() {
      const level = yield* References.MinimumLogLevel.pipe(
        Effect.provide(Logging.layer({ sinks: [MemorySink.make()], minimumLevel: "Error" }))
      )
      assert.strictEqual(level, "Error")
    }))
})
