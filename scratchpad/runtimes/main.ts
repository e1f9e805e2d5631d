/** What of the library holds on Node, Bun and Deno: every row of the table on the page, tried. `--help` lists the options. */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Cause, Console, Effect, Exit, FileSystem, Path, Semaphore } from "effect"
import { parseArgs } from "node:util"
import { repository } from "../package/install.ts"
import { type Check, checks } from "./checks.ts"
import { prepare, type Runtime } from "./runtimes.ts"
import { differences, type Found, page, type Table, tableIn, toMarkdown, withTable } from "./table.ts"

const usage = `npm run runtimes -- [options]

  --write       put the table that was found on the page, instead of comparing the two
  --only WORDS  only rows with these words in them; nothing is compared
`

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    help: { type: "boolean", short: "h", default: false }
  }
})

const atOnce = 3
/** A program that has not answered by then never will. */
const patience = "60 seconds"
/** What the page says not to hold is not waited for that long. */
const shortPatience = "5 seconds"

interface Trial {
  readonly group: string
  readonly what: string
  readonly check: Check
}

const trials: ReadonlyArray<Trial> = Object.entries(checks).flatMap(([group, rows]) =>
  Object.entries(rows).map(([what, check]) => ({ group, what, check }))
).filter(({ what }) => what.includes(values.only))

/** Tries one cell, and says why it does not hold where the page says that it does. */
const attempt = Effect.fnUntraced(
  function*({ check, what }: Trial, runtime: Runtime, node: Runtime, expected: Found) {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "runtimes-" })
    const tried = yield* check(runtime, folder, node).pipe(
      Effect.timeout(expected === "no" ? shortPatience : patience),
      Effect.exit
    )
    if (Exit.isSuccess(tried)) return "yes"
    const why = Cause.pretty(tried.cause).replaceAll(/^/gm, "    ")
    if (expected === "yes") yield* Console.error(`${what}, on ${runtime.name}:\n${why}`)
    return "no"
  },
  Effect.scoped
)

const program = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.join(yield* repository, page)
  const text = yield* fs.readFileString(file)
  const shown = tableIn(text)
  const said = new Map(shown.rows.map(({ found, what }) => [what, found]))
  const runtimes = yield* prepare(yield* fs.makeTempDirectoryScoped({ prefix: "runtimes-" }))
  const [node] = runtimes
  if (node === undefined) return 1

  const turns = yield* Semaphore.make(atOnce)
  const rows = yield* Effect.forEach(
    trials,
    Effect.fnUntraced(function*(trial) {
      const { group, what } = trial
      const expected = values.write ? undefined : said.get(what)
      const found = yield* Effect.forEach(
        runtimes,
        (runtime, i) => turns.withPermit(attempt(trial, runtime, node, expected?.[i] ?? "yes")),
        { concurrency: "unbounded" }
      )
      return { group, what, found }
    }),
    { concurrency: "unbounded" }
  )
  const table: Table = { columns: runtimes.map(({ name, version }) => `${name} ${version}`), rows }
  yield* Console.log(toMarkdown(table))
  if (values.only !== "") return 0
  if (values.write) yield* fs.writeFileString(file, withTable(text, table))
  const wrong = differences(table, values.write ? table : shown)
  for (const line of wrong) yield* Console.error(line)
  return wrong.length === 0 ? 0 : 1
})

if (values.help) console.log(usage)
else {
  program.pipe(
    Effect.scoped,
    Effect.map((code) => {
      process.exitCode = code
    }),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain
  )
}
