import { Effect } from "effect"
import { deepStrictEqual, match, strictEqual } from "node:assert/strict"
import { type Line, recordsIn, recordsOf } from "../../../test/process/files.ts"
import type { Checks } from "../checks.ts"
import type { Runtime } from "../runtimes.ts"
import { fixture, own, start } from "../started.ts"

const thousand = Array.from({ length: 1000 }, (_, i) => i)

/** Every number is there; those that were being written may be there twice. */
const complete = (records: ReadonlyArray<Line>): void => {
  const numbers = records.map(({ message }) => message).filter((message) => typeof message === "number")
  deepStrictEqual([...new Set(numbers)].toSorted((a, b) => a - b), thousand)
}

/** Each record where it first stands: what was being written may come to the file a second time after the last one. */
const once = (records: ReadonlyArray<Line>): ReadonlyArray<Line> => [
  ...new Map(records.map((record) => [JSON.stringify(record), record])).values()
]

/** Runs the program that logs a thousand records and ends in a given way; each has to be in both lanes. */
const ending = Effect.fnUntraced(function*(runtime: Runtime, folder: string, how: string) {
  const path = `${folder}/exiting.ndjson`
  const ended = yield* (yield* start(runtime, fixture("exiting"), [how, path])).end
  const lanes = [yield* recordsIn(ended.stdout), yield* recordsOf(path)]
  for (const records of lanes) complete(records)
  return { ...ended, lasts: lanes.map((records) => once(records).at(-1)) }
})

const endsWithItsCause = (lasts: ReadonlyArray<Line | undefined>): void => {
  for (const last of lasts) {
    strictEqual(last?.level, "FATAL")
    match(last.cause ?? "", /TypeError: on purpose\n {4}at .*exiting\.ts/)
  }
}

export const endChecks: Checks = {
  "`process.exit`: every record": Effect.fnUntraced(function*(runtime, folder) {
    strictEqual((yield* ending(runtime, folder, "exit")).code, 3)
  }),
  "the exit of the runtime, `Deno.exit`: every record": Effect.fnUntraced(function*(runtime, folder) {
    const path = `${folder}/exit.ndjson`
    strictEqual((yield* (yield* start(runtime, own("ownExit"), [path])).end).code, 3)
    complete(yield* recordsOf(path))
  }),
  "the natural end of a program that never shuts down: every record": Effect.fnUntraced(function*(runtime, folder) {
    strictEqual((yield* ending(runtime, folder, "natural")).code, 0)
  }),
  "an uncaught error: every record, exit code 1": Effect.fnUntraced(function*(runtime, folder) {
    strictEqual((yield* ending(runtime, folder, "uncaught")).code, 1)
  }),
  "an uncaught error: is the last record, with its cause": Effect.fnUntraced(function*(runtime, folder) {
    endsWithItsCause((yield* ending(runtime, folder, "uncaught")).lasts)
  }),
  "an unhandled rejection: every record, exit code 1": Effect.fnUntraced(function*(runtime, folder) {
    strictEqual((yield* ending(runtime, folder, "rejection")).code, 1)
  }),
  "an unhandled rejection: is the last record, with its cause": Effect.fnUntraced(function*(runtime, folder) {
    endsWithItsCause((yield* ending(runtime, folder, "rejection")).lasts)
  }),
  "a program that handles its uncaught errors lives on and logs": Effect.fnUntraced(function*(runtime, folder) {
    const { code, lasts } = yield* ending(runtime, folder, "handled")
    strictEqual(code, 0)
    deepStrictEqual(lasts.map((last) => last?.message), ["lives on", "lives on"])
  }),
  "a record of an exit handler goes to stderr, and is counted": Effect.fnUntraced(function*(runtime, folder) {
    const { code, stderr } = yield* ending(runtime, folder, "late")
    strictEqual(code, 0)
    match(stderr, /^\{"message":"late".*\}\nclosed 1$/m)
  }),
  "what a sink cannot write at once goes to stderr": Effect.fnUntraced(function*(runtime) {
    const { stderr } = yield* (yield* start(runtime, fixture("unwritable"))).end
    deepStrictEqual((yield* recordsIn(stderr)).map(({ message }) => message), thousand.slice(0, 10))
  })
}
