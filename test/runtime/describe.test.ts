import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted, Schedule } from "effect"
import { ConsoleSink, LogEncoder, Logging, LogRoutes, LogSink, MemorySink } from "../../src/index.ts"
import { makeRuntime } from "../support/runtime.ts"

const nobody = (): void => {}

const describeWith = (options: Partial<Logging.Options<ReadonlyArray<LogSink.LogSink>>>) =>
  Effect.scoped(Effect.gen(function*() {
    const context = yield* Logging.make({ sinks: [], diagnostics: nobody, ...options })
    return yield* Effect.provide(Logging.describe, context)
  }))

/** The description of a runtime whose options the environment has a say in. */
const described = (
  env: Record<string, string>,
  options: Logging.RuntimeOptions & { readonly sinks?: ReadonlyArray<LogSink.LogSink> }
) =>
  Logging.describe.pipe(
    Effect.provide(
      Logging.layerFromConfig({ diagnostics: nobody, ...options }).pipe(
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
      )
    )
  )

describe("the description of a runtime", () => {
  it.effect("has every option with its default, where nothing else was said", () =>
    Effect.gen(function*() {
      const sink = LogSink.make({ name: "plain", write: () => Effect.void })
      const { lanes, options } = yield* describeWith({ sinks: [sink], diagnostics: undefined })
      const defaults = {
        minimumLevel: "Info",
        scopes: {},
        lowestLevel: "Info",
        shutdownTimeout: "5s",
        gracePeriod: null,
        onShutdown: null,
        mergeWithExisting: false,
        spanEvents: options["spanEvents"]?.value,
        redact: { defaults: true },
        limits: { depth: 8, keys: 100, fieldBytes: 32_768, recordBytes: 262_144 },
        fields: null,
        enrich: null,
        routes: null,
        queue: true,
        diagnostics: "text"
      }
      const expected = Object.entries(defaults).map(([name, value]) => [name, { value, from: "default" }])
      assert.deepStrictEqual(options, Object.fromEntries(expected))
      assert.deepStrictEqual(
        Object.keys(lanes["plain"] ?? {}).toSorted(),
        Object.keys(LogSink.defaults).toSorted()
      )
      assert.isTrue(Object.values(lanes["plain"] ?? {}).every(({ from }) => from === "default"))
      assert.deepStrictEqual(lanes["plain"]?.["batchWindow"], { value: "1s", from: "default" })
      assert.deepStrictEqual(lanes["plain"]?.["breaker"], {
        value: { failures: 5, cooldown: "30s" },
        from: "default"
      })
    }))

  it.effect("says what the code has said, of the layer and of each lane, fallbacks too", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make({
        name: "a",
        capacity: 100,
        writeTimeout: "2 seconds",
        breaker: { failures: 2, cooldown: 60_000 },
        retry: Schedule.recurs(1),
        filter: function noise() {
          return true
        },
        map: { drop: ["debug"], add: { region: "eu-1" } }
      }).pipe(LogSink.withFallback(MemorySink.make({ name: "b" })))
      const { lanes, options } = yield* describeWith({
        sinks: [sink],
        minimumLevel: "debug",
        shutdownTimeout: 1500,
        redact: { keys: ["iban"] },
        limits: { depth: 2 },
        routes: LogRoutes.make([{ when: { level: "Error", annotation: { audit: true } }, to: ["a"] }])
      })
      assert.deepStrictEqual(options["minimumLevel"], { value: "Debug", from: "code" })
      assert.deepStrictEqual(options["lowestLevel"], { value: "Debug", from: "default" })
      assert.deepStrictEqual(options["shutdownTimeout"], { value: "1s 500ms", from: "code" })
      assert.deepStrictEqual(options["redact"], { value: { keys: ["iban"] }, from: "code" })
      assert.deepStrictEqual(options["limits"], {
        value: { depth: 2, keys: 100, fieldBytes: 32_768, recordBytes: 262_144 },
        from: "code"
      })
      assert.deepStrictEqual(options["routes"], {
        value: [{ when: { level: "Error", annotation: { audit: true } }, to: ["a"] }],
        from: "code"
      })
      const { breaker, capacity, fallback, filter, map, retry, writeTimeout } = lanes["a"] ?? {}
      assert.deepStrictEqual(breaker, { value: { failures: 2, cooldown: "1m" }, from: "code" })
      assert.deepStrictEqual(capacity, { value: 100, from: "code" })
      assert.deepStrictEqual(writeTimeout, { value: "2s", from: "code" })
      assert.deepStrictEqual(retry, { value: "[Schedule]", from: "code" })
      assert.deepStrictEqual(filter, { value: "[Function noise]", from: "code" })
      assert.deepStrictEqual(map, { value: { drop: ["debug"], add: { region: "eu-1" } }, from: "code" })
      assert.deepStrictEqual(fallback, { value: "b", from: "code" })
      assert.deepStrictEqual(lanes["b"]?.["fallback"], { value: null, from: "default" })
    }))

  it.effect("says what the environment has said, which goes before the code, of the lanes of the layer only", () =>
    Effect.gen(function*() {
      const env = {
        LOGGING_LEVEL: "warn,billing=Debug",
        LOGGING_LEVEL_A: "Error",
        LOGGING_QUEUE_SIZE: "500",
        LOGGING_QUEUE_BATCH_TIMEOUT: "2s",
        LOGGING_SHUTDOWN_TIMEOUT: "3s"
      }
      const sink = MemorySink.make({ name: "a", capacity: 100 }).pipe(
        LogSink.withFallback(MemorySink.make({ name: "b", capacity: 500 }))
      )
      const { lanes, options } = yield* described(env, { sinks: [sink], shutdownTimeout: "1s", gracePeriod: "20s" })
      assert.deepStrictEqual(options["minimumLevel"], { value: "Warn", from: "environment" })
      assert.deepStrictEqual(options["scopes"], { value: { billing: "Debug" }, from: "environment" })
      assert.deepStrictEqual(options["shutdownTimeout"], { value: "3s", from: "environment" })
      assert.deepStrictEqual(options["gracePeriod"], { value: "20s", from: "code" })
      assert.deepStrictEqual(lanes["a"]?.["capacity"], { value: 500, from: "environment" })
      assert.deepStrictEqual(lanes["a"]?.["minimumLevel"], { value: "Error", from: "environment" })
      assert.deepStrictEqual(lanes["a"]?.["batchWindow"], { value: "2s", from: "environment" })
      assert.deepStrictEqual(lanes["a"]?.["maxBytes"]?.from, "default")
      assert.deepStrictEqual(lanes["b"]?.["capacity"], { value: 500, from: "code" })
    }))

  it.effect("has the lanes that there are now", () =>
    Effect.gen(function*() {
      const { close, service } = yield* makeRuntime({ sinks: [MemorySink.make({ name: "a" })] })
      const names = Effect.map(service.describe, ({ lanes }) => Object.keys(lanes))
      assert.deepStrictEqual(yield* names, ["a"])
      yield* service.attach(MemorySink.make({ name: "b" }))
      assert.deepStrictEqual(yield* names, ["a", "b"])
      yield* service.detach("a")
      assert.deepStrictEqual(yield* names, ["b"])
      yield* service.replace("b", MemorySink.make({ capacity: 5, maxBatchSize: 7 }))
      const before = yield* service.describe
      assert.deepStrictEqual(before.lanes["b"]?.["maxBatchSize"], { value: 7, from: "code" })
      assert.deepStrictEqual(before.lanes["b"]?.["capacity"], { value: 8192, from: "default" })
      yield* service.setLevel("Error", { scope: "billing" })
      const { levels, options } = yield* service.describe
      assert.deepStrictEqual([before.levels.scopes, levels.scopes], [{}, { billing: "Error" }])
      assert.deepStrictEqual(options, before.options)
      yield* close()
    }))

  it.effect("is plain data, equal for equal configurations, and another for others", () =>
    Effect.gen(function*() {
      const made = (capacity: number) =>
        describeWith({ sinks: [MemorySink.make({ capacity })], enrich: () => ({}), limits: { keys: 5 } })
      const one = yield* made(10)
      assert.deepStrictEqual(yield* made(10), one)
      assert.deepStrictEqual(JSON.parse(JSON.stringify(one)), one)
      assert.notDeepEqual(yield* made(11), one)
    }))

  const secret = "hunter2hunter2"

  it.effect("shows no secret, whichever option holds one and whatever the rules of the runtime let through", () =>
    Effect.gen(function*() {
      const url = `https://anna:${secret}@logs.example/?token=${secret}`
      const text = `no luck with password=${secret}`
      const sink = MemorySink.make({
        name: `at ${url}`,
        map: {
          drop: [url],
          rename: { a: text },
          add: {
            password: secret,
            apiKey: Redacted.make(secret),
            url,
            text,
            headers: { authorization: `Bearer ${secret}` },
            list: [{ name: "token", value: secret }],
            get late() {
              return { password: secret }
            },
            get bad() {
              throw new Error(secret)
            }
          }
        },
        filter: () => secret.length > 0,
        deadLetter: () => secret.length,
        retry: LogSink.exponentialRetry({ base: "1 second" }),
        spool: { directory: `/dev/null/password=${secret}/x`, mode: "always", maxAge: "1 hour" }
      })
      for (
        const redact of [
          false,
          undefined,
          { defaults: false },
          { allow: ["password", "token", "authorization", "apiKey"] },
          { marker: "***", isSensitive: () => false }
        ] as const
      ) {
        const description = yield* describeWith({
          sinks: [
            sink.pipe(LogSink.withFallback(MemorySink.make({ name: text }))),
            LogSink.make({ name: "encoded", write: () => Effect.void })
          ],
          redact,
          fields: { service: "orders", password: secret, url, text },
          enrich: () => ({ password: secret }),
          onShutdown: () => Effect.succeed(secret),
          diagnostics: () => secret,
          routes: [
            {
              when: { scope: text, span: url, annotation: { password: secret, url }, is: () => secret.length > 0 },
              to: []
            }
          ]
        })
        const shown = JSON.stringify(description)
        assert.notInclude(shown, secret, JSON.stringify(redact))
        assert.include(shown, "<redacted>")
      }
      const rules = yield* describeWith({ redact: { keys: ["iban", url], marker: text, allow: [text] } })
      assert.notInclude(JSON.stringify(rules), secret)
      const own = yield* describeWith({
        redact: { keys: ["region"] },
        sinks: [MemorySink.make({ map: { add: { region: "eu-1" } } })]
      })
      assert.notInclude(JSON.stringify(own), "eu-1")
    }))

  it.effect("tells nothing of what sinks are made with", () =>
    Effect.gen(function*() {
      const console = yield* ConsoleSink.make({ format: LogEncoder.logfmt(), name: "out", minimumLevel: "None" })
      const { lanes } = yield* describeWith({ sinks: [console], routes: [{ to: [] }] })
      assert.deepStrictEqual(lanes["out"]?.["filter"], { value: null, from: "default" })
      assert.deepStrictEqual(Object.keys(lanes["out"] ?? {}).toSorted(), Object.keys(LogSink.defaults).toSorted())
    }))
})
