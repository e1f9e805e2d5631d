import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { recordsIn, recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, run, startCommand } from "./program.ts"

const linux = process.platform === "linux"
const root = linux && process.getuid?.() === 0
const env = { FORMAT: "own" }
const numbers = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, i) => i)

describe.concurrent("an encoder of the program", () => {
  it.live("F53: has every record in the file and on the console when the process exits", () =>
    Effect.gen(function*() {
      const path = yield* temporary("exit.ndjson")
      const ended = yield* run(fixture("exiting"), ["exit", path], { env })
      assert.strictEqual(ended.code, 3)
      for (const records of [yield* recordsIn(ended.stdout), yield* recordsOf(path)]) {
        const messages = new Set(records.map(({ message }) => message))
        assert.deepStrictEqual(numbers(1000).filter((i) => !messages.has(i)), [])
      }
    }))

  it.live("F39: closes the lane of a reader that goes away, and no other", () =>
    Effect.gen(function*() {
      const path = yield* temporary("piping.ndjson")
      const script = `"$0" "$1" "$2" | head -n 1`
      const program = yield* startCommand("sh", ["-c", script, process.execPath, fixture("piping"), path], { env })
      const ended = yield* program.end
      const { balanced, lanes } = yield* reportIn(ended.stderr)
      assert.isTrue(balanced)
      assert.isAtLeast(lanes["console"]?.dropped["sink_closed"] ?? 0, 100)
      assert.strictEqual(lanes["file"]?.delivered, lanes["file"]?.accepted)
      assert.isAbove((yield* recordsOf(path)).length, 100)
    }))

  it.live.skipIf(!root)(
    "F77: goes on in the middle of the line that a full disk has cut (needs root)",
    () =>
      Effect.gen(function*() {
        const folder = (yield* temporary("x")).slice(0, -2)
        const mounted = `cd "$2"; mkdir m; mount -t tmpfs -o size=128k tmpfs m; trap 'cp m/out out' EXIT`
        const script = `${mounted}; head -c 90000 /dev/zero > m/filler; "$0" "$1" m/filler > m/out`
        const args = ["--mount", "bash", "-c", script, process.execPath, fixture("relieved"), folder]
        const shell = yield* startCommand("unshare", args, { env })
        const ended = yield* shell.end
        const { balanced, lanes } = yield* reportIn(ended.stderr)
        assert.isTrue(balanced)
        assert.strictEqual(lanes["console"]?.delivered, 400)
        assert.match(ended.stderr, /stdout cannot be written \(ENOSPC\)/)
        const messages = (yield* recordsOf(`${folder}/out`)).map(({ message }) => Number(String(message).split(" ")[0]))
        assert.deepStrictEqual(messages, numbers(400))
      })
  )
})
