import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import * as fs from "node:fs"
import { join } from "node:path"
import { ScriptedSink } from "../../src/index.ts"
import * as DeadLetters from "../../src/spool/DeadLetters.ts"
import { openIn } from "../../src/spool/openLetters.ts"
import { type Owner, thisOwner } from "../../src/spool/owner/owner.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { messages } from "../support/lanes.ts"
import { open } from "../support/spooledLanes.ts"
import { tool } from "./processes.ts"
import { append, drain, lane, laneOf, makeProcess, type Process, records, temporaryDirectory } from "./support.ts"

/** The first process of a container that is gone, on a file system without signs of life. */
const container: Partial<Owner> = { pid: 1, namespace: "pid:[1]", host: "c0ffee01" }

const gone = (owner: Partial<Owner>): Process => {
  const process = makeProcess()
  const { identity } = process.world
  return {
    ...process,
    world: { ...process.world, identity: { ...identity, owner: () => ({ ...identity.owner(), ...owner }) } }
  }
}

/** A spool with three records that this one left. */
const left = (directory: string, owner: Partial<Owner>): void => {
  const process = gone(owner)
  append(SpoolStore.openIn(process.world, { directory, lane }), records(0, 3))
  process.crash()
}

const filesIn = (directory: string): ReadonlyArray<readonly [string, string]> =>
  fs.readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) =>
    [name, fs.readFileSync(join(directory, name), "latin1")] as const
  )

const remedyFor = (directory: string): string =>
  `the spool "${directory}" is left as it is: whether its owner, process 1 on c0ffee01, still runs cannot be seen from ` +
  `here. When it is gone: effect-spillway spool replay "${directory}" --to FILE --force`

describe.skipIf(process.platform !== "linux")("F71: a spool whose owner cannot be seen (Linux only)", () => {
  it.live("is named with the remedy, and left as it is until its owner is provably dead", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      left(directory, container)
      const before = filesIn(laneOf(directory))
      const sink = ScriptedSink.make({ name: lane, spool: { directory, mode: "always", maxAge: Infinity } })
      const { lane: ours, lines, offer } = yield* open(sink)
      assert.deepStrictEqual(lines, [`[spillway] ${lane}: ${remedyFor(laneOf(directory))}\n`])
      offer(10, 12)
      while (ours.books().delivered < 2) yield* Effect.yieldNow
      assert.deepStrictEqual(messages(sink.delivered), [10, 11])
      assert.deepStrictEqual(filesIn(laneOf(directory)), before)

      // The machine was started anew, and with it everything that ran on it.
      const lock = join(laneOf(directory), "lock")
      fs.writeFileSync(lock, JSON.stringify({ ...thisOwner(), ...container, boot: "earlier" }))
      const store = yield* SpoolStore.open({ directory, lane })
      assert.deepStrictEqual(store.recovery.held.map(({ life }) => life), ["alive"], "that of the lane only")
      assert.strictEqual(store.directory, laneOf(directory))
      assert.deepStrictEqual(drain(store).seqs, [0, 1, 2])
      store.close()
    }))

  it.live("is replayed by the tool when somebody says that the owner is gone, also while others run", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      left(directory, container)
      const beside = yield* SpoolStore.open({ directory, lane })
      const file = join(directory, "out.ndjson")
      const [listed, refused] = yield* Effect.all([
        tool("ls", directory),
        tool("replay", laneOf(directory), "--to", file)
      ], { concurrency: 2 })
      assert.match(listed.stdout, /main: 3 records .* perhaps left by process 1 on c0ffee01/)
      assert.strictEqual(refused.code, 2)
      assert.match(refused.stderr, /main" may be in use by process 1 on c0ffee01, .*; when it is gone, use --force/)
      const replayed = yield* tool("replay", laneOf(directory), "--to", file, "--force")
      assert.match(replayed.stdout, /^3 records written/)
      assert.match(replayed.stderr, /instances\/.* is in use by process \d+ on /)
      beside.close()
      const next = yield* SpoolStore.open({ directory, lane })
      assert.deepStrictEqual([next.recovery.held, next.records], [[], 0])
      next.close()
    }))

  it.live("of dead letters is named in a warning of whoever opens them", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const options = { directory, lane }
      const process = gone(container)
      openIn(process.world, options).append(records(0, 3), {
        reason: "Rejected",
        attempts: 1,
        message: "",
        time: 0
      })
      process.crash()
      const lines: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => lines.push([logLevel, message]))
      const letters = yield* Effect.provide(DeadLetters.open(options), Logger.layer([logger]))
      assert.strictEqual(letters.records, 0)
      assert.deepStrictEqual(lines, [["Warn", [remedyFor(join(laneOf(directory), "dead-letters"))]]])
      letters.close()
    }))
})
