import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { recordsIn, recordsOf, reportIn, temporary } from "./files.ts"
import { type Ended, fixture, run, start } from "./program.ts"

/** What stderr says besides the report. */
const saidBy = ({ stderr }: Ended): string => stderr.replace(/^(report .*|hangs)\n/gm, "")

/** Fails where a sink has other records than these, or where the books do not balance. */
const assertLogged = (file: string, ended: Ended, failures: ReadonlyArray<RegExp>, reason: string) =>
  Effect.gen(function*() {
    const records = yield* recordsOf(file)
    assert.deepStrictEqual(yield* recordsIn(ended.stdout), records)
    const [first, ...others] = records
    assert.strictEqual(first?.message, "service starts")
    assert.strictEqual(others.length, failures.length, ended.stdout)
    for (const [i, failure] of failures.entries()) {
      const { cause, level, message } = others[i]!
      assert.deepStrictEqual([level, message], ["FATAL", "the program failed"])
      assert.match(cause ?? "", failure)
    }
    const report = yield* reportIn(ended.stderr)
    assert.isTrue(report.balanced)
    assert.strictEqual(report.reason, reason)
    assert.strictEqual(report.lanes["file"]?.delivered, records.length)
  })

describe.concurrent("a program whose log is around it", () => {
  for (
    const [how, exitCode, failures, reason] of [
      ["completes", 0, [], "completed"],
      ["fails", 1, [/^NoDatabase.*db\.example/s], "failed"],
      ["fails with a text", 1, [/no text is an error/], "failed"],
      ["dies", 1, [/^Defect: TypeError: a mistake in the program/], "failed"],
      ["has its exit code", 64, [/^BadUsage/], "failed"],
      ["has reported it", 1, [], "failed"],
      ["interrupts itself", 130, [], "interrupted"],
      ["finalizer fails", 1, [/^Defect: NoDatabase.*db\.example/s], "failed"],
      ["finalizer dies", 1, [/^Defect: TypeError: a mistake in the program/], "failed"]
    ] as const
  ) {
    it.live(`has in every sink why it failed, once, with exit code ${exitCode} (${how})`, () =>
      Effect.gen(function*() {
        const file = yield* temporary("start.ndjson")
        const ended = yield* run(fixture("starting"), [file, how])
        assert.strictEqual(ended.code, exitCode)
        assert.strictEqual(saidBy(ended), "")
        yield* assertLogged(file, ended, failures, reason)
      }))
  }

  it.live("is stopped while it starts, which is no failure", () =>
    Effect.gen(function*() {
      const file = yield* temporary("start.ndjson")
      const program = yield* start(fixture("starting"), [file, "hangs"])
      yield* program.until(/^hangs$/m)
      program.send("SIGTERM")
      const ended = yield* program.end
      assert.strictEqual(ended.code, 130)
      assert.strictEqual(saidBy(ended), "")
      yield* assertLogged(file, ended, [], "SIGTERM")
    }))

  it.live("says on stderr why its log could not be built", () =>
    Effect.gen(function*() {
      const ended = yield* run(fixture("starting"), ["/dev/null", "log"])
      assert.strictEqual(ended.code, 1)
      assert.strictEqual(ended.stdout, "")
      assert.match(ended.stderr, /^\[spillway\] the program failed, and no log has it: RequiredSinkError: .*\n/)
      assert.include(ended.stderr, "/dev/null/not/a/folder")
      assert.strictEqual(ended.stderr.match(/no log has it/g)?.length, 1)
    }))

  for (const how of ["log", "shuts its log down"]) {
    it.live(`says so as JSON where the log is made of nothing else (${how})`, () =>
      Effect.gen(function*() {
        const file = how === "log" ? "/dev/null" : yield* temporary("start.ndjson")
        const ended = yield* run(fixture("starting"), [file, how, "json"])
        assert.strictEqual(ended.code, 1)
        const said = saidBy(ended).trimEnd().split("\n").map((line) => JSON.parse(line))
        assert.match(said.at(-1)?.message, /^the program failed, and no log has it: (NoDatabase|RequiredSinkError)/)
        assert.strictEqual(said.at(-1)?.level, "ERROR")
      }))
  }

  for (
    const [how, env] of [
      ["the environment asks for it", { LOGGING_DIAGNOSTICS: "json" }],
      ["the code asks for it", {}],
      ["the code asks for it, and the environment for what nobody knows", { LOGGING_DIAGNOSTICS: "jsno" }]
    ] as const
  ) {
    it.live(`says as JSON what is wrong with its environment, where ${how}`, () =>
      Effect.gen(function*() {
        const inCode = "LOGGING_DIAGNOSTICS" in env && env.LOGGING_DIAGNOSTICS === "json" ? "text" : "json"
        const ended = yield* run(fixture("starting"), ["/dev/null", "environment", inCode], {
          env: { ...env, LOGGING_QUEUE_SIZE: "0" }
        })
        assert.strictEqual(ended.code, 1)
        const said = JSON.parse(saidBy(ended))
        assert.strictEqual(said.level, "ERROR")
        assert.include(said.message, "LOGGING_QUEUE_SIZE: expected a whole number")
      }))
  }

  it.live("says as text what is wrong with its environment, where nobody asks for JSON", () =>
    Effect.gen(function*() {
      const env = { LOGGING_QUEUE_SIZE: "0", LOGGING_DIAGNOSTICS: "text" }
      const ended = yield* run(fixture("starting"), ["/dev/null", "environment", "json"], { env })
      assert.match(ended.stderr, /^\[spillway\] the program failed, and no log has it: /)
    }))

  it.live("says on stderr why it failed after its log was shut down", () =>
    Effect.gen(function*() {
      const file = yield* temporary("start.ndjson")
      const ended = yield* run(fixture("starting"), [file, "shuts its log down"])
      assert.strictEqual(ended.code, 1)
      assert.match(saidBy(ended), /^\[spillway\] the program failed, and no log has it: NoDatabase/m)
      yield* assertLogged(file, ended, [], "shutdown")
    }))
})
