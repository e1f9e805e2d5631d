import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import { linkSync, symlinkSync } from "node:fs"
import { ConsoleSink, FileSink, Logging, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { temporary } from "../process/files.ts"

type Build = (diagnostics: (line: string) => void) => Layer.Layer<Logging.Logging>

const toConsole: Build = (diagnostics) => Logging.layer({ sinks: [ConsoleSink.make()], diagnostics })
const toStderr: Build = (diagnostics) => Logging.layer({ sinks: [ConsoleSink.make({ stream: "stderr" })], diagnostics })
const toMemory: Build = (diagnostics) => Logging.layer({ sinks: [MemorySink.make()], diagnostics })
const toFile = (path: string): Build => (diagnostics) =>
  Logging.layer({ sinks: [Effect.orDie(FileSink.make({ path }))], diagnostics })
const fromConfig: Build = (diagnostics) =>
  Layer.orDie(Logging.layerFromConfig({ sinks: [ConsoleSink.make()], diagnostics }))
type Source = LogSink.LogSink | ReturnType<typeof FileSink.make> | ReturnType<typeof ConsoleSink.make>
const made = (sinks: ReadonlyArray<Source>): Build => (diagnostics) =>
  Layer.effectContext(Effect.orDie(Logging.make({ sinks, diagnostics })))

/** What is said while runtimes are built one after another and live together. */
const saidBy = (...builds: ReadonlyArray<Build>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.scoped(Effect.gen(function*() {
    const lines: Array<string> = []
    for (const build of builds) yield* Layer.build(build((line) => lines.push(line)))
    return lines
  }))

const twins = (place: string): string =>
  `[spillway] two calls of Logging.layer have made two runtimes that write to "${place}" at the same time: ` +
  "keep the layer in one constant, because layers are shared by reference\n"

const oneFile = (path: string, one = "file", other = "file#2"): string =>
  `[spillway] the sinks "${one}" and "${other}" append to one file, "${path}", where their lines mix: ` +
  "keep one of them, or give each a path of its own\n"

const noSinks = "[spillway] the runtime has no sinks, so that nothing that is logged goes anywhere: " +
  "give it one, ConsoleSink.make() say\n"

describe("two runtimes by accident", () => {
  it.live("two calls of Logging.layer that share a console are told once, however many follow", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidBy(toConsole, toConsole), [twins("stdout")])
      assert.deepStrictEqual(yield* saidBy(toConsole, fromConfig, toConsole, toMemory), [twins("stdout")])
    }))

  it.live("so are two that share a file", () =>
    Effect.gen(function*() {
      const path = yield* temporary("app.log")
      assert.deepStrictEqual(yield* saidBy(toFile(path), toFile(path)), [twins(path)])
    }))

  it.live("nothing is said of what a program may mean", () =>
    Effect.gen(function*() {
      const path = yield* temporary("app.log")
      const lines: Array<string> = []
      const one = toConsole((line) => lines.push(line))
      assert.deepStrictEqual(yield* saidBy(toConsole, toStderr, toMemory, toMemory, toFile(path)), [])
      assert.deepStrictEqual(yield* saidBy(toConsole, made([ConsoleSink.make()]), () => Logging.layerTest()), [])
      yield* saidBy(() => one, () => one)
      assert.deepStrictEqual(lines, [])
    }))

  it.live("nor when one has ended before the other begins", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidBy(toConsole), [])
      assert.deepStrictEqual(yield* saidBy(toConsole), [])
      const lines: Array<string> = []
      const first = yield* Layer.build(toConsole((line) => lines.push(line)))
      yield* Context.get(first, Logging.Logging).shutdown
      yield* Layer.build(toConsole((line) => lines.push(line)))
      assert.deepStrictEqual(lines, [])
    }).pipe(Effect.scoped))

  it.live("nor when one still ends", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const hanging = ScriptedSink.make({ script: [ScriptedSink.hang], batchWindow: 0 })
      const first = yield* Layer.build(Logging.layer({
        sinks: [ConsoleSink.make({ minimumLevel: "Fatal" }), hanging],
        shutdownTimeout: "200 millis",
        diagnostics: () => {}
      }))
      yield* Effect.provide(Effect.logInfo("hangs"), first)
      yield* hanging.started(1)
      const ending = yield* Effect.forkChild(Context.get(first, Logging.Logging).shutdown, { startImmediately: true })
      yield* Layer.build(toConsole((line) => lines.push(line)))
      assert.isUndefined(ending.pollUnsafe())
      assert.deepStrictEqual(lines, [])
    }).pipe(Effect.scoped))

  it.live("nor when one is built for a part of the program of the other, at any depth", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const layer = () => toConsole((line) => lines.push(line))
      const innermost = Effect.provide(Effect.void, layer())
      const inner = Effect.provide(innermost, layer())
      yield* Effect.provide(inner, layer())
      assert.deepStrictEqual(lines, [])
    }))
})

describe("two sinks on one file", () => {
  it.live("of one runtime are told, whatever path leads there", () =>
    Effect.gen(function*() {
      const path = yield* temporary("app.log")
      const [symbolic, hard] = [`${path}.symbolic`, `${path}.hard`]
      yield* saidBy(toFile(path))
      symlinkSync(path, symbolic)
      linkSync(path, hard)
      for (const other of [path, `${path}/../app.log`, symbolic, hard]) {
        const lines = yield* saidBy(made([FileSink.make({ path }), FileSink.make({ path: other, format: "logfmt" })]))
        assert.deepStrictEqual(lines, [oneFile(path)], other)
      }
    }))

  it.live("of runtimes that no two calls of Logging.layer have made are told too", () =>
    Effect.gen(function*() {
      const path = yield* temporary("app.log")
      const audit = made([FileSink.make({ path, name: "audit" })])
      assert.deepStrictEqual(yield* saidBy(toFile(path), audit), [oneFile(path, "audit", "file")])
    }))

  it.live("are told where the file cannot be opened", () =>
    Effect.gen(function*() {
      const path = yield* temporary("app.log")
      yield* saidBy(toFile(path))
      const below = `${path}/app.log`
      const lines = yield* saidBy(made([FileSink.make({ path: below }), FileSink.make({ path: below })]))
      assert.include(lines, oneFile(below))
    }))

  it.live("nothing is said of one file that several things are done with", () =>
    Effect.gen(function*() {
      const path = yield* temporary("app.log")
      const device = made([FileSink.make({ path: "/dev/null" }), FileSink.make({ path: "/dev/null" })])
      assert.deepStrictEqual(yield* saidBy(device, toFile(path), toFile(`${path}.2`)), [])
      const scope = yield* Scope.make()
      const file = yield* Scope.provide(FileSink.make({ path }), scope)
      const both = made([file, MemorySink.make().pipe(LogSink.withFallback(LogSink.withName(file, "rest")))])
      assert.deepStrictEqual(yield* saidBy(both), [])
      yield* Scope.close(scope, Exit.void)
    }))
})

describe("no sinks", () => {
  it.live("are told", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* saidBy(made([])), [noSinks])
      assert.deepStrictEqual(yield* saidBy((diagnostics) => Logging.layer({ sinks: [], diagnostics })), [noSinks])
    }))
})
