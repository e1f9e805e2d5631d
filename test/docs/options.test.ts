import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Config, Effect, FileSystem, Path } from "effect"
import { HttpClient } from "effect/http"
import {
  interfacesOf,
  type Options,
  optionsTable,
  placesIn,
  publicInterfaces,
  publicOptions,
  withTables
} from "../../scratchpad/docs/options.ts"
import { defaultLimits } from "../../src/capture/limits.ts"
import {
  ConsoleSink,
  DeadLetters,
  FileSink,
  Ledger,
  Logging,
  LogRecord,
  LogRedactor,
  LogSink,
  MemorySink,
  ScriptedSink
} from "../../src/index.ts"
import * as ClickHouseSink from "../../src/sinks/ClickHouseSink.ts"
import * as ElasticsearchSink from "../../src/sinks/ElasticsearchSink.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"
import * as LokiSink from "../../src/sinks/LokiSink.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"
import type { SpoolError } from "../../src/spool/disk/SpoolError.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { bytes, duration, laneOptions, records, saidOf, written } from "./optionDefaults.ts"
import { manual } from "./pages.ts"
import { root } from "./programs.ts"
import { sourcesOf } from "./structure.ts"

/** A client that nothing is posted with. */
const nobody = HttpClient.make(() => Effect.never)

const sources = sourcesOf("src")
const all = publicOptions(sources)
const tables = new Map(all.map((options) => [options.name, optionsTable(options)]))

const named = (name: string): Options => {
  const found = all.find((options) => options.name === name)
  assert.isDefined(found, `${name} is public`)
  return found
}

/** What is said to be the default of an option. */
const documented = (name: string, option: string): string | undefined =>
  named(name).options.find((found) => found.name === option)?.default

describe("the options of public modules", () => {
  it("are found by their category, which every interface named after options has", () => {
    assert.includeMembers(all.map(({ name }) => name), ["LaneOptions", "SpoolOptions", "FileSink.Options", "Limits"])
    const others = publicInterfaces(sources).filter(({ category }) => category !== "options")
    assert.deepStrictEqual(others.filter(({ name }) => name.endsWith("Options")), [])
  })

  it("are documented, each on its field, with a default where one can be left out", () => {
    for (const { name, options } of all) {
      assert.isAbove(options.length, 0, name)
      for (const option of options) {
        assert.match(option.meaning, /^[A-Z].*\.$/s, `${name}.${option.name} is not documented`)
        if (option.isOptional) assert.isDefined(option.default, `${name}.${option.name} has no default`)
      }
    }
  })

  it("are read field by field, also where a field has no documentation", () => {
    const text = [
      "/**",
      " * Options.",
      " *",
      " * @category options",
      " */",
      "export interface Options extends Other {",
      "  /**",
      "   * Does one",
      "   * thing.",
      "   *",
      "   * And more.",
      "   *",
      "   * @default \"one\" | true",
      "   */",
      "  readonly first?: string",
      "  readonly second?: ((",
      "    value: string",
      "  ) => void)",
      "  /** Does {@link X}. */",
      "  readonly third: number",
      "}"
    ]
    const [found] = interfacesOf("x.ts", text.join("\n"))
    assert.deepStrictEqual(found, {
      name: "Options",
      path: "x.ts",
      category: "options",
      options: [
        { name: "first", isOptional: true, type: "string", meaning: "Does one thing.", default: `"one" | true` },
        { name: "second", isOptional: true, type: "(( value: string ) => void)", meaning: "", default: undefined },
        { name: "third", isOptional: false, type: "number", meaning: "Does {@link X}.", default: undefined }
      ]
    })
    assert.isDefined(found)
    const rows = optionsTable(found).split("\n").map((row) => row.replaceAll(/ +/g, " "))
    assert.include(rows, "| `first` | `\"one\"` \\| `true` | Does one thing. |")
    assert.include(rows, "| `third` | required | Does `X`. |")
  })

  it("name only reasons for a loss that there are", () => {
    const reasons = all.flatMap(({ options }) => options).flatMap(({ meaning }) =>
      Array.from(meaning.matchAll(/ as `(\w+)`/g), ([, reason]) => reason)
    )
    assert.includeMembers([...Ledger.dropReasons], reasons)
    assert.includeMembers(reasons, ["queue_full", "bytes_full", "spool_full", "shutdown_deadline", "expired"])
  })
})

/** The documented default, or a part of it that leaves the unit to the reader. */
const says = (text: string, value: string, what: string): void => {
  assert.include([value, value.replace(/ records$/, "")], text, what)
}

