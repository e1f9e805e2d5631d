import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { blocksOf, page } from "./pages.ts"

const rowsIn = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from(text.matchAll(/^\| (.*) \|$/gm), ([, row = ""]) => row.split("|").map((cell) => cell.trim()))

layer(NodeServices.layer, { excludeTestServices: true })("README", (it) => {
  it.effect("is read in a few minutes", () =>
    Effect.gen(function*() {
      assert.isBelow((yield* page("README.md")).split("\n").length, 240)
    }))

  it.effect("has the sections that are asked for by name", () =>
    Effect.gen(function*() {
      const text = yield* page("README.md")
      for (const heading of ["Install", "Async Logging Queue", "Shutdown Behavior and Log Flushing", "Documentation"]) {
        assert.include(text, `\n## ${heading}\n`)
      }
    }))

  it.effect("says how to install, to start and to test", () =>
    Effect.gen(function*() {
      const commands = blocksOf("sh", yield* page("README.md"))
      assert.deepStrictEqual(commands, [
        "npm install effect-spillway effect @effect/platform-node\n",
        "npm ci && npm start\nnpm ci && npm test\n"
      ])
    }))

  it.effect("has five rows of the benchmark of a service, as they are on its page", () =>
    Effect.gen(function*() {
      const [, section = ""] = (yield* page("README.md")).split("\n## Benchmark\n")
      const [table = ""] = (yield* page("docs/benchmarks.md")).split("Without the tracer")
      const known = new Map(rowsIn(table).map(([name, ns, , net, ours, , heap]) => [name, [ns, net, ours, heap]]))
      const [, , ...rows] = rowsIn(section.split("\n## ")[0]!)
      assert.strictEqual(rows.length, 5)
      for (const [name, ...figures] of rows) assert.deepStrictEqual(figures, known.get(name), name)
    }))
})
