import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Config, Effect, FileSystem, Option, Path } from "effect"
import { tableOf } from "../../scratchpad/docs/table.ts"
import { LoggingConfig } from "../../src/index.ts"
import { root } from "./programs.ts"

const begin = "<!-- configuration: begin -->"
const end = "<!-- configuration: end -->"

const table = tableOf([
  ["Variable", "Value", "Default", "Meaning"],
  ...LoggingConfig.variables.map(({ default: fallback, description, name, type, unit }) => [
    `\`${name}\``,
    unit === "" ? type : `${type} (${unit})`,
    fallback,
    description
  ])
])

// `npm run docs` writes the table.
layer(NodeServices.layer)("the table of variables in docs/configuration.md", (it) => {
  it.effect("is that of LoggingConfig.variables", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const file = (yield* Path.Path).join(yield* root, "docs", "configuration.md")
      const text = yield* fs.readFileString(file)
      const from = text.indexOf(begin) + begin.length
      const to = text.indexOf(end)
      assert.isTrue(from >= begin.length && to > from, "the page has no place for the table")
      if (Option.isSome(yield* Config.option(Config.String("UPDATE_README")))) {
        yield* fs.writeFileString(file, `${text.slice(0, from)}\n\n${table}\n\n${text.slice(to)}`)
      } else {
        assert.strictEqual(text.slice(from, to).trim(), table)
      }
    }))
})
