import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Effect, FileSystem, Layer, type LogLevel, Path, type Scope } from "effect"
import { ConsoleSink, FileSink, Logging, LoggingConfig, LogLevels, LogSink, MemorySink } from "../../src/index.ts"
import { replace } from "../support/replace.ts"

type Env = Readonly<Record<string, string>>
type Source = LogSink.LogSink | Effect.Effect<LogSink.LogSink, unknown, Scope.Scope>

const inEnv = (env: Env) => ConfigProvider.fromEnv({ env })

/** A runtime with the options of an environment, written in the log call, and what it says. */
const started = (
  provider: ConfigProvider.ConfigProvider,
  sinks?: ReadonlyArray<Source>,
  minimumLevel?: Logging.RuntimeOptions["minimumLevel"]
) =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const context = yield* Layer.build(
      Logging.layerFromConfig({ sinks, queue: false, minimumLevel, diagnostics: (line) => lines.push(line.trimEnd()) })
    ).pipe(Effect.provideService(ConfigProvider.ConfigProvider, provider))
    return { context, lines, ...Context.get(context, Logging.Logging) }
  })

const levels = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"] as const

/** The levels that reach a sink with `Effect.log*`, with the direct logger, and with a child of it. */
const levelsOf = ({ context, logger }: Effect.Success<ReturnType<typeof started>>, sink: MemorySink.MemorySink) =>
  Effect.gen(function*() {
    const logAll = Effect.forEach(levels, (level) => Effect.logWithLevel(level)("effect"), { discard: true })
    yield* Effect.provide(logAll, context)
    for (const each of [logger, logger.with({ child: true })]) {
      each.trace("direct")
      each.debug("direct")
      each.info("direct")
      each.warn("direct")
      each.error("direct")
      each.fatal("direct")
    }
    const of = (message: string, child: boolean) =>
      sink.records.filter((record) =>
        record.message === message && Object.hasOwn(record.annotations, "child") === child
      )
        .map(({ level }) => level)
    return { effect: of("effect", false), direct: of("direct", false), child: of("direct", true) }
  })

const alike = (least: number) => {
  const from: ReadonlyArray<LogLevel.LogLevel> = levels.slice(least)
  return { effect: from, direct: from, child: from }
}

describe("LOGGING_LEVEL", () => {
  for (
    const [text, least] of [
      ["All", 0],
      ["trace", 0],
      ["DEBUG", 1],
      ["Info", 2],
      ["warn", 3],
      ["Warning", 3],
      ["Error", 4],
      ["fatal", 5],
      ["none", 6]
    ] as const
  ) {
    it.effect(`${text} holds for Effect.log*, the direct logger and its children, before the code`, () =>
      Effect.gen(function*() {
        const sink = MemorySink.make()
        const runtime = yield* started(inEnv({ LOGGING_LEVEL: text }), [sink], "Error")
        assert.deepStrictEqual(yield* levelsOf(runtime, sink), alike(least))
      }))
  }
})

