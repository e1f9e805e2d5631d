import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Config, Effect, FileSystem, Path } from "effect"
import { faultNames } from "./faultNames.ts"
import { root } from "./programs.ts"

/** Files of tests, with the rows of the catalogue of failures that their titles name. */
const titles = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.join(yield* root, "test")
  const names = (yield* fs.readDirectory(folder, { recursive: true })).filter((name) => name.endsWith(".test.ts"))
  const found = new Map<number, Map<string, string>>()
  for (const name of names.toSorted()) {
    const text = yield* fs.readFileString(path.join(folder, name))
    for (
      const [, title = ""] of text.matchAll(
        /["`]((?:[RF]\d+(?:, )?)+: [^"`]*)["`]/g
      )
    ) {
      for (const [, row] of title.slice(0, title.indexOf(":")).matchAll(/F(\d+)/g)) {
        const files = found.get(Number(row)) ?? new Map<string, string>()
        if (!files.has(name)) files.set(name, title.slice(title.indexOf(":") + 2))
        found.set(Number(row), files)
      }
    }
  }
  return found
})

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

/** The table of `test/README.md`. */
const table = Effect.map(titles, (found) =>
  [
    "| Row | Failure | Shown by |",
    "| --- | --- | --- |",
    ...faultNames.map((name, i) => {
      const files = [...found.get(i + 1) ?? []]
      return `| F${i + 1} | ${name} | ${files.map(([file, title]) => `\`${file}\`: ${cell(title)}`).join("<br>")} |`
    })
  ].join("\n"))

const words = (text: string): ReadonlyArray<string> =>
  text.split("\n").map((line) => line.replaceAll(/\s+/g, " ").replaceAll(/-{3,}/g, "---"))

layer(NodeServices.layer, { excludeTestServices: true })("test/README.md", (it) => {
  describe("the catalogue of failures", () => {
    it.effect("maps every row to a test that is named after it", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const file = path.join(yield* root, "test", "README.md")
        const expected = yield* table
        const readme = yield* fs.readFileString(file)
        const [before = ""] = readme.split("| Row")
        if (yield* Config.withDefault(Config.Boolean("UPDATE_README"), false)) {
          yield* fs.writeFileString(file, `${before}${expected}\n`)
          return
        }
        assert.deepStrictEqual(words(readme.slice(before.length).trimEnd()), words(expected))
        const found = yield* titles
        assert.deepStrictEqual(faultNames.filter((_, i) => !found.has(i + 1)), [])
        assert.deepStrictEqual([...found.keys()].filter((row) => row > faultNames.length), [])
      }))
  })
})
