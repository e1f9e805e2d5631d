import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Context, Duration, Effect, FileSystem, Layer, Path } from "effect"
import { TestClock } from "effect/testing"
import { localLane } from "../src/contract/localLane.ts"
import { remoteLane } from "../src/contract/remoteLane.ts"
import { Logging, LoggingConfig, LogSink, MemorySink, ScriptedSink } from "../src/index.ts"
import { durationOf } from "../src/options/duration.ts"

type Env = Readonly<Record<string, string>>

const provider = (env: Env): Layer.Layer<never> => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

const load = (env: Env) => Effect.provide(LoggingConfig.load, provider(env))

/** What a parsed variable is, with durations in milliseconds. */
const plain = (value: unknown): unknown => Duration.isDuration(value) ? Duration.toMillis(value) : value

const problemsOf = (env: Env) =>
  Effect.map(Effect.flip(load(env)), (error) => {
    if (error instanceof Config.ConfigError) throw error
    return error.problems
  })

interface Case {
  readonly variable: string
  readonly get: (environment: LoggingConfig.Environment) => unknown
  readonly absent: unknown
  readonly good: ReadonlyArray<readonly [text: string, value: unknown]>
  readonly bad: ReadonlyArray<string>
  readonly expected: string
}

const wholeNumber = (
  variable: string,
  key: "capacity" | "maxBytes" | "maxBatchSize" | "maxBatchBytes",
  unit: string
): Case => ({
  variable,
  get: ({ lane }) => lane[key],
  absent: undefined,
  good: [["1", 1], ["1000", 1000], [" 42 ", 42]],
  bad: ["0", "-1", "1.5", "1e3", "0x10", "many", " ", "9007199254740993"],
  expected: `a whole number of at least 1 (${unit})`
})

const duration = (
  variable: string,
  get: Case["get"],
  least: "zero" | "positive"
): Case => ({
  variable,
  get,
  absent: undefined,
  good: [
    ["1", 1],
    ["2500", 2500],
    [" 30 ", 30],
    ["5s", 5000],
    ["5 secs", 5000],
    ["0.25 seconds", 250],
    ["500ms", 500],
    ["250 millis", 250],
    ["2 minutes", 120_000],
    ["1 HOUR", 3_600_000],
    ...(least === "zero" ? [["0", 0] as const] : [])
  ],
  bad: [
    "0.5",
    "1.0",
    ".5",
    "1e3",
    "-1",
    "soon",
    " ",
    "Infinity",
    "NaN",
    "5 parsecs",
    "-2 seconds",
    ...(least === "zero" ? [] : ["0", "0 millis"])
  ],
  expected: `a duration ${
    least === "zero" ? "of at least" : "above"
  } 0 with a unit, like "5s" or "500 millis", or a whole number of milliseconds`
})

