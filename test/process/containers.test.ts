import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, type Scope } from "effect"
import * as DeadLetters from "../../src/spool/DeadLetters.ts"
import { hasContainers, startIn } from "../support/containers.ts"
import { numbers } from "../support/lanes.ts"
import { reportIn } from "./files.ts"
import * as Program from "./program.ts"

const start = (
  host: string,
  directory: string,
  first: number,
  count: number,
  destination: "takes" | "halts"
): Effect.Effect<Program.Program, never, Scope.Scope> =>
  startIn(host, Program.fixture("sharingSpool"), [directory, String(first), String(count), destination])

const kill = (program: Program.Program): Effect.Effect<Program.Ended> =>
  Effect.suspend(() => {
    program.send("SIGKILL")
    return program.end
  })

const deliveredBy = ({ stderr }: Program.Ended): ReadonlyArray<number> =>
  [...stderr.matchAll(/^delivered (\d+)$/gm)].map(([, n]) => Number(n))

const endedWell = Effect.fnUntraced(function*(ended: Program.Ended) {
  assert.strictEqual(ended.code, 0, ended.stderr)
  assert.notMatch(ended.stderr, /\[spillway\]/)
  assert.isTrue((yield* reportIn(ended.stderr)).balanced)
})

describe.skipIf(!hasContainers)("F70: containers with one volume (needs Linux and root)", () => {
  it.layer(NodeServices.layer, { excludeTestServices: true })((it) => {
    it.effect("a live one is never robbed, by one of the same name neither, and a killed one is adopted by any other", () =>
      Effect.gen(function*() {
        const directory = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
        const old = yield* start("c0ffee01", directory, 0, 30, "halts")
        yield* old.until(/^safe$/m)
        yield* old.until(/^delivered 9$/m)

        const beside = yield* Effect.flatMap(start("c0ffee01", directory, 1000, 20, "takes"), ({ end }) => end)
        yield* endedWell(beside)
        assert.deepStrictEqual(deliveredBy(beside), numbers(1000, 1020), "its own, and nothing of the living")

        assert.deepStrictEqual(deliveredBy(yield* kill(old)), numbers(0, 10))
        const next = yield* Effect.flatMap(start("c0ffee02", directory, 2000, 5, "takes"), ({ end }) => end)
        yield* endedWell(next)
        const delivered = deliveredBy(next).filter((n) => n >= 10)
        assert.deepStrictEqual(delivered, [...numbers(10, 30), ...numbers(2000, 2005)])
      }))

    it.effect("dead letters are those of a live one until it is dead", () =>
      Effect.gen(function*() {
        const directory = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
        const program = yield* startIn("c0ffee01", "test/spool/fixtures/owner.ts", [directory, "0", "3", "letters"])
        yield* program.until(/ready/)
        const options = { directory, lane: "main" }
        const beside = yield* DeadLetters.open(options)
        assert.strictEqual(beside.records, 0)
        beside.close()
        yield* kill(program)
        const next = yield* DeadLetters.open(options)
        assert.strictEqual(next.records, 3)
        next.close()
      }))
  })
})
