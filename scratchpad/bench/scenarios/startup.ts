/**
 * What a logger costs a program of Effect with Node's services before and after its work: how long it takes to import it
 * (the figure, in nanoseconds), to open a file and have the first line in it, and to close it. Ours is the package as it is built.
 */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Job, Sample } from "../job.ts"

const repository = join(import.meta.dirname, "..", "..", "..")

interface Candidate {
  readonly imports: ReadonlyArray<string>
  /** Opens a file, has a line in it and gives what closes it: `loaded` is what was imported, `path` the file. */
  readonly open: string
}

const openSpillway = (Logging: string, FileSink: string): string => `
  const scope = Effect.runSync(Scope.make())
  const layer = ${Logging}.layer({ sinks: [${FileSink}.make({ path, required: true })] })
  await Effect.runPromise(Effect.gen(function*() {
    const context = yield* Layer.buildWithScope(layer, scope)
    yield* Effect.provideContext(Effect.andThen(Effect.logInfo("started"), (yield* ${Logging}.Logging.pipe(Effect.provideContext(context))).flush), context)
  }))
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))`

const candidates = {
  pino: {
    imports: ["pino"],
    open: `
  const destination = loaded[0].pino.destination({ dest: path, sync: true })
  await once(destination, "ready")
  loaded[0].pino(destination).info("started")
  const close = () => {
    const closed = once(destination, "close")
    destination.end()
    return closed
  }`
  },
  index: { imports: ["effect-spillway"], open: openSpillway("loaded[0].Logging", "loaded[0].FileSink") },
  modules: {
    imports: ["effect-spillway/Logging", "effect-spillway/sinks/FileSink"],
    open: openSpillway("loaded[0]", "loaded[1]")
  }
} satisfies Readonly<Record<string, Candidate>>

/** What the program has loaded before: the modules it uses, or all of Effect, as with `import { Effect } from "effect"`. */
const bases = {
  modules: ["@effect/platform-node/NodeRuntime", "@effect/platform-node/NodeServices"],
  all: ["@effect/platform-node", "effect"]
}

type Base = keyof typeof bases

/** The garbage of Effect's modules is collected first: whose import it falls into is chance. */
const programOf = ({ imports, open }: Candidate, path: string, base: Base): string => `
  ${bases[base].map((name) => `import ${JSON.stringify(name)}`).join("\n  ")}
  import * as Effect from "effect/Effect"
  import * as Exit from "effect/Exit"
  import * as Layer from "effect/Layer"
  import * as Scope from "effect/Scope"
  import { once } from "node:events"

  const path = ${JSON.stringify(path)}
  gc()
  const start = performance.now()
  const loaded = await Promise.all([${imports.map((name) => `import(${JSON.stringify(name)})`).join()}])
  const imported = performance.now()
  ${open}
  const opened = performance.now()
  await close()
  console.log(JSON.stringify([imported - start, opened - imported, performance.now() - opened]))`

const run = (program: string, cache: string | undefined): ReadonlyArray<number> => {
  const { NODE_COMPILE_CACHE: _, ...inherited } = process.env
  const env = cache === undefined ? inherited : { ...inherited, NODE_COMPILE_CACHE: cache }
  const flags = ["--expose-gc", "--input-type=module", "--eval", program]
  const { status, stderr, stdout } = spawnSync(process.execPath, flags, { cwd: repository, env, encoding: "utf8" })
  const found: unknown = status === 0 ? JSON.parse(stdout) : undefined
  if (!Array.isArray(found)) throw new Error(`a program that starts failed:\n${stderr}`)
  return found.map(Number)
}

/** Measures a candidate, `cached` with what Node's compile cache has of an earlier start, beside a `base`. */
export const startup = (name: keyof typeof candidates, cached = false, base: Base = "modules"): Job => ({
  // oxlint-disable-next-line typescript/require-await -- a job is asynchronous, most of them are
  async measure({ path }): Promise<Sample> {
    if (!existsSync(join(repository, "dist", "index.js"))) {
      throw new Error("there is no dist: run `npm run build` first")
    }
    const program = programOf(candidates[name], path, base)
    const cache = cached ? `${path}.compiled` : undefined
    if (cached) run(program, cache)
    const [imported = Number.NaN, opened = Number.NaN, closed = Number.NaN] = run(program, cache)
    if (!readFileSync(path, "utf8").includes("started")) throw new Error(`${name} wrote no line`)
    return { nanos: imported * 1e6, dropped: 0, more: { openMs: opened, closeMs: closed } }
  }
})
