import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Tracer } from "effect"
import type { Limits } from "../../src/capture/limits.ts"
import { spansOf } from "../../src/capture/logSpans.ts"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { LogEncoder, LogRecord, type LogSink } from "../../src/index.ts"
import { GivenUp } from "../../src/lane/GivenUp.ts"
import { shortenRecord } from "../../src/lane/shortenRecord.ts"
import { writeOutcome } from "../../src/lane/writeOutcome.ts"
import { encodeHeader } from "../../src/spool/deadLetterHeader.ts"
import { makeSnapshot, plain, recordsOf, snapshotOf } from "../support/capture.ts"

const list = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, i) => i)
const fields = (count: number): object => Object.fromEntries(list(count).map((i) => [`k${i}`, i]))
const causeOf = (count: number): Cause.Cause<unknown> =>
  Cause.fromReasons(list(count).map((i) => Cause.makeFailReason(`e${i}`)))
const withFrames = (count: number): Error =>
  Object.assign(new Error("x"), { stack: `Error: x${list(count).map((i) => `\n    at f${i} (a.ts:1:1)`).join("")}` })
const gathering = (count: number): Error => Object.assign(new AggregateError(list(count)), { stack: "" })
const spanned = (count: number): Cause.Cause<unknown> => {
  const inner: Effect.Effect<unknown, string> = Effect.fail("no")
  const exit = Effect.runSyncExit(list(count).reduce((all, i) => Effect.withSpan(all, `s${i}`), inner))
  return Exit.isFailure(exit) ? exit.cause : assert.fail("it did not fail")
}
const pretty = (cause: ReadonlyArray<LogRecord.CauseReason>): string =>
  LogEncoder.pretty().encode(LogRecord.make({ message: "x", cause }))
const nested = (depth: number, innermost: unknown): unknown =>
  depth === 0 ? innermost : { in: nested(depth - 1, innermost) }
const spans = (count: number) => list(count).map((i): [string, number] => [`s${i}`, 100 - i])

describe("F87: what a bound of a record cuts says so, with the size it had", () => {
  const small: Partial<Limits> = { keys: 3, depth: 3, fieldBytes: 60, recordBytes: 4000 }
  const snapshot = (u: unknown): unknown => snapshotOf(u, small)

  it.each<[bound: string, whole: unknown, cut: unknown, marker: string]>([
    ["a text", snapshot("x".repeat(60)), snapshot("x".repeat(61)), "…[truncated: 61 characters]"],
    ["items", snapshot(list(3)), snapshot(list(5)), "[2 more items]"],
    ["keys", snapshot(fields(3)), snapshot(fields(5)), "[2 more keys]"],
    [
      "entries",
      snapshot(new Map(Object.entries(fields(3)))),
      snapshot(new Map(Object.entries(fields(5)))),
      "[2 more keys]"
    ],
    ["a set", snapshot(new Set(list(3))), snapshot(new Set(list(5))), "[2 more items]"],
    ["messages", makeSnapshot(small).messages(list(3)), makeSnapshot(small).messages(list(5)), "[2 more items]"],
    ["depth, of a list", snapshot(nested(2, [1, 2])), snapshot(nested(3, [1, 2])), "[Array(2)]"],
    ["depth, of an object", snapshot(nested(2, { a: 1 })), snapshot(nested(3, { a: 1 })), "[Object]"],
    [
      "depth, of an error",
      snapshot(nested(2, withFrames(0))),
      snapshot(nested(3, new TypeError("deep"))),
      "[TypeError: deep]"
    ],
    ["a name", snapshot({ ["k".repeat(256)]: 1 }), snapshot({ ["k".repeat(257)]: 1 }), "…[truncated: 257 characters]"],
    [
      "properties of an error",
      snapshot(Object.assign(withFrames(0), fields(3))),
      snapshot(Object.assign(withFrames(0), fields(5))),
      "[2 more keys]"
    ],
    [
      "errors of an error",
      snapshot(gathering(3)),
      snapshot(gathering(5)),
      "[2 more items]"
    ],
    [
      "reasons",
      makeSnapshot(small).cause(causeOf(3)),
      makeSnapshot(small).cause(causeOf(5)),
      `{"kind":"More","count":2}`
    ],
    ["frames", snapshotOf(withFrames(64)), snapshotOf(withFrames(70)), "[6 more frames]"],
    ["spans of a failure", makeSnapshot().cause(spanned(10)), makeSnapshot().cause(spanned(12)), "[2 more frames]"],
    [
      "log spans",
      spansOf(spans(3), 100, makeSnapshot(small)).durations(100),
      spansOf(spans(5), 100, makeSnapshot(small)).durations(100),
      `"[2 more spans]":4`
    ]
  ])("%s", (_, whole, cut, marker) => {
    assert.notMatch(JSON.stringify(plain(whole)), /more|truncated|"\[/)
    assert.include(JSON.stringify(plain(cut)), marker)
  })

  it("a line of a stack, and a name of a span", () => {
    const long = "f".repeat(600)
    const error = Object.assign(new Error("x"), { stack: `Error: x\n    at ${long} (a.ts:1:1)` })
    assert.include(pretty(makeSnapshot().cause(Cause.fail(error))), "…[truncated: 614 characters]")
    const exit = Effect.runSyncExit(Effect.withSpan(Effect.fail("no"), long))
    assert.isTrue(Exit.isFailure(exit))
    if (Exit.isFailure(exit)) assert.include(pretty(makeSnapshot().cause(exit.cause)), "…[truncated: 600 characters]")
  })

  it("a stack that is much longer than any is", () => {
    const stack = `Error: x\n${"    at f (a.ts:1:1)\n".repeat(10_000)}`
    const text = pretty(makeSnapshot().cause(Cause.fail(Object.assign(new Error("x"), { stack }))))
    assert.match(text, /\n +\[\d+ more frames\]\n +…\[truncated: 200009 characters\]$/)
    assert.isBelow(text.length, 3000)
  })

  it("what comes when a record has no more room", () => {
    const walk = makeSnapshot({ recordBytes: 100 })
    walk.value("x".repeat(60))
    assert.strictEqual(walk.value("late"), "[truncated: 4 characters]")
    assert.strictEqual(walk.value([1, 2, 3]), "[truncated: 3 items]")
    assert.strictEqual(walk.value(new RangeError("late")), "[RangeError: late]")
    assert.strictEqual(walk.value({ a: 1 }), "[truncated]")
    const [reason] = walk.cause(spanned(2))
    assert.deepStrictEqual(reason, { kind: "Fail", error: "[truncated: 2 characters]", frames: ["[2 more frames]"] })
  })

  it("names that are cut to the same text stay apart", () => {
    const long = { ["k".repeat(300) + "a"]: 1, ["k".repeat(300) + "b"]: 2, "\ud800": 3, "\udc00": 4 }
    for (const copy of [snapshotOf(long), makeSnapshot().messages([long])]) {
      const record = LogRecord.make({ message: copy })
      const message: unknown = record.message
      const shown = Array.isArray(message) ? message[0] : message
      assert.deepStrictEqual(Object.values(Object(shown)), [1, 2, 3, 4])
    }
  })

  it("a property of an error in a text for people", () => {
    const text = pretty(makeSnapshot().cause(Cause.fail(Object.assign(new Error("x"), { body: "y".repeat(600) }))))
    assert.include(text, `body: ${"y".repeat(512)}…[truncated: 600 characters]`)
  })

  it.effect("the 150 failures of a cause, in every format", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(Effect.logError("backup failed", causeOf(150)))
      for (const format of ["json", "logfmt", "pretty"] as const) {
        const line = LogEncoder.make(format).encode(record!)
        assert.include(line, "e99")
        assert.notInclude(line, "e100")
        assert.include(line, "[50 more reasons]")
      }
    }))

  it.effect("an id that a peer sent", () =>
    Effect.gen(function*() {
      const parent = Tracer.externalSpan({ traceId: "t".repeat(100), spanId: "s" })
      const [record] = yield* recordsOf(Effect.log("x").pipe(Effect.withParentSpan(parent)))
      assert.strictEqual(record?.traceId, `${"t".repeat(64)}…[truncated: 100 characters]`)
    }))
})

