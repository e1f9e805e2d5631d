import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, FileSystem, Layer, Schema } from "effect"
import { relative, resolve } from "node:path"
import manifest from "../../package.json" with { type: "json" }
import { built } from "../../scratchpad/package/built.ts"
import { fixture, run } from "./program.ts"

/** The modules of the package, as they are published: their folder, and what each imports at once. */
class Built extends Context.Service<Built, {
  readonly folder: string
  readonly imports: (file: string) => ReadonlyArray<string>
}>()("Built") {
  static readonly layer = Layer.effect(
    Built,
    Effect.gen(function*() {
      const { folder, outputs } = yield* built
      const within = (path: string): string => relative(folder, resolve(path))
      const imports = new Map(
        Object.entries(outputs).map(([path, { imports }]) => [
          within(path),
          imports.filter(({ external, kind }) => external !== true && kind === "import-statement")
            .map(({ path }) => within(path))
        ])
      )
      return { folder, imports: (file) => imports.get(file) ?? [] }
    })
  )
}

const Loaded = Schema.fromJsonString(Schema.Struct({
  files: Schema.Array(Schema.String),
  lookUps: Schema.Int,
  nodes: Schema.Array(Schema.String)
}))

const loadedBy = (...modules: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { folder } = yield* Built
    const { stderr, stdout } = yield* run(fixture("loading"), [folder, ...modules])
    assert.strictEqual(stderr, "")
    return yield* Schema.decodeEffect(Loaded)(stdout)
  })

/** What stands apart is no part of the whole. */
const apart = new Set([
  "AccessLog",
  "bridges/PinoLogger",
  "bridges/RequestLog",
  "CommandLog",
  "ErrorReports",
  "HttpCalls",
  "RpcLog",
  "WorkLog",
  "sinks/ClickHouseSink",
  "sinks/ElasticsearchSink",
  "sinks/HttpPresets",
  "sinks/HttpSink",
  "sinks/LokiSink",
  "sinks/OtlpSink"
])

const modules = Object.values(manifest.exports).flatMap((path) => /^\.\/dist\/(.+)\.js$/.exec(path)?.[1] ?? [])

const withoutRuntime = new Set([
  "Ledger",
  "LogEncoder",
  "LogRecord",
  "LogRedactor",
  "LogSink",
  "RetryAfter",
  "sinks/MemorySink"
])

layer(Built.layer.pipe(Layer.provideMerge(NodeServices.layer)))("what the package has a program load", (it) => {
  it.effect("of a program that logs to a file: four files, and of Node only what every line needs", () =>
    Effect.gen(function*() {
      const { files, lookUps, nodes } = yield* loadedBy("Logging", "sinks/FileSink")
      assert.strictEqual(files.length, 4, files.join("\n"))
      assert.deepStrictEqual(nodes, [
        "node:async_hooks",
        "node:crypto",
        "node:fs",
        "node:net",
        "node:path",
        "node:stream",
        "node:util/types"
      ])
      assert.isAtMost(lookUps, 71)
    }))

  it.effect("of the whole library: two files more than it has modules, and nothing of the disks of spools and letters", () =>
    Effect.gen(function*() {
      const { files, lookUps, nodes } = yield* loadedBy("index")
      const whole = modules.filter((module) => !apart.has(module))
      assert.includeMembers([...files], whole.map((module) => `${module}.js`))
      assert.notIncludeMembers([...files], [...apart].map((module) => `${module}.js`))
      assert.isAtMost(files.length, whole.length + 2, files.join("\n"))
      assert.notInclude(nodes, "node:zlib")
      assert.isAtMost(lookUps, 155)
    }))

  it.effect("without an arrow function at its top, which V8 would parse whole", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const { folder } = yield* Built
      const { files } = yield* loadedBy("index")
      for (const file of files) {
        const code = yield* fs.readFileString(`${folder}/${file}`)
        assert.notMatch(code, /^var \w+ = (?:async )?\(.*\) => /m, file)
      }
    }))

  it.effect("of each module: itself and what it shares", () =>
    Effect.gen(function*() {
      const { imports } = yield* Built
      for (const module of modules) {
        if (module === "index") continue
        const files = new Set([`${module}.js`])
        for (const file of files) for (const path of imports(file)) files.add(path)
        const shared = withoutRuntime.has(module) ? 1 : 2
        // Those that stand apart share how they post, which no other loads, and most of them what they say of exceptions.
        const posting = apart.has(module) ? 2 : 0
        assert.isAtMost(files.size, 1 + shared + posting, [...files].join("\n"))
      }
    }))
})