const cases: ReadonlyArray<Case> = [
  {
    variable: "LOGGING_LEVEL",
    get: ({ level }) => level,
    absent: undefined,
    good: [
      ["Debug", "Debug"],
      ["debug", "Debug"],
      [" WARN ", "Warn"],
      ["Warning", "Warn"],
      ["warning", "Warn"],
      ["All", "All"],
      ["none", "None"]
    ],
    bad: ["loud", "off", "3", " "],
    expected: "one of All, Trace, Debug, Info, Warn, Error, Fatal, None"
  },
  {
    variable: "LOGGING_FORMAT",
    get: ({ format }) => format,
    absent: undefined,
    good: [["json", "json"], ["Pretty", "pretty"], ["logfmt", "logfmt"]],
    bad: ["xml", "json,pretty"],
    expected: "one of pretty, json, logfmt"
  },
  {
    variable: "LOGGING_STREAM",
    get: ({ stream }) => stream,
    absent: undefined,
    good: [["stderr", "stderr"], ["STDOUT", "stdout"]],
    bad: ["2", "file"],
    expected: "one of stdout, stderr"
  },
  {
    variable: "LOGGING_FILE",
    get: ({ file }) => file,
    absent: undefined,
    good: [["logs/app.ndjson", "logs/app.ndjson"], [" app.log\r", "app.log"], ["my app.log\n", "my app.log"]],
    bad: [" ", "\t", "a\rb.log", "a\u0000b", "\u001b[31mapp.log", "a\u0085b"],
    expected: "a path that is not blank and has no control characters"
  },
  {
    variable: "LOGGING_QUEUE_ENABLED",
    get: ({ queue }) => queue,
    absent: undefined,
    good: [
      ["true", true],
      ["1", true],
      ["yes", true],
      ["ON", true],
      ["false", false],
      ["0", false],
      ["No", false],
      ["off", false]
    ],
    bad: ["maybe", "2", "t"],
    expected: "a boolean: true, false, 1, 0, yes, no, on or off"
  },
  {
    variable: "LOGGING_PRESET",
    get: ({ lane }) => lane.capacity,
    absent: undefined,
    good: [["default", undefined], ["classic", 1000]],
    bad: ["modern"],
    expected: "one of default, classic"
  },
  wholeNumber("LOGGING_QUEUE_SIZE", "capacity", "records"),
  wholeNumber("LOGGING_QUEUE_MAX_BYTES", "maxBytes", "bytes"),
  {
    variable: "LOGGING_QUEUE_STRATEGY",
    get: ({ lane }) => lane.strategy,
    absent: undefined,
    good: [["dropping", "dropping"], ["Sliding", "sliding"], ["sampling", "sampling"]],
    bad: ["suspend", "block"],
    expected: "one of dropping, sliding, sampling"
  },
  {
    variable: "LOGGING_SAMPLE_SHARE",
    get: ({ lane }) => lane.sampleShare,
    absent: undefined,
    good: [["0.25", 0.25], [" .5 ", 0.5], ["0.001", 0.001]],
    bad: ["0", "0.0", "1", "1.5", "-0.5", "10%", "a tenth"],
    expected: "a number above 0 and below 1, like 0.25"
  },
  wholeNumber("LOGGING_QUEUE_BATCH_SIZE", "maxBatchSize", "records"),
  wholeNumber("LOGGING_QUEUE_BATCH_BYTES", "maxBatchBytes", "bytes"),
  duration("LOGGING_QUEUE_BATCH_TIMEOUT", ({ lane }) => lane.batchWindow, "zero"),
  duration("LOGGING_QUEUE_WRITE_TIMEOUT", ({ lane }) => lane.writeTimeout, "positive"),
  {
    ...duration("LOGGING_QUEUE_RETRY_DELAY", ({ lane }) => lane.retry !== undefined, "positive"),
    absent: false,
    good: [["1000", true], ["250 millis", true]]
  },
  {
    variable: "LOGGING_QUEUE_MAX_RETRIES",
    get: ({ lane }) => lane.retry !== undefined,
    absent: false,
    good: [["0", true], ["3", true]],
    bad: ["-1", "1.5", "three"],
    expected: "a whole number of at least 0 (retries)"
  },
  duration("LOGGING_SHUTDOWN_TIMEOUT", ({ shutdownTimeout }) => shutdownTimeout, "positive"),
  {
    variable: "LOGGING_DIAGNOSTICS",
    get: ({ diagnostics }) => diagnostics,
    absent: undefined,
    good: [["text", "text"], [" JSON ", "json"]],
    bad: ["pretty", "true"],
    expected: "one of text, json"
  },
  duration("LOGGING_GRACE_PERIOD", ({ gracePeriod }) => gracePeriod, "positive")
]

