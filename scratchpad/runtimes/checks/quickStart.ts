import { Effect, FileSystem } from "effect"
import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict"
import { recordsIn, recordsOf, reportIn } from "../../../test/process/files.ts"
import type { Checks } from "../checks.ts"
import { fixture, own, start } from "../started.ts"

const numbers = Array.from({ length: 20_000 }, (_, i) => i + 1)

export const quickStartChecks: Checks = {
  "console, file, spool and hooks: 20,001 of 20,001 records, a report, exit code 0": Effect.fnUntraced(
    function*(runtime, folder) {
      const fs = yield* FileSystem.FileSystem
      const { code, stderr, stdout } = yield* (yield* start(runtime, own("quickStart"), [folder])).end
      const { balanced, lanes, reason } = yield* reportIn(stderr)
      deepStrictEqual([code, reason, balanced], [0, "completed", true], stderr)
      deepStrictEqual([lanes["console"]?.delivered, lanes["file"]?.delivered], [20_001, 20_001])
      for (const records of [yield* recordsIn(stdout), yield* recordsOf(`${folder}/app.ndjson`)]) {
        deepStrictEqual(records.map(({ message }) => message), ["order placed", ...numbers])
        deepStrictEqual(records[0]?.annotations, { order: 1042, cardToken: "<redacted>" })
      }
      deepStrictEqual(yield* fs.readDirectory(`${folder}/spool/file`), ["cursor"])
    }
  ),
  "a program that fails: every record, exit code 1": Effect.fnUntraced(function*(runtime, folder) {
    const path = `${folder}/ending.ndjson`
    const { code, stderr, stdout } = yield* (yield* start(runtime, fixture("ending"), ["failure", path])).end
    const { balanced, reason } = yield* reportIn(stderr)
    deepStrictEqual([code, reason, balanced], [1, "failed", true], stderr)
    for (const records of [yield* recordsIn(stdout), yield* recordsOf(path)]) strictEqual(records.length, 1000)
  }),
  "direct logger: what callbacks, servers and timers log outside Effect": Effect.fnUntraced(
    function*(runtime, folder) {
      const path = `${folder}/outside.ndjson`
      const { code, stderr } = yield* (yield* start(runtime, own("outside"), [path])).end
      strictEqual(code, 0, stderr)
      const [slow, handled, failed, ...others] = yield* recordsOf(path)
      deepStrictEqual([slow?.message, handled?.message, failed?.message], ["slow query", "handled", "failed"])
      deepStrictEqual(slow?.annotations, { component: "pool", millis: 812 })
      deepStrictEqual(handled?.annotations, { path: "/orders", password: "<redacted>" })
      match(JSON.stringify(failed?.annotations["error"]), /TypeError: on purpose.* at .*outside\.ts/)
      deepStrictEqual(others, [])
      doesNotMatch(stderr, /^\[spillway\]/m)
    }
  )
}
