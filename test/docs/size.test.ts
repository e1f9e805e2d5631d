import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { bundled, type Files, totalOf } from "../../scratchpad/size/bundled.ts"
import { sizes } from "../../scratchpad/size/sizes.ts"
import { page } from "./pages.ts"

/** How much more it may be than the page says. */
const room = 1.05

const measured = Effect.runSync(Effect.cached(sizes))

const some = (files: Files, part: RegExp): Array<string> => [...files.keys()].filter((path) => part.test(path))

const spool = /^spool\/|spool\.ts$/i
const unused = /^(cli|config|testing)\/|LoggingConfig|FileSink|AppendFile|ProcessHooks/

layer(NodeServices.layer)("what a program loads of the library", (it) => {
  it.effect("is not more than docs/programs.md says", () =>
    Effect.gen(function*() {
      const rows = (yield* page("docs/programs.md")).matchAll(/^\| (.+?) +\| +(\d+) kB +\|$/gm)
      const said = new Map(Array.from(rows, ([, what, size]) => [what, Number(size) * 1000]))
      const all = Object.values(yield* measured)
      assert.deepStrictEqual([...said.keys()], all.map(({ what }) => what))
      for (const { files, what } of all) {
        const total = totalOf(files)
        const most = (said.get(what) ?? 0) * room
        assert.isAtMost(total, most, `${what}: ${total} bytes, at most ${most}; \`npm run size\` shows each file`)
      }
    }))

  it.effect("has no spool where the console is the only sink, however it is imported", () =>
    Effect.gen(function*() {
      const { alone, later, together } = yield* measured
      assert.deepStrictEqual(some(alone.files, spool), [])
      assert.deepStrictEqual(some(together.files, spool), [])
      assert.include(some(later.files, spool), "spool/SpoolStore.ts")
    }))

  it.effect("has nothing else that it does not use, with modules imported one by one", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(some((yield* measured).alone.files, unused), [])
    }))

  it.effect("is seen to have the spool, or the file sink, where a program uses them", () =>
    Effect.gen(function*() {
      const letters = yield* bundled(`export { open } from "effect-spillway/spool/DeadLetters"`)
      assert.include(some(letters.loaded, spool), "spool/DeadLetters.ts")
      assert.notInclude(some(letters.loaded, spool), "spool/FrameStore.ts")
      assert.include(some(letters.later, spool), "spool/FrameStore.ts")
      const file = yield* bundled(`export { make } from "effect-spillway/sinks/FileSink"`)
      assert.includeMembers(some(file.loaded, unused), ["sinks/FileSink.ts", "sinks/file/AppendFile.ts"])
    }))
})
