import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Random } from "effect"
import * as Program from "./program.ts"

const kills = 20

const safeUpTo = (stderr: string): number => {
  const told = [...stderr.matchAll(/^safe (\d+)$/gm)]
  return Number(told.at(-1)?.[1] ?? 0)
}

describe("SIGKILL", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect(
      `F55: ${kills} kills at random moments lose nothing that the spool had taken`,
      () =>
        Effect.gen(function*() {
          const fs = yield* FileSystem.FileSystem
          const folder = yield* fs.makeTempDirectoryScoped()
          const safe = new Set<number>()
          let first = 0
          for (let round = 0; round < kills; round++) {
            const program = yield* Program.start(Program.fixture("spooling"), [folder, String(first), "0"])
            const turns = yield* Random.nextIntBetween(1, 60)
            yield* program.until(new RegExp(`^safe ${first + 20 * turns}$`, "m"))
            program.send("SIGKILL")
            const { stdout } = yield* program.end
            const until = safeUpTo(stdout)
            for (let n = first; n < until; n++) safe.add(n)
            // What the killed process logged after its last word may or may not be there.
            first = until + 10_000
          }
          const last = yield* Program.start(Program.fixture("spooling"), [folder, String(first), "20"])
          const { code, stderr } = yield* last.end
          assert.strictEqual(code, 0, stderr)
          for (let n = first; n < first + 20; n++) safe.add(n)
          const lines = (yield* fs.readFileString(`${folder}/out.ndjson`)).split("\n").slice(0, -1)
          const written: Array<number> = []
          let torn = 0
          for (const line of lines) {
            const found = /^\{"message":(\d+),.*\}$/.exec(line)
            if (found === null) torn++
            else written.push(Number(found[1]))
          }
          const distinct = new Set(written)
          const missing = [...safe].filter((n) => !distinct.has(n))
          assert.deepStrictEqual(missing, [], `${safe.size} were safe`)
          assert.isAtMost(torn, kills, "a kill tears one line at most")
          const twice = written.length - distinct.size
          yield* Effect.logInfo(
            `${safe.size} safe records, ${twice} written twice, ${torn} lines torn by ${kills} kills`
          )
        }),
      60_000
    )
  })
})
