import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import manifest from "../../package.json" with { type: "json" }

/** The modules that the door opens, by their paths. */
const modules = Array.from(
  readFileSync("src/index.ts", "utf8").matchAll(/^export \* as (\w+) from "\.\/(.+)\.ts"$/gm),
  ([, name, path]) => ({ name, path: path! })
)

/** Modules that are not behind the door, because who does not use them must not load Effect's HTTP client or server, or what frameworks want, for them. */
const apart = [
  "AccessLog",
  "CommandLog",
  "ErrorReports",
  "HttpCalls",
  "RpcLog",
  "WorkLog",
  "bridges/PinoLogger",
  "bridges/RequestLog",
  "sinks/ClickHouseSink",
  "sinks/ElasticsearchSink",
  "sinks/HttpPresets",
  "sinks/HttpSink",
  "sinks/LokiSink",
  "sinks/OtlpSink"
]

describe("what the package exports", () => {
  it("is each module of its index and each that stands apart, under its path, and nothing else of the sources", () => {
    const expected: Array<[string, string]> = [
      [".", "./dist/index.js"],
      ["./package.json", "./package.json"],
      ...[...modules.map(({ path }) => path), ...apart].map((path): [string, string] => [
        `./${path}`,
        `./dist/${path}.js`
      ])
    ]
    assert.isAbove(modules.length, 10)
    assert.deepStrictEqual(new Map(Object.entries(manifest.exports)), new Map(expected))
  })

  it("is there, named as its file is, and has no wildcard", () => {
    for (const { name, path } of modules) {
      assert.isTrue(existsSync(`src/${path}.ts`), path)
      assert.strictEqual(path.split("/").at(-1), name)
    }
    assert.notInclude(JSON.stringify(manifest.exports), "*")
  })

  it("keeps the command line where the package says it is", () => {
    const [[, bin] = []] = Object.entries(manifest.bin)
    assert.strictEqual(bin, "./dist/cli/bin.js")
    assert.isTrue(existsSync("src/cli/bin.ts"))
  })
})
