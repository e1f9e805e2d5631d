import { Effect } from "effect"
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict"
import { recordsIn, recordsOf, reportIn } from "../../../test/process/files.ts"
import type { Checks } from "../checks.ts"
import { fixture, start, startPiped } from "../started.ts"

const lines = 3000

/** The numbers that the messages begin with. */
const numbered = (records: ReadonlyArray<{ readonly message: unknown }>): ReadonlyArray<number> =>
  records.map(({ message }) => Number.parseInt(String(message)))

const all = Array.from({ length: lines }, (_, i) => i)

export const pipeChecks: Checks = {
  "a full pipe holds nothing up; when it is read, everything arrives": Effect.fnUntraced(function*(runtime, folder) {
    const path = `${folder}/stuffing.ndjson`
    const { program, read } = yield* startPiped(runtime, fixture("stuffing"), [path], folder)
    yield* program.until(/^turned with \d+ waiting$/m)
    const stdout = yield* read
    const { code, stderr } = yield* program.end
    const { balanced, lanes } = yield* reportIn(stderr)
    deepStrictEqual([code, balanced, lanes["console"]?.delivered], [0, true, lines], stderr)
    deepStrictEqual(numbered(yield* recordsIn(stdout)), all)
    deepStrictEqual(numbered(yield* recordsOf(path)), all)
  }),
  "a full pipe that nobody reads does not keep a program that has ended": Effect.fnUntraced(
    function*(runtime, folder) {
      const { program } = yield* startPiped(runtime, fixture("finished"), ["runMain"], folder)
      const { code, stderr } = yield* program.end
      const { balanced, lanes } = yield* reportIn(stderr)
      deepStrictEqual([code, balanced], [3, true], stderr)
      const { shutdown_deadline: notBegun = 0, unconfirmed = 0 } = lanes["console"]?.dropped ?? {}
      ok(notBegun + unconfirmed > 0)
    }
  ),
  "the last writes to it are bounded, what is lost is said, and the file has all": Effect.fnUntraced(
    function*(runtime, folder) {
      const path = `${folder}/stuffed.ndjson`
      const { program } = yield* startPiped(runtime, fixture("stuffed"), [path], folder)
      const millis = Number(yield* program.until(/^written in (\d+) ms$/m))
      const { code, stderr } = yield* program.end
      // Meant to be 250; the margin is for a busy machine.
      ok(millis < 3000, `the last writes took ${millis} ms`)
      strictEqual(code, 0)
      ok(/console: 3000 accepted, .*(unconfirmed|shutdown_deadline)/.test(stderr), stderr)
      strictEqual(new Set(numbered(yield* recordsOf(path))).size, lines)
    }
  ),
  "a reader that goes away closes the lane, and the program goes on": Effect.fnUntraced(function*(runtime, folder) {
    const path = `${folder}/piping.ndjson`
    const { hangUp, program } = yield* startPiped(runtime, fixture("piping"), [path], folder)
    yield* hangUp
    const { code, stderr } = yield* program.end
    const { balanced, lanes } = yield* reportIn(stderr)
    deepStrictEqual([code, balanced], [0, true], stderr)
    ok((lanes["console"]?.dropped["sink_closed"] ?? 0) > 0)
    deepStrictEqual((yield* recordsOf(path)).length, lanes["file"]?.accepted)
  }),
  "a full socket holds nothing up either": Effect.fnUntraced(function*(runtime, folder) {
    const path = `${folder}/stuffing.ndjson`
    const program = yield* start(runtime, fixture("stuffing"), [path], { paused: true })
    yield* program.until(/^turned with \d+ waiting$/m)
    program.read()
    const { code, stdout } = yield* program.end
    strictEqual(code, 0)
    deepStrictEqual(numbered(yield* recordsIn(stdout)), all)
  })
}