describe("LOGGING_LEVEL with scopes", () => {
  const debugIn = (scope: string) => Logging.scope(scope)(Effect.logDebug(scope))
  const logged = Effect.all([debugIn("billing"), debugIn("http"), debugIn("http.server"), Effect.logDebug("none")])

  it.effect("goes before those in the code, name by name, and leaves the level to the code where it names none", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const { level } = yield* Effect.provide(
        Effect.andThen(logged, Logging.Logging),
        Logging.layerFromConfig({
          sinks: [sink],
          queue: false,
          minimumLevel: "Error",
          scopes: { "http": "Debug", "billing": "Warn" }
        })
      ).pipe(
        Effect.provideService(ConfigProvider.ConfigProvider, inEnv({ LOGGING_LEVEL: "billing=Debug,http.*=info" }))
      )
      assert.deepStrictEqual(sink.records.map(({ message }) => message), ["billing", "http"])
      assert.strictEqual(LogLevels.format(level.value), "Error,http=Debug,billing=Debug,http.*=Info")
    }))

  it.effect("is read with the level for all, in any case", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const { context, level } = yield* started(inEnv({ LOGGING_LEVEL: "WARN, http.* = debug" }), [sink], "Trace")
      yield* Effect.provide(logged, context)
      assert.deepStrictEqual(sink.records.map(({ message }) => message), ["http", "http.server"])
      assert.strictEqual(LogLevels.format(level.value), "Warn,http.*=Debug")
    }))

  it.effect("stops the program when it is bad, with its name, its value and what was expected", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(started(inEnv({ LOGGING_LEVEL: "Info,billing=loud", LOGGING_QUEUE_SIZE: "0" })))
      assert.strictEqual(
        error.message,
        "LOGGING_LEVEL: expected one of All, Trace, Debug, Info, Warn, Error, Fatal, None for \"billing\", " +
          "got \"Info,billing=loud\"\n" +
          "LOGGING_QUEUE_SIZE: expected a whole number of at least 1 (records), got \"0\""
      )
    }))
})

