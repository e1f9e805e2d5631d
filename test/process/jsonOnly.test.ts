import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { fixture, run } from "./program.ts"

const said = (how: string) =>
  Effect.map(run(fixture("jsonOnly"), [how], { env: { LOGGING_DIAGNOSTICS: "json" } }), ({ stderr }) => {
    const lines: ReadonlyArray<Readonly<Record<string, unknown>>> = stderr.trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    )
    assert.notInclude(stderr, "S3CRET")
    return lines.filter(({ logger }) => logger === "spillway")
  })

describe.concurrent("diagnostics: json", () => {
  it.live("a log of JSON stays one when the runtime speaks", () =>
    Effect.gen(function*() {
      const lines = yield* said("complete")
      for (const line of lines) {
        assert.deepStrictEqual(Object.keys(line).slice(0, 5), ["timestamp", "level", "logger", "source", "message"])
        assert.match(String(line["timestamp"]), /^20\d\d-.*Z$/)
      }
      assert.deepStrictEqual(lines.map(({ level, source }) => [level, source]), [
        ["WARN", "logging"],
        ["INFO", "a sink logged"],
        ["WARN", "far"],
        ["INFO", "a sink logged"],
        ["WARN", "far"],
        ["ERROR", "logging"],
        ["ERROR", "shutdown"]
      ])
      assert.include(lines[0]?.["message"], "the grace period of 2000 ms")
      assert.strictEqual(lines[1]?.["message"], "INFO inside\u2028the sink")
      assert.match(String(lines.at(-1)?.["message"]), /^shutdown: completed after \d+ ms, /)
      assert.deepInclude(lines.at(-1)?.["report"], { reason: "completed", balanced: true })
    }))

  it.live("also at process.exit, where the report is an object", () =>
    Effect.gen(function*() {
      const lines = yield* said("exit")
      const last = lines.at(-1)
      assert.deepInclude(last, { level: "ERROR", source: "shutdown" })
      assert.deepInclude(last?.["report"], { reason: "exit", balanced: true })
    }))
})
