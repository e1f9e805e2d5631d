/**
 * Writes the modules of the package. To find and read a file costs a program more than to evaluate it, so that the
 * public modules share a few chunks: what programs have that log, what those have that only know of records and sinks
 * (a library with a sink of its own), what sinks have that post, and what is loaded late.
 */
import { build, type Metafile, type Plugin } from "esbuild"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import manifest from "../../package.json" with { type: "json" }
import { markPure } from "./markPure.ts"
import { preparsed } from "./preparsed.ts"

const source = join(import.meta.dirname, "..", "..", "src")

const fileOf = (module: string): string => join(source, `${module}.ts`)

const moduleOf = (path: string): string => path.replace(/^\.\/dist\//, "").replace(/\.js$/, "")

const exported = Object.values(manifest.exports).filter((path) => path.endsWith(".js")).map(moduleOf)
const commands = Object.values(manifest.bin).map(moduleOf)

const index = "index"
const withoutRuntime = [
  "Ledger",
  "LogEncoder",
  "LogRecord",
  "LogRedactor",
  "LogSink",
  "RetryAfter",
  "sinks/MemorySink"
]
const withRuntime = exported.filter((module) => module !== index && !withoutRuntime.includes(module))
/** Sinks that post, and what several of them have that no other module has. */
const posting = new Set(["sinks/ElasticsearchSink", "sinks/HttpSink", "sinks/LokiSink", "sinks/OtlpSink"])
const ofPosting = ["encode/exception", "sinks/encoding/NanosText", "sinks/http/write"]
const loadedLate = ["cli/doctor/examine", "cli/events/run", "cli/main", "lane/openSpool", "spool/openLetters"]

/** What the runtime does not need, and is too small for chunks that sinks over HTTP, `LogFields` and the command line would share. */
const small = [
  "contract/WireTap",
  "options/pairs",
  "options/variable",
  "events/open",
  "events/eventOptions",
  "capture/eventsElsewhere"
]

/** Modules that record what Effect itself starts and ends. */
const recording = new Set(["AccessLog", "CommandLog", "ErrorReports", "RpcLog", "WorkLog"])
const ofRecording = ["serving/recordWork"]

/** Modules that have a record for each request. */
const access = new Set(["AccessLog", "bridges/RequestLog"])
const ofAccess = ["access/AccessRules", "access/accessFields"]

/** What each of these is bundled with. Files that are in the same bundles share a chunk. */
const company = new Map<string, ReadonlyArray<string>>([
  ...withoutRuntime.map((module) => [fileOf(module), withoutRuntime] as const),
  ...[...withRuntime, ...loadedLate].map((module) =>
    [
      fileOf(module),
      [
        ...withoutRuntime,
        "Logging",
        "spool/DeadLetters",
        ...small,
        ...(posting.has(module) ? ofPosting : []),
        ...(recording.has(module) ? ofRecording : []),
        ...(access.has(module) ? ofAccess : [])
      ]
    ] as const
  )
])

const inCompany: Plugin = {
  name: "in company",
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const others = company.get(path)
      if (others === undefined) return undefined
      const imports = others.map((module) => `import ${JSON.stringify(fileOf(module))}`)
      return { contents: [readFileSync(path, "utf8"), ...imports].join("\n"), loader: "ts" }
    })
  }
}

/**
 * The index stays a list of modules: bundlers leave out those that a program does not use. The command line loads the
 * module of events as it is, which else would share a chunk with it.
 */
const modulesApart: Plugin = {
  name: "modules apart",
  setup: (build) => {
    build.onResolve({ filter: /\.ts$/ }, ({ importer, path }) => {
      if (importer === fileOf(index)) return { path: path.replace(/\.ts$/, ".js"), external: true }
      const isEvents = importer === fileOf("cli/events/run") && path.endsWith("/LogEvent.ts")
      return isEvents ? { path: "../LogEvent.js", external: true } : undefined
    })
  }
}

/** Bundles the library from its sources into a folder. */
export const bundle = async (folder: string): Promise<Metafile> => {
  const { metafile, outputFiles } = await build({
    entryPoints: [...exported, ...commands].map(fileOf),
    outbase: source,
    outdir: folder,
    chunkNames: "chunks/[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    target: "es2024",
    plugins: [inCompany, modulesApart],
    // The company is there for the chunks only, and may be left out.
    logOverride: { "ignored-bare-import": "silent" },
    metafile: true,
    write: false
  })
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, preparsed(markPure(text)))
  }
  return metafile
}