describe("LOGGING_LEVEL_<SINK>", () => {
  const cases: ReadonlyArray<readonly [what: string, env: Env, memory: number, file: number]> = [
    ["lowers one sink below the program", { LOGGING_LEVEL: "Info", LOGGING_LEVEL_MY_FILE: "Debug" }, 2, 1],
    ["lowers one sink where the environment names no other level", { LOGGING_LEVEL_MY_FILE: "All" }, 4, 0],
    ["raises one sink", { LOGGING_LEVEL: "Debug", LOGGING_LEVEL_MEMORY: "warning" }, 3, 1],
    ["silences one sink", { LOGGING_LEVEL: "Info", LOGGING_LEVEL_MEMORY: "None" }, 6, 2],
    ["is for one sink alone", { LOGGING_LEVEL: "None", LOGGING_LEVEL_MEMORY: "Error" }, 4, 6],
    ["may name all sinks", { LOGGING_LEVEL_MEMORY: "Debug", LOGGING_LEVEL_MY_FILE: "Fatal" }, 1, 5]
  ]
  for (const [what, env, memory, file] of cases) {
    it.effect(`${what}, for Effect.log* and the direct logger`, () =>
      Effect.gen(function*() {
        const sinks = [MemorySink.make(), MemorySink.make({ name: "my-file" })] as const
        const runtime = yield* started(inEnv(env), [sinks[0], Effect.sync(() => sinks[1])], "Error")
        assert.deepStrictEqual(yield* levelsOf(runtime, sinks[0]), alike(memory))
        assert.deepStrictEqual(sinks[1].records.length, 3 * (levels.length - file))
        assert.deepStrictEqual(sinks[1].records[0]?.level, levels[file])
        assert.deepStrictEqual(runtime.lines, [])
      }))
  }

  it.effect("goes before the level of the sink in code, and leaves those of others", () =>
    Effect.gen(function*() {
      const sinks = [
        MemorySink.make({ minimumLevel: "Fatal" }),
        MemorySink.make({ name: "strict", minimumLevel: "Error" }),
        MemorySink.make({ name: "lenient" })
      ] as const
      const runtime = yield* started(inEnv({ LOGGING_LEVEL_MEMORY: "Trace", LOGGING_LEVEL: "Warn" }), sinks)
      assert.deepStrictEqual(yield* levelsOf(runtime, sinks[0]), alike(0))
      assert.deepStrictEqual(sinks.map(({ records }) => records.length), [18, 6, 9])
    }))

  it.effect("knows the second sink of a name by its number", () =>
    Effect.gen(function*() {
      const sinks = [MemorySink.make(), MemorySink.make()] as const
      const runtime = yield* started(inEnv({ LOGGING_LEVEL_MEMORY_2: "Error" }), sinks, "Info")
      yield* levelsOf(runtime, sinks[1])
      assert.deepStrictEqual(sinks.map(({ records }) => records.length), [12, 6])
      assert.deepStrictEqual(runtime.lines, [])
    }))

  it.effect("is read by its name where the provider lists none", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const named = ConfigProvider.make(([name]) =>
        Effect.succeed(name === "LOGGING_LEVEL_MEMORY" ? ConfigProvider.makeValue("Error") : undefined)
      )
      const runtime = yield* started(ConfigProvider.orElse(inEnv({ LOGGING_LEVEL: "Info" }), named), [sink])
      assert.deepStrictEqual(yield* levelsOf(runtime, sink), alike(4))
    }))

  it.effect("a bad value stops the program, and releases its sinks", () =>
    Effect.gen(function*() {
      const released: Array<string> = []
      const source = (name: string) =>
        Effect.acquireRelease(
          Effect.sync(() => MemorySink.make({ name })),
          () => Effect.sync(() => released.push(name))
        )
      const error = yield* Effect.flip(
        started(inEnv({ LOGGING_LEVEL_ONE: "loud", LOGGING_LEVEL_TWO: "off" }), [source("one"), source("two")])
      )
      assert.instanceOf(error, LoggingConfig.LoggingConfigError)
      assert.deepStrictEqual(error.problems.map(({ value, variable }) => [variable, value]), [
        ["LOGGING_LEVEL_ONE", "loud"],
        ["LOGGING_LEVEL_TWO", "off"]
      ])
      assert.deepStrictEqual(released, ["one", "two"])
    }))

  it.effect("a bad value is told with all the others, also of sinks whose names are not known yet", () =>
    Effect.gen(function*() {
      const env = {
        LOGGING_LEVEL: "loud",
        LOGGING_LEVEL_CONSOLE: "loud",
        LOGGING_LEVEL_MEMORY: "loud",
        LOGGING_LEVEL_LATER: "loud",
        LOGGING_LEVEL_FINE: "warn",
        LOGGING_QUEUE_SIZE: "0"
      }
      const variablesOf = (sinks: ReadonlyArray<Source>) =>
        Effect.map(Effect.flip(started(inEnv(env), sinks)), (error) => {
          assert.instanceOf(error, LoggingConfig.LoggingConfigError)
          return error.problems.map(({ variable }) => variable)
        })
      const ready = ["LOGGING_LEVEL_CONSOLE", "LOGGING_LEVEL", "LOGGING_QUEUE_SIZE", "LOGGING_LEVEL_MEMORY"]
      assert.deepStrictEqual(yield* variablesOf([MemorySink.make(), MemorySink.make({ name: "console" })]), ready)
      const later = Effect.sync(() => MemorySink.make({ name: "later" }))
      assert.deepStrictEqual(yield* variablesOf([MemorySink.make(), later]), [...ready, "LOGGING_LEVEL_LATER"])
      const error = yield* Effect.flip(started(inEnv(env), [later]))
      assert.match(
        error.message,
        /^LOGGING_LEVEL_LATER: expected one of All, .*, None, where a sink has that name, got "loud"$/m
      )
    }))

  it.effect("of a sink that is not there is said with those that are", () =>
    Effect.gen(function*() {
      const runtime = yield* started(inEnv({ LOGGING_LEVEL_FILE: "Debug" }), [MemorySink.make()])
      assert.deepStrictEqual(runtime.lines, [
        `[spillway] there is no sink named "file" for LOGGING_LEVEL_FILE, only "memory"; correct what is this program's`
      ])
    }))

  it.effect("of no sink of the program may be anything, and is said with the nearest sink", () =>
    Effect.gen(function*() {
      const runtime = yield* started(inEnv({ LOGGING_LEVEL_MEMROY: "off" }), [MemorySink.make()])
      assert.deepStrictEqual(runtime.lines, [
        "[spillway] unknown variable in the environment: LOGGING_LEVEL_MEMROY (did you mean LOGGING_LEVEL_MEMORY?); correct what is this program's"
      ])
    }))
})