describe("LoggingConfig", () => {
  it("has a case here for every variable", () => {
    assert.deepStrictEqual(
      cases.map(({ variable }) => variable),
      LoggingConfig.variables.map(({ name }) => name).filter((name) => name !== "LOGGING_LEVEL_<SINK>")
    )
  })

  it("says the defaults that sinks have", () => {
    const defaultOf = (name: string) => LoggingConfig.variables.find((variable) => variable.name === name)?.default
    const all = (option: keyof typeof localLane, overHttp = "") =>
      `${LogSink.defaults[option]}, ${overHttp}console and file ${localLane[option]}`
    assert.strictEqual(defaultOf("LOGGING_QUEUE_SIZE"), all("capacity"))
    assert.strictEqual(
      defaultOf("LOGGING_QUEUE_BATCH_SIZE"),
      all("maxBatchSize", `over HTTP ${remoteLane.maxBatchSize}, `)
    )
    assert.strictEqual(
      defaultOf("LOGGING_QUEUE_BATCH_BYTES"),
      all("maxBatchBytes", `over HTTP up to ${remoteLane.maxBatchBytes}, `)
    )
  })

  for (const { absent, bad, expected, get, good, variable } of cases) {
    describe(`the variable ${variable}`, () => {
      it.effect("may be absent or empty", () =>
        Effect.gen(function*() {
          assert.strictEqual(plain(get(yield* load({}))), absent)
          assert.strictEqual(plain(get(yield* load({ [variable]: "" }))), absent)
        }))

      for (const [text, value] of good) {
        it.effect(`takes ${JSON.stringify(text)}`, () =>
          Effect.gen(function*() {
            assert.strictEqual(plain(get(yield* load({ [variable]: text }))), value)
          }))
      }

      for (const text of bad) {
        it.effect(`refuses ${JSON.stringify(text)}`, () =>
          Effect.gen(function*() {
            assert.deepStrictEqual(yield* problemsOf({ [variable]: text }), [{ variable, value: text, expected }])
          }))
      }
    })
  }

  it.effect("reports all bad values, by name, in one message", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(load({
        LOGGING_LEVEL: "loud",
        LOGGING_QUEUE_SIZE: "0",
        LOGGING_SHUTDOWN_TIMEOUT: "never",
        LOGGING_LEVEL_CONSOLE: "quiet",
        LOGGING_LEVEL_FILE: "chatty",
        LOGGING_FORMAT: "json"
      }))
      assert.instanceOf(error, LoggingConfig.LoggingConfigError)
      assert.deepStrictEqual(error.message.split("\n").toSorted(), [
        `LOGGING_LEVEL: expected one of All, Trace, Debug, Info, Warn, Error, Fatal, None, got "loud"`,
        `LOGGING_LEVEL_CONSOLE: expected one of All, Trace, Debug, Info, Warn, Error, Fatal, None, got "quiet"`,
        `LOGGING_LEVEL_FILE: expected one of All, Trace, Debug, Info, Warn, Error, Fatal, None, got "chatty"`,
        `LOGGING_QUEUE_SIZE: expected a whole number of at least 1 (records), got "0"`,
        `LOGGING_SHUTDOWN_TIMEOUT: expected a duration above 0 with a unit, like "5s" or "500 millis", ` +
        `or a whole number of milliseconds, got "never"`
      ])
    }))

  it.effect("F87: shows at most 200 characters of a bad value, and says how many it had", () =>
    Effect.gen(function*() {
      const [problem] = yield* problemsOf({ LOGGING_QUEUE_SIZE: "x".repeat(1000) })
      assert.strictEqual(problem?.value, `${"x".repeat(200)}…[truncated: 1000 characters]`)
    }))

  it.effect("LOGGING_PRESET=classic gives the classic values", () =>
    Effect.gen(function*() {
      const { lane } = yield* load({ LOGGING_PRESET: "classic" })
      assert.deepStrictEqual(lane, LogSink.classic)
      assert.strictEqual(lane.capacity, 1000)
      assert.strictEqual(lane.maxBatchSize, 10)
      assert.strictEqual(plain(lane.batchWindow && durationOf(lane.batchWindow)), 1000)
    }))

  it.effect("a variable goes before the preset", () =>
    Effect.gen(function*() {
      const { lane } = yield* load({ LOGGING_PRESET: "classic", LOGGING_QUEUE_SIZE: "50" })
      assert.strictEqual(lane.capacity, 50)
      assert.strictEqual(lane.maxBatchSize, 10)
    }))
})

const started = (
  env: Env,
  options: Logging.RuntimeOptions & {
    readonly sinks?: ReadonlyArray<LogSink.LogSink | Effect.Effect<LogSink.LogSink>>
  }
) =>
  Effect.map(
    Layer.build(
      Logging.layerFromConfig(options).pipe(Layer.provide(provider(env)), Layer.provide(NodeServices.layer))
    ),
    (context) => ({ context, ...Context.get(context, Logging.Logging) })
  )

