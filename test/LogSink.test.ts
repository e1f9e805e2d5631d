import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Context, Duration, Effect, type Layer, type Scope } from "effect"
import { ConsoleSink, Logging, type LogRecord, LogSink, MemorySink, ScriptedSink } from "../src/index.ts"
import { makeRuntime } from "./support/runtime.ts"

class Client extends Context.Service<Client, { readonly url: string }>()("test/Client") {}
class NoClient extends Error {
  readonly _tag = "NoClient"
}

const remote: Effect.Effect<ScriptedSink.ScriptedSink, NoClient, Client | Scope.Scope> = Effect.gen(function*() {
  const { url } = yield* Client
  if (url === "") return yield* Effect.fail(new NoClient())
  return ScriptedSink.make({ name: url })
})
const isOrder = ({ message }: LogRecord.LogRecord): boolean => message === "order"

describe("combinators of sinks", () => {
  it("take a sink, and give one of its kind", () => {
    const memory = MemorySink.make()
    expectTypeOf(memory.pipe(LogSink.withMinimumLevel("Warn"))).toEqualTypeOf<MemorySink.MemorySink>()
    expectTypeOf(LogSink.filter(memory, isOrder)).toEqualTypeOf<MemorySink.MemorySink>()
    expectTypeOf(memory.pipe(LogSink.withFallback(ScriptedSink.make()))).toEqualTypeOf<MemorySink.MemorySink>()
    const { name, options } = memory.pipe(
      LogSink.withMinimumLevel("Warn"),
      LogSink.withOptions({ capacity: 7 }),
      LogSink.withName("recent")
    )
    assert.deepStrictEqual([name, options.minimumLevel, options.capacity], ["recent", "Warn", 7])
  })

  it("take an Effect of a sink, and keep its errors and services", () => {
    type Same = Effect.Effect<ScriptedSink.ScriptedSink, NoClient, Client | Scope.Scope>
    expectTypeOf(remote.pipe(LogSink.withMinimumLevel("Warn"))).toEqualTypeOf<Same>()
    expectTypeOf(LogSink.withMinimumLevel(remote, "Warn")).toEqualTypeOf<Same>()
    expectTypeOf(remote.pipe(LogSink.filter(isOrder))).toEqualTypeOf<Same>()
    expectTypeOf(LogSink.filter(remote, isOrder)).toEqualTypeOf<Same>()
    expectTypeOf(remote.pipe(LogSink.withOptions({ capacity: 1 }))).toEqualTypeOf<Same>()
    expectTypeOf(LogSink.withOptions(remote, { capacity: 1 })).toEqualTypeOf<Same>()
    expectTypeOf(remote.pipe(LogSink.withName("a"))).toEqualTypeOf<Same>()
    expectTypeOf(LogSink.withName(remote, "a")).toEqualTypeOf<Same>()
    expectTypeOf(remote.pipe(LogSink.withFallback(MemorySink.make()))).toEqualTypeOf<Same>()
    expectTypeOf(ConsoleSink.make().pipe(LogSink.withMinimumLevel("Warn"))).toEqualTypeOf<
      Effect.Effect<LogSink.LogSink>
    >()
    const either = (source: LogSink.Source) => LogSink.withName(source, "a")
    expectTypeOf(either).returns.toEqualTypeOf<LogSink.Source>()
  })

  it("need of a fallback what it needs", () => {
    const memory = MemorySink.make()
    type Both = Effect.Effect<MemorySink.MemorySink, NoClient, Client | Scope.Scope>
    expectTypeOf(memory.pipe(LogSink.withFallback(remote))).toEqualTypeOf<Both>()
    expectTypeOf(LogSink.withFallback(memory, remote)).toEqualTypeOf<Both>()
    expectTypeOf(ConsoleSink.make().pipe(LogSink.withFallback(LogSink.required(remote)))).toEqualTypeOf<
      Effect.Effect<LogSink.LogSink, LogSink.RequiredSinkError, Client | Scope.Scope>
    >()
    expectTypeOf(Logging.layer({ sinks: [LogSink.withFallback(memory, LogSink.required(remote))] })).toEqualTypeOf<
      Layer.Layer<Logging.Logging, LogSink.RequiredSinkError, Client>
    >()
  })

  it.effect("change the sink that an Effect gives, in both forms", () =>
    Effect.gen(function*() {
      const before = MemorySink.make({ filter: ({ level }) => level !== "Debug" })
      const source = Effect.succeed(before)
      const fallback = MemorySink.make({ name: "b" })
      const last = yield* source.pipe(
        LogSink.withMinimumLevel("Warn"),
        LogSink.filter(isOrder),
        LogSink.withOptions({ capacity: 7, maxBytes: undefined }),
        LogSink.withName("a"),
        LogSink.withFallback(fallback)
      )
      const first = yield* LogSink.withFallback(
        LogSink.withName(
          LogSink.withOptions(LogSink.filter(LogSink.withMinimumLevel(source, "Warn"), isOrder), { capacity: 7 }),
          "a"
        ),
        fallback
      )
      for (const sink of [first, last]) {
        const { filter, ...options } = sink.options
        assert.deepStrictEqual(options, { batchWindow: Duration.zero, minimumLevel: "Warn", capacity: 7, fallback })
        assert.strictEqual(sink.name, "a")
        assert.strictEqual(sink.records, before.records)
        assert.isFunction(filter)
      }
    }))

  it.effect("leave an option that is undefined as it is", () =>
    Effect.gen(function*() {
      const sink = LogSink.withOptions(MemorySink.make({ capacity: 7 }), {
        capacity: undefined,
        batchWindow: undefined
      })
      assert.deepStrictEqual(sink.options, { batchWindow: Duration.zero, capacity: 7 })
    }))

  it.effect("acquire a fallback that is an Effect in the scope of its sink, and close it after both have drained", () =>
    Effect.gen(function*() {
      const events: Array<string> = []
      const kept = MemorySink.make({ name: "kept" })
      const fallback = Effect.acquireRelease(
        Effect.sync(() => {
          events.push("acquired")
          return kept
        }),
        () => Effect.sync(() => events.push(`closed with ${kept.records.length}`))
      )
      const refusing = ScriptedSink.make({ otherwise: ScriptedSink.fail({ _tag: "Rejected" }) })
      const runtime = yield* makeRuntime({ sinks: [refusing.pipe(LogSink.withFallback(fallback))] })
      yield* runtime.run(Effect.logInfo("order"))
      yield* runtime.close()
      assert.deepStrictEqual(kept.records.map(({ message }) => message), ["order"])
      assert.deepStrictEqual(events, ["acquired", "closed with 1"])
    }))
})