describe("variables that are not known", () => {
  it.effect("are said once, in one line, and no error", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const { lines, logger } = yield* started(
        inEnv({ LOGGING_SERVICE_HOST: "10.0.0.1", LOGGING_QEUE_SIZE: "5", LOGGING_LEVEL: "Info", PORT: "3000" }),
        [sink]
      )
      logger.info("works")
      assert.strictEqual(sink.records.length, 1)
      assert.deepStrictEqual(lines, [
        "[spillway] unknown variables in the environment: " +
        "LOGGING_QEUE_SIZE (did you mean LOGGING_QUEUE_SIZE?), LOGGING_SERVICE_HOST; correct what is this program's"
      ])
    }))
})

/** What is written to the streams until the scope closes. */
const written = Effect.gen(function*() {
  const texts = { stdout: "", stderr: "" }
  for (const stream of ["stdout", "stderr"] as const) {
    yield* replace(process[stream], "write", (text: string) => {
      texts[stream] += text
    })
  }
  return texts
})

const file = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* fs.makeTempDirectoryScoped()
  return {
    at: (name: string) => path.join(folder, name),
    lines: (name: string) =>
      Effect.map(
        Effect.option(fs.readFileString(path.join(folder, name))),
        (text) => text._tag === "None" ? undefined : text.value.split("\n").length - 1
      )
  }
}).pipe(Effect.provide(NodeServices.layer))