describe("Logging.layerFromConfig", () => {
  it.effect("LOGGING_QUEUE_ENABLED=false: the record is there when the log call returns", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const { logger } = yield* started({ LOGGING_QUEUE_ENABLED: "false" }, { sinks: [sink] })
      logger.info("now")
      assert.deepStrictEqual(sink.records.map((record) => record.message), ["now"])
    }))

  it.effect("with the queue the record is there after a flush", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const { flush, logger } = yield* started({}, { sinks: [sink] })
      logger.info("later")
      assert.deepStrictEqual(sink.records, [])
      yield* flush
      assert.deepStrictEqual(sink.records.map((record) => record.message), ["later"])
    }))

  it.effect("without sinks: the console, and the file of LOGGING_FILE", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const file = path.join(yield* fs.makeTempDirectoryScoped(), "logs", "app.ndjson")
      const { context, flush, stats } = yield* started({ LOGGING_FILE: file }, {
        diagnostics: () => {}
      })
      assert.deepStrictEqual(Object.keys((yield* stats).lanes), ["console", "file"])
      yield* Effect.provide(Effect.logDebug("below the program's level"), context)
      yield* flush
      assert.strictEqual(yield* fs.readFileString(file), "")
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("LOGGING_FILE gets JSON lines, synchronously without the queue", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const file = path.join(yield* fs.makeTempDirectoryScoped(), "app.ndjson")
      const { logger } = yield* started({
        LOGGING_FILE: file,
        LOGGING_QUEUE_ENABLED: "off",
        LOGGING_STREAM: "stderr"
      }, {})
      logger.info("written")
      const lines = (yield* fs.readFileString(file)).trimEnd().split("\n")
      assert.deepStrictEqual(lines.map((line) => JSON.parse(line).message), ["written"])
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("LOGGING_LEVEL goes before the options", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const { context } = yield* started({ LOGGING_LEVEL: "debug", LOGGING_QUEUE_ENABLED: "0" }, {
        sinks: [sink],
        minimumLevel: "Error"
      })
      yield* Effect.provide(Effect.andThen(Effect.logTrace("trace"), Effect.logDebug("debug")), context)
      assert.deepStrictEqual(sink.records.map((record) => record.message), ["debug"])
    }))

  it.effect("lane variables go before the options of the sinks, also of those built by an Effect", () =>
    Effect.gen(function*() {
      const { stats } = yield* started({ LOGGING_QUEUE_SIZE: "20" }, {
        sinks: [MemorySink.make({ capacity: 5 }), Effect.sync(() => MemorySink.make({ name: "other" }))]
      })
      const { lanes } = yield* stats
      assert.strictEqual(lanes["memory"]?.capacity, 20)
      assert.strictEqual(lanes["other"]?.capacity, 20)
    }))

  it.effect("LOGGING_QUEUE_BATCH_SIZE and LOGGING_QUEUE_BATCH_TIMEOUT shape the batches", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make()
      const { logger } = yield* started({ LOGGING_QUEUE_BATCH_SIZE: "2", LOGGING_QUEUE_BATCH_TIMEOUT: "3s" }, {
        sinks: [sink]
      })
      for (const message of ["a", "b", "c"]) logger.info(message)
      yield* sink.started(1)
      yield* TestClock.adjust("2999 millis")
      assert.deepStrictEqual(sink.writes.map((batch) => batch.length), [2])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(sink.writes.map((batch) => batch.length), [2, 1])
    }))

  it.effect("LOGGING_QUEUE_MAX_RETRIES and LOGGING_QUEUE_RETRY_DELAY bound the attempts", () =>
    Effect.gen(function*() {
      const { unavailable } = ScriptedSink
      const sink = ScriptedSink.make({ script: [unavailable, unavailable, unavailable, unavailable] })
      const { flush, logger, stats } = yield* started({
        LOGGING_QUEUE_MAX_RETRIES: "2",
        LOGGING_QUEUE_RETRY_DELAY: "1000"
      }, { sinks: [sink], diagnostics: () => {} })
      logger.info("a")
      yield* Effect.forkChild(flush, { startImmediately: true })
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual(sink.writes.length, 3)
      assert.strictEqual((yield* stats).lanes["scripted"]?.dropped.retries_exhausted, 1)
    }))

  it.effect("LOGGING_PRESET=classic retries three times", () =>
    Effect.gen(function*() {
      const { unavailable } = ScriptedSink
      const sink = ScriptedSink.make({ script: Array.from({ length: 9 }, () => unavailable) })
      const { logger, stats } = yield* started({ LOGGING_PRESET: "classic" }, { sinks: [sink], diagnostics: () => {} })
      logger.info("a")
      yield* TestClock.adjust("1 second")
      yield* sink.started(1)
      yield* TestClock.adjust("7 seconds")
      assert.strictEqual(sink.writes.length, 4)
      assert.strictEqual((yield* stats).lanes["scripted"]?.dropped.retries_exhausted, 1)
    }))

  it.effect("LOGGING_SHUTDOWN_TIMEOUT and LOGGING_GRACE_PERIOD are checked against each other", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      yield* started({ LOGGING_SHUTDOWN_TIMEOUT: "10 seconds", LOGGING_GRACE_PERIOD: "10000" }, {
        sinks: [MemorySink.make()],
        diagnostics: (line) => lines.push(line)
      })
      assert.include(lines.join(), "grace period of 10000 ms is shorter")
    }))

  it.effect("a bad value fails the layer", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(started({ LOGGING_QUEUE_SIZE: "lots" }, { sinks: [MemorySink.make()] }))
      assert.instanceOf(error, LoggingConfig.LoggingConfigError)
      assert.strictEqual(
        error.message,
        `LOGGING_QUEUE_SIZE: expected a whole number of at least 1 (records), got "lots"`
      )
    }))
})
