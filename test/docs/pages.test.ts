import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { Ledger, LogSink } from "../../src/index.ts"
import { heldText } from "../../src/spool/log/openLogs.ts"
import { allPages, anchorsOf, blocksOf, examples, linksOf, manual, page } from "./pages.ts"
import { root, run } from "./programs.ts"

const testFiles = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const names = (yield* fs.readDirectory(import.meta.dirname)).filter((name) => name.endsWith(".test.ts"))
  return yield* Effect.forEach(names, (name) => fs.readFileString(`${import.meta.dirname}/${name}`))
})

layer(NodeServices.layer, { excludeTestServices: true })("the pages", (it) => {
  describe("examples", () => {
    it.effect("are all TypeScript that the pages show, and all are shown", () =>
      Effect.gen(function*() {
        const known = yield* examples
        const shown = (yield* manual).flatMap(({ path, text }) =>
          blocksOf("ts", text).map((block) => ({ block, path }))
        )
        for (const { block, path } of shown) {
          assert.include([...known.values()], block, `${path} shows what is no example`)
        }
        const blocks = shown.map(({ block }) => block)
        for (const [name, text] of known) assert.include(blocks, text, `${name} is on no page`)
      }))

    it.effect("are shown once", () =>
      Effect.gen(function*() {
        const blocks = (yield* manual).flatMap(({ text }) => blocksOf("ts", text))
        assert.strictEqual(new Set(blocks).size, blocks.length)
      }))

    it.effect("are all run, by a test or by another example", () =>
      Effect.gen(function*() {
        const known = yield* examples
        const users = [...yield* testFiles, ...known.values()]
        for (const name of known.keys()) {
          const mention = new RegExp(`(["/])${name.replaceAll(".", "\\.")}"`)
          assert.isTrue(users.some((text) => mention.test(text)), `nothing runs ${name}`)
        }
      }))
  })

  describe("links", () => {
    it.effect("lead to files that are there, and to headings in them", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const folder = yield* root
        const faults: Array<string> = []
        for (const { path: from, text } of yield* allPages) {
          for (const link of linksOf(text)) {
            const [file = "", anchor] = link.split("#")
            const target = file === "" ? from : path.join(path.dirname(from), file)
            if (!(yield* fs.exists(path.join(folder, target)))) faults.push(`${from}: ${link}`)
            else if (anchor !== undefined && !anchorsOf(yield* page(target)).includes(anchor)) {
              faults.push(`${from}: ${link} has no such heading`)
            }
          }
        }
        assert.deepStrictEqual(faults, [])
      }))

    it.effect("lead from the README to every page", () =>
      Effect.gen(function*() {
        const links = linksOf(yield* page("README.md")).map((link) => link.split("#")[0])
        // A page in a folder of its own is named by the one beside that folder.
        const named = (yield* manual).filter(({ path }) => /^docs\/(sinks\/)?[^/]+$/.test(path))
        for (const { path } of named) assert.include(links, path)
      }))
  })

  describe("lines of the runtime", () => {
    it.effect("show a spool that is left as it is", () =>
      Effect.gen(function*() {
        const owner = { pid: 1, host: "c0ffee01", token: "", started: "", boot: "", namespace: "", sign: "" }
        const line = heldText({ _tag: "Held", directory: "logs/spool/audit", owner, life: "unknown" })
        const shown = blocksOf("text", yield* page("docs/spool-and-dead-letters.md"))
        assert.include(shown, `[spillway] audit: ${line}\n`)
      }))
  })

  describe("tables", () => {
    it.effect("explain every reason for a drop", () =>
      Effect.gen(function*() {
        const text = yield* page("docs/guarantees.md")
        for (const reason of Ledger.dropReasons) {
          assert.match(text, new RegExp(`^\\| .*\`${reason}\``, "m"))
        }
      }))

    it.effect("explain every command that looks after a spool", () =>
      Effect.gen(function*() {
        const { stdout } = yield* run({ arguments: [`${yield* root}/src/cli/bin.ts`, "spool", "--help"] })
        const commands = Array.from((stdout.split("SUBCOMMANDS\n")[1] ?? "").matchAll(/^ +(\w+) +(.+)$/gm))
        assert.isAbove(commands.length, 4)
        const text = yield* page("docs/spool-and-dead-letters.md")
        for (const [, name, does = ""] of commands) {
          assert.match(text, new RegExp(`^\\| \`${name}( [^|]*)?\` +\\| ${does}`, "m"))
        }
      }))

    it.effect("explain every option of a lane", () =>
      Effect.gen(function*() {
        const text = yield* page("docs/lanes.md")
        for (const option of Object.keys(LogSink.defaults)) {
          assert.match(text, new RegExp(`^\\| \`${option}\` +\\|`, "m"))
        }
      }))
  })
})
