import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, References, Tracer } from "effect"
import { Logging, LogSink, MemorySink } from "../../src/index.ts"
import { recordsOf } from "../support/capture.ts"
import { revoked, secret } from "../support/hostile.ts"
import { spanEventsOf } from "../support/tracing.ts"

const quiet = { diagnostics: () => {} }

/** A runtime with a sink in memory. */
const runtime = (options?: Logging.RuntimeOptions): Layer.Layer<Logging.Logging> =>
  Logging.layer({ ...quiet, sinks: [MemorySink.make()], ...options })

const namesUnder = (layer: Layer.Layer<Logging.Logging>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    spanEventsOf(Effect.provide(Effect.annotateLogs(Effect.logInfo("login"), "password", secret), layer)),
    (events) => {
      assert.notInclude(JSON.stringify(events), secret)
      return events.map(({ name }) => name)
    }
  )

describe("F91: a log call in a span is an event of it", () => {
  it.effect.each<[what: string, program: Effect.Effect<unknown>]>([
    ["a text", Effect.log("hello")],
    ["several", Effect.logWarning("hello", 1, { a: [true, null] })],
    ["an object", Effect.logError({ a: { b: "c" } })],
    ["no message", Effect.log()],
    ["a number", Effect.logFatal(1.5)],
    ["annotations", Effect.annotateLogs(Effect.logDebug("hello"), { a: 1, b: { c: "d" }, ["__proto__"]: 2 })]
  ])("in the shape of Effect's own: %s", ([, program]) =>
    Effect.gen(function*() {
      const all = Effect.provideService(program, References.MinimumLogLevel, "All")
      const own = yield* spanEventsOf(Effect.provide(all, Logger.layer([Logger.tracerLogger])))
      const ours = yield* spanEventsOf(Effect.provide(all, runtime()))
      assert.strictEqual(own.length, 1)
      assert.strictEqual(ours[0]?.name, own[0]?.name)
      const ordered = (attributes: Readonly<Record<string, unknown>> = {}) =>
        JSON.stringify(Object.entries({ ...attributes, "effect.fiberId": 0 }))
      assert.strictEqual(ordered(ours[0]?.attributes), ordered(own[0]?.attributes))
    }))

  it.effect.each<[what: string, program: Effect.Effect<unknown>]>([
    ["a message", Effect.log({ password: secret })],
    ["several messages", Effect.log("login", { nested: [{ password: secret }] })],
    ["an error", Effect.log(Object.assign(new Error("no"), { token: secret }))],
    ["annotations", Effect.annotateLogs(Effect.log("login"), { password: secret, request: { apiKey: secret } })],
    ["a cause", Effect.logError("login", Cause.fail(Object.assign(new Error("no"), { token: secret })))],
    ["a call that becomes no record", Effect.annotateLogs(Effect.logTrace({ token: secret }), { password: secret })]
  ])("with the snapshot of the record: %s", ([, program]) =>
    Effect.gen(function*() {
      const events = yield* spanEventsOf(
        recordsOf(Effect.provideService(program, References.MinimumLogLevel, "All"), {})
      )
      assert.strictEqual(events.length, 1)
      assert.notInclude(JSON.stringify(events), secret)
      assert.include(JSON.stringify(events), "redacted")
    }))

  it.effect("also where no lane takes it, and then it takes no number from the records", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make({
        minimumLevel: "Warn",
        capacity: 2,
        filter: ({ message }) => message !== "filtered"
      })
      const program = Effect.gen(function*() {
        const { shutdown, stats } = yield* Logging.Logging
        yield* Effect.logInfo("below the level")
        yield* Effect.logWarning("one")
        yield* Effect.logWarning("filtered")
        yield* Effect.logWarning("two")
        yield* Effect.logWarning("full")
        const { capture, lanes } = yield* stats
        assert.strictEqual(capture.filtered, 2)
        assert.strictEqual(lanes["memory"]?.dropped.queue_full, 1)
        yield* shutdown
        yield* Effect.logWarning("closed")
      })
      const events = yield* spanEventsOf(
        program.pipe(
          Effect.annotateLogs("password", secret),
          Effect.provide(Logging.layer({ ...quiet, sinks: [sink] }))
        )
      )
      assert.deepStrictEqual(events.map(({ name }) => name), [
        "below the level",
        "one",
        "filtered",
        "two",
        "full",
        "closed"
      ])
      for (const { attributes } of events) assert.strictEqual(attributes["password"], "<redacted>")
      assert.deepStrictEqual(sink.records.map(({ message, seq }) => [message, seq]), [["one", 1], ["two", 3]])
    }))

  it.effect("the level of the program decides before", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* namesUnder(runtime({ minimumLevel: "Error" })), [])
    }))

  it.effect("and none that is over, or of another process", () =>
    Effect.gen(function*() {
      const live = runtime()
      const external = Tracer.externalSpan({ traceId: "t", spanId: "s" })
      const events = yield* spanEventsOf(
        Effect.gen(function*() {
          const span = yield* Effect.currentSpan
          yield* Effect.log("before")
          span.end(0n, Exit.void)
          yield* Effect.log("after")
          yield* Effect.withParentSpan(Effect.log("elsewhere"), external)
        }).pipe(Effect.provide(live))
      )
      assert.deepStrictEqual(events.map(({ name }) => name), ["before"])
    }))

  it.effect("a call is total: what cannot be read, and a tracer that throws", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const records = yield* recordsOf(
        spanEventsOf(
          Effect.gen(function*() {
            yield* Effect.log([revoked()])
            yield* Effect.log("next")
          }),
          () => {
            throw new Error(secret)
          }
        ),
        { diagnostics: (line) => lines.push(line) }
      )
      assert.deepStrictEqual(records.map(({ message }) => message), [["[threw]"], "next"])
      assert.include(lines.join(""), "a span event could not be added")
      assert.notInclude(lines.join(""), secret)
    }))

  it.effect("has attributes of its own, to which a tracer may add", () =>
    Effect.gen(function*() {
      const program = Effect.all([
        Effect.logError("one", Cause.fail("no")),
        Effect.logError("two"),
        Effect.logError("three")
      ])
      const added: Array<unknown> = []
      yield* spanEventsOf(Effect.provide(program, runtime()), ({ attributes }) => {
        added.push(Object.keys(attributes))
        Object.assign(attributes, { added: true })
      })
      const own = ["effect.fiberId", "effect.logLevel"]
      assert.deepStrictEqual(added, [[...own, "effect.cause"], own, own])
    }))

  it.effect("says the fiber of its call, also where the record is one that stands for it", () =>
    Effect.gen(function*() {
      const isSensitive = (): boolean => assert.fail("the rule is broken")
      const ids: Array<number> = []
      const withheld = Effect.gen(function*() {
        ids.push(yield* Effect.fiberId)
        yield* Effect.log({ a: 1 })
      })
      const program = Effect.all([withheld, withheld], { concurrency: 2 })
      const events = yield* spanEventsOf(Effect.provide(program, runtime({ redact: { isSensitive } })))
      assert.deepStrictEqual(events.map(({ attributes }) => attributes["effect.fiberId"]), ids)
      assert.notStrictEqual(ids[0], ids[1])
    }))

  it.effect("where redaction fails the event is withheld too", () =>
    Effect.gen(function*() {
      const isSensitive = (): boolean => {
        throw new Error("the rule is broken")
      }
      const program = Effect.annotateLogs(Effect.log({ b: secret }), { a: secret })
      const events = yield* spanEventsOf(Effect.provide(program, runtime({ redact: { isSensitive } })))
      assert.deepStrictEqual(events.map(({ name }) => name), ["[record withheld: redaction failed]"])
      assert.notInclude(JSON.stringify(events), secret)
    }))
})

