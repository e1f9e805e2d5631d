import { Effect, FileSystem } from "effect"
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict"
import { recordsOf, reportIn } from "../../../test/process/files.ts"
import type { Check, Checks } from "../checks.ts"
import { fixture, start } from "../started.ts"

const underLoad = (signal: "SIGINT" | "SIGTERM"): Check =>
  Effect.fnUntraced(function*(runtime, folder) {
    const path = `${folder}/load.ndjson`
    const program = yield* start(runtime, fixture("load"), [path])
    yield* program.until(/^ready$/m)
    program.send(signal)
    const { code, stderr } = yield* program.end
    const { balanced, lanes, reason } = yield* reportIn(stderr)
    deepStrictEqual([code, reason, balanced], [130, signal, true], stderr)
    const records = yield* recordsOf(path)
    ok(records.length > 5000)
    deepStrictEqual([lanes["file"]?.accepted, lanes["file"]?.delivered], [records.length, records.length])
    ok(records.every(({ message }, i) => message === i))
  })

export const signalChecks: Checks = {
  "SIGTERM under load: every record accepted, the signal in the report, exit code 130": underLoad("SIGTERM"),
  "SIGINT under load: every record accepted, the signal in the report, exit code 130": underLoad("SIGINT"),
  "without `runMain` the signal ends the process, after its shutdown": Effect.fnUntraced(function*(runtime, folder) {
    const path = `${folder}/ending.ndjson`
    const program = yield* start(runtime, fixture("ending"), ["signal", path])
    yield* program.until(/^ready$/m)
    program.send("SIGTERM")
    const { code, signal, stderr } = yield* program.end
    deepStrictEqual([code, signal, (yield* reportIn(stderr)).reason], [null, "SIGTERM", "SIGTERM"], stderr)
    strictEqual((yield* recordsOf(path)).length, 1000)
  }),
  "one Ctrl-C that `npm` passes on as two is one": Effect.fnUntraced(function*(runtime) {
    const { code, signal, stderr } = yield* (yield* start(runtime, fixture("keys"), ["npm"])).end
    const { lanes, reason } = yield* reportIn(stderr)
    deepStrictEqual([reason, lanes["slow"]?.delivered], ["SIGINT", 1], stderr)
    // Deno may still be busy with the second one when the signal is raised again.
    ok(signal === "SIGINT" || (runtime.name === "Deno" && code === 130), `ended with ${code} and ${signal}`)
  }),
  "the second signal ends a shutdown that a sink holds up": Effect.fnUntraced(function*(runtime) {
    const program = yield* start(runtime, fixture("hanging"))
    yield* program.until(/^ready$/m)
    program.send("SIGTERM")
    yield* program.until(/^signal 1$/m)
    program.send("SIGINT")
    const { code, stderr } = yield* program.end
    const { balanced, lanes, reason } = yield* reportIn(stderr)
    deepStrictEqual([code, reason, balanced], [130, "SIGTERM", true], stderr)
    deepStrictEqual(lanes["hanging"]?.dropped["unconfirmed"], 1)
  }),
  "the third ends the process at once, with 128 plus its number": Effect.fnUntraced(function*(runtime) {
    const program = yield* start(runtime, fixture("hanging"), ["report"])
    yield* program.until(/^ready$/m)
    program.send("SIGTERM")
    yield* program.until(/^signal 1$/m)
    program.send("SIGINT")
    yield* program.until(/^report /m)
    program.send("SIGTERM")
    const { code, signal } = yield* program.end
    deepStrictEqual([code, signal], [143, null])
  }),
  "SIGHUP: a file that was renamed is opened anew, nothing is lost": Effect.fnUntraced(function*(runtime, folder) {
    const fs = yield* FileSystem.FileSystem
    const path = `${folder}/rotated.ndjson`
    const program = yield* start(runtime, fixture("rotated"), [path])
    yield* program.until(/^ready$/m)
    yield* fs.rename(path, `${path}.1`)
    program.send("SIGHUP")
    const { code, stderr } = yield* program.end
    strictEqual(code, 0, stderr)
    const records = [...yield* recordsOf(`${path}.1`), ...yield* recordsOf(path)]
    strictEqual((yield* recordsOf(path)).length, 500)
    ok(records.length === 1000 && records.every(({ message }, i) => message === i))
  })
}
