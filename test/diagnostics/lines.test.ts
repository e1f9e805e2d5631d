import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { jsonLine, textLine } from "../../src/diagnostics/lines.ts"
import { Ledger, Logging, MemorySink } from "../../src/index.ts"

const report: Ledger.ShutdownReport = {
  reason: "completed",
  elapsedMillis: 3,
  drained: 1,
  balanced: true,
  capture: { offered: 1, filtered: 0, accepted: 1, rejected: Ledger.noDrops(), marked: 0 },
  lanes: {},
  failures: []
}

const json = jsonLine(() => 0)
const start = `{"timestamp":"1970-01-01T00:00:00.000Z","level":`

describe("the lines of the runtime", () => {
  it("are text, or an object each", () => {
    const said = { level: "Warn", source: "file", message: "one\ntwo\u001b" } as const
    assert.strictEqual(textLine(said), "[spillway] file: one\n  two\\u001b\n")
    assert.strictEqual(
      json(said),
      `${start}"WARN","logger":"spillway","source":"file","message":"one\\ntwo\\u001b"}\n`
    )
  })

  it("are written whatever a clock gives", () => {
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 1e17]) {
      const odd = jsonLine(() => time)
      for (const said of [{ level: "Warn", message: "x" }, { level: "Error", report }] as const) {
        assert.strictEqual(JSON.parse(odd(said)).timestamp, "Invalid Date")
      }
    }
  })

  it("have a source as objects, where the runtime itself speaks", () => {
    assert.include(json({ level: "Error", message: "x" }), `"level":"ERROR","logger":"spillway","source":"logging"`)
  })

  it("hide credentials and shorten what is long", () => {
    for (const line of [textLine, json]) {
      const text = line({ level: "Warn", message: `https://ada:S3CRET@x.example ${"y".repeat(2000)}` })
      assert.notInclude(text, "S3CRET")
      assert.include(text, "…[truncated: ")
      assert.isBelow(text.length, 1300)
    }
  })

  it("show a report as text, or as a part of the object, with the reason before it", () => {
    const why = "the books do not balance"
    assert.strictEqual(
      textLine({ level: "Error", report }),
      `[spillway] ${Ledger.format(report).replace("\n", "\n  ")}\n`
    )
    assert.match(
      textLine({ level: "Error", message: why, report }),
      /^\[spillway\] the books do not balance\n {2}shutdown: /
    )
    assert.strictEqual(
      json({ level: "Error", report }),
      `${start}"INFO","logger":"spillway","source":"shutdown",` +
        `"message":"shutdown: completed after 3 ms, 1 drained, books balanced","report":${JSON.stringify(report)}}\n`
    )
    assert.include(json({ level: "Error", message: why, report }), `"message":"${why}","report":{`)
  })

  it("the level of a report says how it went", () => {
    const levelOf = (more: Partial<Ledger.ShutdownReport>): unknown =>
      JSON.parse(Ledger.formatJson({ ...report, ...more }, { time: 0 })).level
    const capture = { ...report.capture, rejected: { ...Ledger.noDrops(), closed: 1 } }
    assert.deepStrictEqual(
      [{}, { failures: [{ step: "x", message: "y" }] }, { capture }, { balanced: false }].map(levelOf),
      ["INFO", "WARN", "ERROR", "ERROR"]
    )
  })

  it("more than ten in 30 s are held back, and counted", () => {
    let now = 0
    const lines: Array<string> = []
    const diagnostics = new Diagnostics((line) => lines.push(line), () => now, json)
    for (let i = 0; i < 11; i++) diagnostics.report("x", String(i), "Info")
    now = 30_000
    diagnostics.report("x", "later")
    assert.deepStrictEqual(lines.slice(9).map((line) => JSON.parse(line).message), [
      "9",
      "1 more line was held back; the books count what happened",
      "later"
    ])
  })

  it.effect("a function takes them as text", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      yield* Logging.make({ sinks: [MemorySink.make()], gracePeriod: 1, diagnostics: (line) => lines.push(line) })
      assert.match(lines[0] ?? "", /^\[spillway\] the grace period/)
    }))
})
