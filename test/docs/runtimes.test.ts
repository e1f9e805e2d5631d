import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { checks } from "../../scratchpad/runtimes/checks.ts"
import {
  differences,
  type Found,
  page as path,
  type Row,
  type Table,
  tableIn,
  toMarkdown,
  withTable
} from "../../scratchpad/runtimes/table.ts"
import { page } from "./pages.ts"

const shown = Effect.map(page(path), tableIn)

const small: Table = {
  columns: ["Node 24.0.0", "Bun 1.0.0"],
  rows: [
    { group: "Signals", what: "a signal is heard", found: ["yes", "yes"] },
    { group: "Signals", what: "a second one too", found: ["yes", "no"] },
    { group: "Pipes", what: "`cat` reads", found: ["yes", "yes"] }
  ]
}

const withRow = (index: number, change: Partial<Row>): Table => ({
  ...small,
  rows: small.rows.map((row, i) => (i === index ? { ...row, ...change } : row))
})

layer(NodeServices.layer)("the table of Node, Bun and Deno", (it) => {
  it.effect("has a row for everything that is tried, and no other", () =>
    Effect.gen(function*() {
      const tried = Object.entries(checks).flatMap(([group, rows]) =>
        Object.keys(rows).map((what) => ({ group, what }))
      )
      assert.deepStrictEqual((yield* shown).rows.map(({ group, what }) => ({ group, what })), tried)
    }))

  it.effect("says of all that it holds on Node, and why where it does not hold elsewhere", () =>
    Effect.gen(function*() {
      const { columns, rows } = yield* shown
      const prose = (yield* page(path)).replaceAll(/^\|.*$/gm, "").replaceAll(/\s+/g, " ")
      for (const { found, what } of rows) {
        assert.strictEqual(found[0], "yes", what)
        found.forEach((cell, i) => {
          const reason = `**${columns[i]?.split(" ")[0]}**, "${what}": `
          assert.strictEqual(prose.includes(reason), cell === "no", reason)
        })
      }
    }))

  it.effect("is read as it was written", () =>
    Effect.sync(() => {
      const text = `before\n\n<!-- runtimes -->\n\n| a |\n| - |\n\n<!-- /runtimes -->\n\nbehind`
      const written = withTable(text, small)
      assert.include(written, `\n\n${toMarkdown(small)}\n\n`)
      assert.match(written, /^before\n[^]*\nbehind$/)
      assert.deepStrictEqual(tableIn(written), small)
      assert.throws(() => withTable("no marks", small), "no marks")
      assert.throws(() => tableIn("no marks"), "no table")
    }))

  it.effect("differs where a runtime answers otherwise, where a row is missing, and where Node itself fails", () =>
    Effect.sync(() => {
      const no: ReadonlyArray<Found> = ["yes", "no"]
      assert.deepStrictEqual(differences(small, small), [])
      assert.deepStrictEqual(differences(withRow(0, { found: no }), small), [
        `a signal is heard: no on Bun 1.0.0, the page says yes`
      ])
      assert.deepStrictEqual(differences(small, withRow(0, { found: no })), [
        `a signal is heard: yes on Bun 1.0.0, the page says no`
      ])
      assert.deepStrictEqual(differences(withRow(2, { what: "`dog` reads" }), small), [
        "`cat` reads: is on the page, and not tried",
        "`dog` reads: is not on the page"
      ])
      assert.deepStrictEqual(differences({ ...small, columns: ["Node 24.0.0", "Bun 1.0.1"] }, small), [
        `${path} is about Node 24.0.0, Bun 1.0.0, tried were Node 24.0.0, Bun 1.0.1`
      ])
      const broken = withRow(0, { found: ["no", "yes"] })
      assert.deepStrictEqual(differences(broken, broken), [`a signal is heard: does not hold on Node`])
    }))
})