describe("LOGGING_FORMAT, LOGGING_STREAM and LOGGING_FILE, with sinks in code", () => {
  it.effect("hold for every console sink, whatever else was made of it", () =>
    Effect.gen(function*() {
      const texts = yield* written
      const { logger } = yield* started(inEnv({ LOGGING_FORMAT: "logfmt", LOGGING_STREAM: "stderr" }), [
        ConsoleSink.make({ format: "json" }),
        Effect.map(ConsoleSink.make({ stream: "stdout", name: "errors" }), LogSink.withMinimumLevel("Error"))
      ])
      logger.info("first")
      logger.error("second")
      assert.strictEqual(texts.stdout, "")
      assert.deepStrictEqual(texts.stderr.match(/message=\w+/g), ["message=first", "message=second", "message=second"])
    }))

  it.effect("leave what they do not name to the code, and Logging.layer to itself", () =>
    Effect.gen(function*() {
      const texts = yield* written
      const { logger } = yield* started(inEnv({ LOGGING_STREAM: "stderr" }), [
        ConsoleSink.make({ format: "logfmt", stream: "stdout" })
      ])
      logger.info("first")
      assert.match(texts.stderr, /message=first\n$/)
      const context = yield* Layer.build(Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })], queue: false }))
        .pipe(Effect.provideService(ConfigProvider.ConfigProvider, inEnv({ LOGGING_STREAM: "stderr" })))
      Context.get(context, Logging.Logging).logger.info("second")
      assert.strictEqual(JSON.parse(texts.stdout).message, "second")
    }))

  it.effect("LOGGING_FILE is the path of the first file sink named file, and of no other", () =>
    Effect.gen(function*() {
      const { at, lines } = yield* file
      const { logger, ...runtime } = yield* started(inEnv({ LOGGING_FILE: at("environment") }), [
        FileSink.make({ path: at("audit"), name: "audit" }),
        FileSink.make({ path: at("first") }),
        FileSink.make({ path: at("second") })
      ])
      logger.info("a line")
      const written = yield* Effect.forEach(["environment", "audit", "first", "second"], lines)
      assert.deepStrictEqual(written, [1, 1, undefined, 1])
      assert.deepStrictEqual(runtime.lines, [])
    }))

  it.effect("LOGGING_FILE stays with a sink that is acquired at a second attempt", () =>
    Effect.gen(function*() {
      const { at, lines } = yield* file
      let attempts = 0
      const source = Effect.gen(function*() {
        const sink = yield* FileSink.make({ path: at("code") })
        return ++attempts === 1 ? yield* Effect.fail("not yet") : sink
      })
      const { context, flush } = yield* started(inEnv({ LOGGING_FILE: at("environment") }), [source])
      yield* Effect.provide(Effect.logInfo("a line"), context)
      yield* flush
      assert.strictEqual(attempts, 2)
      assert.deepStrictEqual(yield* Effect.forEach(["environment", "code"], lines), [1, undefined])
    }))

  it.effect("leave a fallback to the code", () =>
    Effect.gen(function*() {
      const texts = yield* written
      const { at, lines } = yield* file
      const failing = LogSink.make({ name: "failing", write: () => Effect.fail(LogSink.rejected("no")) })
      const env = { LOGGING_FORMAT: "json", LOGGING_FILE: at("environment"), LOGGING_LEVEL_FAILING: "Info" }
      const runtime = yield* started(inEnv(env), [
        failing.pipe(LogSink.withFallback(ConsoleSink.make({ format: "logfmt" }))),
        LogSink.withName(failing, "other").pipe(LogSink.withFallback(FileSink.make({ path: at("code") })))
      ])
      runtime.logger.info("first")
      yield* runtime.flush
      assert.include(texts.stdout, "message=first")
      assert.deepStrictEqual(yield* Effect.forEach(["environment", "code"], lines), [undefined, 1])
      assert.include(
        runtime.lines.join("\n"),
        `no console sink is there for LOGGING_FORMAT; no file sink named "file" is there for LOGGING_FILE`
      )
    }))

  const nowhere: ReadonlyArray<readonly [env: Env, line: string]> = [
    [{ LOGGING_STREAM: "stderr" }, "no console sink is there for LOGGING_STREAM"],
    [
      { LOGGING_FORMAT: "json", LOGGING_STREAM: "stderr" },
      "no console sink is there for LOGGING_FORMAT and LOGGING_STREAM"
    ],
    [{ LOGGING_FILE: "app.log" }, `no file sink named "file" is there for LOGGING_FILE`],
    [
      { LOGGING_FORMAT: "json", LOGGING_FILE: "app.log" },
      `no console sink is there for LOGGING_FORMAT; no file sink named "file" is there for LOGGING_FILE`
    ]
  ]
  for (const [env, line] of nowhere) {
    it.effect(`say in one line where they cannot apply: ${Object.keys(env).join(", ")}`, () =>
      Effect.gen(function*() {
        const { lines } = yield* started(inEnv(env), [MemorySink.make()])
        assert.deepStrictEqual(lines, [`[spillway] ${line}; add it to the sinks, or unset that`])
      }))
  }

  it.effect("say nothing where they apply, nor where none is set", () =>
    Effect.gen(function*() {
      yield* written
      const { at } = yield* file
      const env = { LOGGING_FORMAT: "json", LOGGING_STREAM: "stderr", LOGGING_FILE: at("app.log") }
      const sinks = [ConsoleSink.make(), FileSink.make({ path: at("code.log") })]
      for (
        const runtime of [started(inEnv(env), sinks), started(inEnv(env)), started(inEnv({}), [MemorySink.make()])]
      ) {
        assert.deepStrictEqual((yield* Effect.scoped(runtime)).lines, [])
      }
    }))
})

it.effect("Logging.layerTest asks no environment", () =>
  Effect.gen(function*() {
    const context = yield* Layer.build(Logging.layerTest()).pipe(
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        inEnv({ LOGGING_LEVEL: "loud", LOGGING_LEVEL_TEST: "None", LOGGING_STREAM: "stderr" })
      )
    )
    const { logger, stats } = Context.get(context, Logging.Logging)
    logger.trace("kept")
    assert.strictEqual((yield* stats).lanes["test"]?.delivered, 1)
  }))
