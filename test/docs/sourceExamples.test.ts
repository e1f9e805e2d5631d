import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { publicModules } from "../../scratchpad/docs/options.ts"
import { root, run } from "./programs.ts"
import { asProgram, checking, examplesOf, inTurn, outputOf, saysSomething } from "./sourceExamples.ts"
import { sourcesOf } from "./structure.ts"

const sources = sourcesOf("src")
const examples = examplesOf(sources)
const mark = "-- the next example --"

/** The examples as files of a folder in the repository, which is gone afterwards. */
const written = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* fs.makeTempDirectoryScoped({ directory: yield* root, prefix: ".examples-" })
  const files = examples.map((example, index) => ({ name: `example${index}.ts`, text: asProgram(example) }))
  const config = { extends: "../tsconfig.json", include: [], files: ["check.ts", ...files.map(({ name }) => name)] }
  yield* Effect.forEach([
    ...files,
    { name: "check.ts", text: checking },
    { name: "tsconfig.json", text: JSON.stringify(config) }
  ], ({ name, text }) => fs.writeFileString(path.join(folder, name), text))
  return { folder, files: files.map(({ name }) => path.join(folder, name)) }
})

describe("the documentation of the sources", () => {
  it("has an example in every public module", () => {
    const shown = new Set(examples.map(({ path }) => path))
    assert.isAbove(publicModules.length, 10)
    assert.deepStrictEqual(publicModules.filter((path) => !shown.has(path)), [])
  })

  it("has no example that is not read, or says nothing that can be checked", () => {
    const headings = [...sources.values()].join("\n").match(/\*\*Example\*\*/g)
    assert.strictEqual(examples.length, headings?.length)
    assert.deepStrictEqual(examples.filter((example) => !saysSomething(example)), [])
  })
})

layer(NodeServices.layer, { excludeTestServices: true })("its examples", (it) => {
  it.effect("are what the compiler takes, and do what they say", () =>
    Effect.gen(function*() {
      const path = yield* Path.Path
      const { files, folder } = yield* written
      const tsc = path.join(yield* root, "node_modules", "typescript", "bin", "tsc")
      const urls = yield* Effect.forEach(files, (file) => path.toFileUrl(file))
      const [types, runs] = yield* Effect.all([
        run({ arguments: [tsc, "--noEmit", "--project", folder] }),
        run({ arguments: ["--input-type=module", "--eval", inTurn(urls.map(({ href }) => href), mark)] })
      ], { concurrency: 2 })
      assert.strictEqual(types.stdout, "")
      assert.strictEqual(runs.stderr, "")
      const outputs = `${runs.stdout}\n`.split(`${mark}\n`).slice(1)
      examples.forEach((example, index) => {
        assert.match(outputs[index] ?? "", outputOf(example), `${example.path}: ${example.title}`)
      })
      assert.strictEqual(types.exitCode + runs.exitCode, 0)
    }))
})
