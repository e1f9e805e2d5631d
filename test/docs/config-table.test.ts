import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Config, Effect, FileSystem, Option, Path } from "effect"
import { publicOptions } from "../../scratchpad/docs/options.ts"
import { tableOf } from "../../scratchpad/docs/table.ts"
import { LoggingConfig } from "../../src/index.ts"
import { root } from "./programs.ts"
import { sourcesOf } from "./structure.ts"

const begin = "<!-- configuration: begin -->"
const end = "<!-- configuration: end -->"

const table = tableOf([
  ["Variable", "In code", "Value", "Default", "Meaning"],
  ...LoggingConfig.variables.map(({ default: fallback, description, inCode, name, type, unit }) => [
    `\`${name}\``,
    inCode,
    unit === "" ? type : `${type} (${unit})`,
    fallback,
    description
  ])
])

/** The interfaces whose options a variable goes before, as the table names them. */
const owners: ReadonlyMap<string, string> = new Map([
  ["the layer", "RuntimeOptions"],
  ["each sink", "LaneOptions"],
  ["the sink", "LaneOptions"],
  ["each `ConsoleSink`", "ConsoleSink.Options"],
  ["the `FileSink`", "FileSink.Options"]
])

const optionsByOwner = new Map(publicOptions(sourcesOf("src")).map(({ name, options }) => [name, options]))

/** Whether a name in code is that of an option. */
const isOption = (inCode: string): boolean => {
  const [, name, owner = ""] = /^`(\w+)`(?:, `\w+`)? of (.+)$/.exec(inCode) ?? []
  return optionsByOwner.get(owners.get(owner) ?? "")?.some((found) => found.name === name) === true
}

describe("the names of variables in code", () => {
  for (const { inCode, name } of LoggingConfig.variables) {
    it(`${name} is ${inCode}`, () => {
      if (name === "LOGGING_PRESET") assert.strictEqual(inCode, "`LogSink.classic` for each sink")
      else assert.isTrue(isOption(inCode), `${inCode} is no option`)
    })
  }
})

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
