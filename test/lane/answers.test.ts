import { assert, describe, it } from "@effect/vitest"
import { LogRecord, LogSink } from "../../src/index.ts"
import { type Answer, answerOf, unanswered } from "../../src/lane/answers.ts"
import type { Outcome } from "../../src/lane/writeOutcome.ts"

const batchOf = (...bytes: ReadonlyArray<number>): ReadonlyArray<LogRecord.LogRecord> =>
  bytes.map((bytes, seq) => LogRecord.make({ seq, message: seq, bytes }))

const one = batchOf(100)
const four = batchOf(100, 100, 100, 100)
const failed = (error: LogSink.SinkError): Outcome => ({ _tag: "Failed", error })
const unavailable = (options?: { readonly ambiguous?: boolean; readonly stored?: number }): LogSink.SinkError =>
  LogSink.unavailable("sink", "no", options)
const keep = (stored: number, maybeStored: boolean): Answer => ({
  move: { _tag: "Keep", stored, maybeStored },
  sign: "fails"
})
const giveUp = (
  reason: "too_large" | "rejected_by_server" | "unconfirmed",
  refused: ReadonlyArray<LogRecord.LogRecord>,
  sign: Answer["sign"] = "refuses"
): Answer => ({ move: { _tag: "GiveUp", reason, refused }, sign })
const split = (at: number): Answer => ({ move: { _tag: "Split", at }, sign: "refuses" })

const table: ReadonlyArray<
  readonly [name: string, Outcome, batch: ReadonlyArray<LogRecord.LogRecord>, shortened: boolean, Answer]
> = [
  ["stored", { _tag: "Delivered" }, four, false, { move: { _tag: "Deliver", count: 4 }, sign: "works" }],
  ["abandoned", { _tag: "Abandoned" }, four, false, giveUp("unconfirmed", four, "fails")],
  ["died", { _tag: "Died", error: unavailable({ ambiguous: true }) }, four, false, keep(0, true)],
  ["unavailable", failed(unavailable()), four, false, keep(0, false)],
  ["unavailable, maybe stored", failed(unavailable({ ambiguous: true })), four, false, keep(0, true)],
  ["unavailable, three stored", failed(unavailable({ stored: 3 })), four, false, keep(3, false)],
  ["unavailable, more stored than there are", failed(unavailable({ stored: 9 })), four, false, keep(4, false)],
  ["unavailable, fewer than none", failed(unavailable({ stored: -1 })), four, false, keep(0, false)],
  ["misconfigured", failed(LogSink.misconfigured("sink", "no")), four, false, keep(0, false)],
  ["too large, alike records", failed(LogSink.tooLarge("sink", "no")), four, false, split(2)],
  ["too large, a large one first", failed(LogSink.tooLarge("sink", "no")), batchOf(900, 1, 1, 1), false, split(1)],
  ["too large, a large one last", failed(LogSink.tooLarge("sink", "no")), batchOf(1, 1, 1, 900), false, split(3)],
  [
    "too large, one",
    failed(LogSink.tooLarge("sink", "no")),
    one,
    false,
    { move: { _tag: "Shorten" }, sign: "refuses" }
  ],
  ["too large, shortened", failed(LogSink.tooLarge("sink", "no")), one, true, giveUp("too_large", one)],
  ["rejected", failed(LogSink.rejected("sink", "no")), four, false, split(2)],
  ["rejected, one", failed(LogSink.rejected("sink", "no")), one, false, giveUp("rejected_by_server", one)],
  [
    "rejected, two by name",
    failed(LogSink.rejected("sink", "no", { records: [1, 3] })),
    four,
    false,
    giveUp("rejected_by_server", [four[1]!, four[3]!])
  ],
  [
    "rejected, none of them by name",
    failed(LogSink.rejected("sink", "no", { records: [7] })),
    four,
    false,
    giveUp("rejected_by_server", [])
  ],
  ["closed", failed(LogSink.closed("sink", "no")), four, false, { move: { _tag: "Close" }, sign: "refuses" }]
]

describe("the answers of a sink", () => {
  for (const [name, outcome, batch, shortened, answer] of table) {
    it(`${name}: ${answer.move._tag}, the sink ${answer.sign}`, () => {
      assert.deepStrictEqual(answerOf(outcome, { batch, shortened }), answer)
    })
  }

  it("have every reason of an error in the table", () => {
    const reasons = new Set(table.flatMap(([, outcome]) => "error" in outcome ? [outcome.error.reason._tag] : []))
    assert.deepStrictEqual(reasons.size, 5)
  })

  it("that did not come leave what may have arrived unconfirmed", () => {
    assert.strictEqual(unanswered("shutdown_deadline", false), "shutdown_deadline")
    for (const reason of ["shutdown_deadline", "retries_exhausted", "expired"] as const) {
      assert.strictEqual(unanswered(reason, true), "unconfirmed")
    }
  })
})