describe("the defaults that are documented", () => {
  it("of a lane are those of LogSink.defaults, every one", () => {
    assert.deepStrictEqual(named("LaneOptions").options.map(({ name }) => name), Object.keys(LogSink.defaults))
    for (const option of laneOptions) {
      const text = documented("LaneOptions", option) ?? ""
      says(saidOf("", text), written(option, LogSink.defaults[option]), option)
    }
  })

  it.effect("of a lane are those of each sink, where it sets its own", () =>
    Effect.gen(function*() {
      const sinks = {
        console: yield* ConsoleSink.make(),
        file: yield* FileSink.make({ path: "/dev/null" }),
        memory: MemorySink.make(),
        ...yield* Effect.provideService(
          Effect.all({
            clickhouse: ClickHouseSink.make({ url: "https://clickhouse.example", table: "logs" }),
            elasticsearch: ElasticsearchSink.make({ url: "https://search.example" }),
            http: HttpSink.make({ url: "https://logs.example" }),
            loki: LokiSink.make({ url: "https://loki.example", labels: { service_name: "orders" } }),
            otlp: OtlpSink.make()
          }),
          HttpClient.HttpClient,
          nobody
        )
      }
      for (const [name, sink] of Object.entries(sinks)) {
        for (const option of laneOptions) {
          const text = documented("LaneOptions", option) ?? ""
          const value = { ...LogSink.defaults, ...sink.options }[option]
          says(saidOf(name, text), written(option, value), `${option} of ${name}`)
        }
        const [capital = "", ...rest] = name === "clickhouse" ? "clickHouse" : name
        assert.strictEqual(documented(`${capital.toUpperCase()}${rest.join("")}Sink.Options`, "name"), `"${sink.name}"`)
      }
      assert.strictEqual(documented("ScriptedSink.Options", "name"), `"${ScriptedSink.make().name}"`)
    }))

  it("of the bounds of a record are those of the capture", () => {
    const { depth, fieldBytes, keys, recordBytes } = defaultLimits
    const texts = {
      depth: `${depth} levels`,
      keys: `${keys} keys`,
      fieldBytes: bytes(fieldBytes),
      recordBytes: bytes(recordBytes)
    }
    for (const { default: text, name } of named("Limits").options) {
      assert.strictEqual(text, new Map(Object.entries(texts)).get(name), name)
    }
    const together = `depth ${depth}, keys ${keys}, field ${texts.fieldBytes}, record ${texts.recordBytes}`
    assert.strictEqual(documented("RuntimeOptions", "limits"), together)
  })

  it.effect("of a record, a memory and a shutdown are those in use", () =>
    Effect.gen(function*() {
      assert.strictEqual(documented("LogRedactor.Options", "marker"), JSON.stringify(LogRedactor.make().marker))
      const memory = MemorySink.make()
      yield* memory.write(Array.from({ length: 20_000 }, () => LogRecord.make({ message: "" })))
      assert.strictEqual(documented("MemorySink.Options", "limit"), records(memory.records.length))
      const lines: Array<string> = []
      yield* Logging.make({ sinks: [], gracePeriod: 1, diagnostics: (line) => lines.push(line) })
      const [, millis] = /shutdownTimeout (\d+) ms/.exec(lines.join("")) ?? []
      assert.strictEqual(documented("RuntimeOptions", "shutdownTimeout"), duration(Number(millis)))
    }))
})

layer(NodeServices.layer)("the defaults that are documented", (it) => {
  it.effect("of a spool and of dead letters are those that their bounds are refused with", () =>
    Effect.gen(function*() {
      const directory = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
      const openings: Record<string, (bounds: Partial<SpoolStore.Options>) => Effect.Effect<unknown, SpoolError>> = {
        "SpoolOptions": (bounds) => SpoolStore.open({ directory, lane: "a", ...bounds }),
        "DeadLetters.Options": (bounds) => Effect.scoped(DeadLetters.open({ directory, lane: "a", ...bounds }))
      }
      for (const [name, open] of Object.entries(openings)) {
        const refused = (bounds: Partial<SpoolStore.Options>) => Effect.map(Effect.flip(open(bounds)), String)
        const [, segment] = /two segments of (\d+) bytes/.exec(yield* refused({ maxBytes: 1 })) ?? []
        const [, most] = /got (\d+)/.exec(yield* refused({ segmentBytes: 1024 ** 4 })) ?? []
        assert.strictEqual(documented(name, "segmentBytes"), bytes(Number(segment)))
        assert.strictEqual(documented(name, "maxBytes"), bytes(Number(most)))
      }
    }))
})

// `npm run docs` writes the tables.
layer(NodeServices.layer, { excludeTestServices: true })("the pages", (it) => {
  it.effect("show the options of every public module as their fields document them", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const pages = yield* manual
      const writes = yield* Config.withDefault(Config.Boolean("UPDATE_README"), false)
      for (const page of pages) {
        const expected = withTables(page.text, tables)
        if (writes) yield* fs.writeFileString(path.join(yield* root, page.path), expected)
        else assert.strictEqual(page.text, expected, page.path)
      }
      const shown = pages.flatMap(({ text }) => placesIn(text))
      assert.deepStrictEqual(shown.toSorted(), [...tables.keys()].toSorted())
    }))
})
