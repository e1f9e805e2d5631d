import { Effect, FileSystem } from "effect"
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict"
import { reportIn } from "../../../test/process/files.ts"
import type { Ended } from "../../../test/process/program.ts"
import { run } from "../../package/install.ts"
import type { Check, Checks } from "../checks.ts"
import type { Runtime } from "../runtimes.ts"
import { fixture, start } from "../started.ts"

const from = (first: number, count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, i) => first + i)

const deliveredBy = ({ stderr }: Ended): ReadonlyArray<number> =>
  [...stderr.matchAll(/^delivered (\d+)$/gm)].map(([, n]) => Number(n))

/** A program that logs a hundred records, delivers ten and then hangs. */
const halting = Effect.fnUntraced(function*(runtime: Runtime, directory: string) {
  const program = yield* start(runtime, fixture("sharingSpool"), [directory, "0", "100", "halts"])
  yield* program.until(/^safe$/m)
  yield* program.until(/^delivered 9$/m)
  return program
})

/** A program that ends when all it has and finds is delivered; gives what that was. */
const taking = Effect.fnUntraced(function*(runtime: Runtime, directory: string, first: number, count: number) {
  const ended = yield* (yield* start(runtime, fixture("sharingSpool"), [directory, String(first), String(count)])).end
  strictEqual(ended.code, 0, ended.stderr)
  ok((yield* reportIn(ended.stderr)).balanced)
  return deliveredBy(ended)
})

/** One runtime has the spool, another comes beside it, and once more when the first was killed. */
const owned = (runtimes: (runtime: Runtime, node: Runtime) => readonly [Runtime, Runtime]): Check =>
  Effect.fnUntraced(function*(runtime, folder, node) {
    const fs = yield* FileSystem.FileSystem
    const [owner, other] = runtimes(runtime, node)
    const killed = yield* halting(owner, folder)
    deepStrictEqual(yield* taking(other, folder, 1000, 50), from(1000, 50), "its own, and nothing of the living")
    killed.send("SIGKILL")
    yield* killed.end
    const taken = yield* taking(other, folder, 2000, 5)
    const again = new Set(from(0, 10))
    deepStrictEqual(
      taken.filter((n) => !again.has(n)),
      [...from(10, 90), ...from(2000, 5)],
      "all that was left, in order"
    )
    deepStrictEqual(yield* fs.readDirectory(`${folder}/shared/instances`), [])
  })

export const spoolChecks: Checks = {
  "a living owner keeps its spool; what a killed one left, the next sends": owned((runtime) => [runtime, runtime]),
  "the same between a process of Node that is killed and one of the runtime": owned((runtime, node) => [node, runtime]),
  "the same between a process of the runtime that is killed and one of Node": owned((runtime, node) => [runtime, node]),
  "the command `effect-spillway spool` shows what was left": Effect.fnUntraced(function*(runtime, folder) {
    const killed = yield* halting(runtime, folder)
    killed.send("SIGKILL")
    yield* killed.end
    const { command: [command, ...args], programOf } = runtime
    const bin = programOf("node_modules/effect-spillway/dist/cli/bin.js")
    match(yield* run("spool ls", folder, command, ...args, bin, "spool", "ls", folder), /\b(90|100) records\b/)
  })
}