describe("F87: what a bound of the runtime cuts says so, with the size it had", () => {
  const marker = /…\[truncated: (\d+) characters\]$/
  const long = "m".repeat(3000)

  it("a line on stderr", () => {
    const lines: Array<string> = []
    new Diagnostics((line) => lines.push(line), () => 0).report("x", long)
    assert.match(lines[0]?.trim() ?? "", /m…\[truncated: 3003 characters\]$/)
  })

  it("the last error of a dead letter, once", () => {
    const letters: Array<LogSink.DeadLetter> = []
    const givenUp = new GivenUp("far", undefined, (more) => letters.push(...more), new Diagnostics(() => {}, () => 0))
    givenUp.take([LogRecord.make({ message: "x" })], { reason: "rejected_by_server", attempts: 1, lastError: long })
    const [letter] = letters
    assert.strictEqual(marker.exec(letter?.lastError ?? "")?.[1], "3000")
    const kept: unknown = JSON.parse(
      encodeHeader({ reason: "x", attempts: 1, message: letter?.lastError ?? "", time: 0 })
    )
    assert.strictEqual(Array.isArray(kept) && kept[2], letter?.lastError)
    const whole = encodeHeader({ reason: "x", attempts: 1, message: long, time: 0 })
    assert.match(whole, /…\[truncated: 3000 characters\]/)
  })

  it.effect("a defect of a sink", () =>
    Effect.gen(function*() {
      const write = yield* Effect.forkChild(Effect.die(new Error(long)))
      const outcome = yield* writeOutcome("far", write, Duration.seconds(1))
      assert.match(outcome._tag === "Died" ? outcome.error.message : "", /…\[truncated: 3007 characters\]$/)
    }))

  it("a record that is shortened for a destination", () => {
    const record = shortenRecord(LogRecord.make({
      message: "x",
      bytes: 1e6,
      annotations: { body: long },
      cause: [{ kind: "Fail", error: long }, { kind: "Die", error: "b" }, { kind: "More", count: 7 }]
    }))
    assert.deepStrictEqual(plain(record.cause), [
      { kind: "Fail", error: "[truncated: 3000 characters]" },
      { kind: "More", count: 8 }
    ])
  })
})