describe("F91: who adds span events", () => {
  const tracerOnly = Logger.layer([Logger.tracerLogger])
  const none = Logger.layer([])
  const merged = { mergeWithExisting: true } as const

  /** A runtime with a sink whose records end up beside the spans. */
  const beside = (options?: Logging.RuntimeOptions): Layer.Layer<Logging.Logging> =>
    Logging.layer({
      ...quiet,
      ...options,
      sinks: [
        MemorySink.make(),
        LogSink.make({ name: "collector", write: () => Effect.void, replacesSpanEvents: true }).pipe(
          LogSink.withName("renamed"),
          LogSink.withMinimumLevel("Warn")
        )
      ]
    })

  it.effect.each<[what: string, layer: Layer.Layer<Logging.Logging>, events: number]>([
    ["as before", runtime(), 1],
    ["none are wanted", runtime({ spanEvents: false }), 0],
    ["there were none before", runtime().pipe(Layer.provide(none)), 0],
    ["there were none before, but are wanted", runtime({ spanEvents: true }).pipe(Layer.provide(none)), 1],
    ["Effect's own is replaced where the others are kept", runtime(merged).pipe(Layer.provide(tracerOnly)), 1],
    ["and removed", runtime({ ...merged, spanEvents: false }).pipe(Layer.provide(tracerOnly)), 0],
    ["in place of another runtime", runtime().pipe(Layer.provide(runtime())), 1],
    ["beside another runtime", runtime(merged).pipe(Layer.provide(runtime())), 1],
    ["beside one that adds none", runtime(merged).pipe(Layer.provide(runtime({ spanEvents: false }))), 0],
    ["a sink has its records beside the spans", beside(), 0],
    ["it has, but they are wanted", beside({ spanEvents: true }), 1],
    [
      "it has, and Effect's own are removed where the others are kept",
      beside(merged).pipe(Layer.provide(tracerOnly)),
      0
    ],
    ["another runtime has such a sink", runtime().pipe(Layer.provide(beside())), 0],
    ["in tests", Logging.layerTest(), 1]
  ])("%s", ([, layer, expected]) =>
    Effect.gen(function*() {
      const events = yield* namesUnder(layer)
      assert.deepStrictEqual(events, Array.from({ length: expected }, () => "login"))
    }))
})
