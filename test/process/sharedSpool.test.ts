import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, type Scope } from "effect"
import { numbers } from "../support/lanes.ts"
import { reportIn } from "./files.ts"
import * as Program from "./program.ts"

const start = (
  directory: string,
  first: number,
  count: number,
  destination: "takes" | "halts"
): Effect.Effect<Program.Program, never, Scope.Scope> =>
  Program.start(Program.fixture("sharingSpool"), [directory, String(first), String(count), destination])

const kill = (program: Program.Program): Effect.Effect<Program.Ended> =>
  Effect.suspend(() => {
    program.send("SIGKILL")
    return program.end
  })

const deliveredBy = ({ stderr }: Program.Ended): ReadonlyArray<number> =>
  [...stderr.matchAll(/^delivered (\d+)$/gm)].map(([, n]) => Number(n))

const endedWell = Effect.fnUntraced(function*(ended: Program.Ended) {
  assert.strictEqual(ended.code, 0, ended.stderr)
  assert.isTrue((yield* reportIn(ended.stderr)).balanced)
})

describe("lanes of several processes with one spool directory", () => {
  it.layer(NodeServices.layer, { excludeTestServices: true })((it) => {
    it.effect(
      "F61: each delivers what it logged, and what a killed one leaves is delivered by the next, nothing missing",
      () =>
        Effect.gen(function*() {
          const fs = yield* FileSystem.FileSystem
          const directory = yield* fs.makeTempDirectoryScoped()

          const first = yield* start(directory, 0, 100, "halts")
          yield* first.until(/^safe$/m)
          yield* first.until(/^delivered 9$/m)

          const beside = yield* Effect.flatMap(start(directory, 1000, 50, "takes"), ({ end }) => end)
          yield* endedWell(beside)
          assert.deepStrictEqual(deliveredBy(beside), numbers(1000, 1050), "its own, and nothing of the living")

          const second = yield* start(directory, 2000, 40, "halts")
          yield* second.until(/^safe$/m)
          yield* second.until(/^delivered 2009$/m)

          const dead = [yield* kill(second), yield* kill(first)]
          assert.deepStrictEqual(dead.map(({ signal }) => signal), ["SIGKILL", "SIGKILL"])
          assert.deepStrictEqual(dead.map(deliveredBy), [numbers(2000, 2010), numbers(0, 10)])

          const heir = yield* Effect.flatMap(start(directory, 3000, 5, "takes"), ({ end }) => end)
          yield* endedWell(heir)
          const again = new Set([...numbers(0, 10), ...numbers(2000, 2010)])
          assert.deepStrictEqual(
            deliveredBy(heir).filter((n) => !again.has(n)),
            [...numbers(2010, 2040), ...numbers(10, 100), ...numbers(3000, 3005)],
            "all that was not delivered, once, each process's in order, its own last"
          )
          const twice = deliveredBy(heir).filter((n) => again.has(n))
          assert.strictEqual(
            new Set(twice).size,
            twice.length,
            "what was delivered just before a kill comes once more at most"
          )

          const last = yield* Effect.flatMap(start(directory, 4000, 1, "takes"), ({ end }) => end)
          yield* endedWell(last)
          assert.deepStrictEqual(deliveredBy(last), [4000], "nothing is left")
          assert.deepStrictEqual(yield* fs.readDirectory(`${directory}/shared/instances`), [])
        }),
      60_000
    )
  })
})
