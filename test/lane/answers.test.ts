import { assert, describe, it } from "@effect/vitest"
import { LogRecord, LogSink } from "../../src/index.ts"
import { type Answer, answerOf, type Refused, unanswered } from "../../src/lane/answers.ts"
import type { Outcome } from "../../src/lane/writeOutcome.ts"
import type { DropReason } from "../../src/Ledger.ts"

const batchOf = (...bytes: ReadonlyArray<number>): ReadonlyArray<LogRecord.LogRecord> =>
  bytes.map((bytes, seq) => LogRecord.make({ seq, message: seq, bytes }))

const one = batchOf(100)
const four = batchOf(100, 100, 100, 100)
const failed = (error: LogSink.SinkError): Outcome => ({ _tag: "Failed", error })
const unavailable = (options?: { readonly ambiguous?: boolean; readonly stored?: number }): LogSink.SinkError =>
  LogSink.unavailable("no", options)
const sort = (
  refused: ReadonlyArray<Refused>,
  again: ReadonlyArray<LogRecord.LogRecord>,
  sign: Answer["sign"],
  maybeStored = false
): Answer => ({ move: { _tag: "Sort", refused, again, maybeStored }, sign })
const count = (refused: number, sign: Answer["sign"]): Answer => ({ move: { _tag: "Count", refused }, sign })
const giveUp = (reason: DropReason, sign: Answer["sign"] = "refuses"): Answer => ({
  move: { _tag: "GiveUp", reason },
  sign
})
const split = (at: number): Answer => ({ move: { _tag: "Split", at }, sign: "refuses" })
const refusedOf = (batch: ReadonlyArray<LogRecord.LogRecord>, ...positions: ReadonlyArray<number>) =>
  positions.map((position): Refused => ({ record: batch[position]! }))

interface Case {
  readonly short?: boolean
  /** What was acknowledged while it was written. */
  readonly stored?: ReadonlyArray<number>
}

const table: ReadonlyArray<
  readonly [name: string, Outcome, batch: ReadonlyArray<LogRecord.LogRecord>, Case, Answer]
> = [
  ["stored", { _tag: "Delivered" }, four, {}, { move: { _tag: "Deliver" }, sign: "works" }],
  ["abandoned", { _tag: "Abandoned" }, four, {}, giveUp("unconfirmed", "fails")],
  ["unheard", { _tag: "Unheard", error: unavailable({ ambiguous: true }) }, four, {}, giveUp("unconfirmed", "fails")],
  ["died", { _tag: "Died", error: unavailable({ ambiguous: true }) }, four, {}, sort([], four, "fails", true)],
  ["unavailable", failed(unavailable()), four, {}, sort([], four, "fails")],
  ["unavailable, maybe stored", failed(unavailable({ ambiguous: true })), four, {}, sort([], four, "fails", true)],
  ["unavailable, three stored", failed(unavailable({ stored: 3 })), four, {}, sort([], four.slice(3), "fails")],
  ["unavailable, more stored than there are", failed(unavailable({ stored: 9 })), four, {}, sort([], [], "fails")],
  ["unavailable, fewer than none", failed(unavailable({ stored: -1 })), four, {}, sort([], four, "fails")],
  [
    "unavailable, two acknowledged",
    failed(unavailable({ ambiguous: true })),
    four,
    { stored: [0, 2] },
    sort([], [four[1]!, four[3]!], "fails", true)
  ],
  [
    "unavailable, the head stored and another acknowledged",
    failed(unavailable({ stored: 1 })),
    four,
    { stored: [2] },
    sort([], [four[1]!, four[3]!], "fails")
  ],
  ["misconfigured", failed(LogSink.misconfigured("no")), four, {}, sort([], four, "fails")],
  [
    "misconfigured, one acknowledged",
    failed(LogSink.misconfigured("no")),
    four,
    { stored: [3] },
    sort([], four.slice(0, 3), "fails")
  ],
  ["too large, alike records", failed(LogSink.tooLarge("no")), four, {}, split(2)],
  ["too large, a large one first", failed(LogSink.tooLarge("no")), batchOf(900, 1, 1, 1), {}, split(1)],
  ["too large, a large one last", failed(LogSink.tooLarge("no")), batchOf(1, 1, 1, 900), {}, split(3)],
  [
    "too large, what is not acknowledged",
    failed(LogSink.tooLarge("no")),
    batchOf(900, 1, 1, 1),
    { stored: [0] },
    split(2)
  ],
  ["too large, one", failed(LogSink.tooLarge("no")), one, {}, { move: { _tag: "Shorten" }, sign: "refuses" }],
  ["too large, as short as can be", failed(LogSink.tooLarge("no")), one, { short: true }, giveUp("too_large")],
  ["rejected", failed(LogSink.rejected("no")), four, {}, split(2)],
  ["rejected, what is not acknowledged", failed(LogSink.rejected("no")), four, { stored: [0, 1] }, split(1)],
  ["rejected, one", failed(LogSink.rejected("no")), one, {}, giveUp("rejected_by_server")],
  [
    "rejected, all but one acknowledged",
    failed(LogSink.rejected("no")),
    four,
    { stored: [0, 1, 3] },
    giveUp("rejected_by_server")
  ],
  [
    "rejected, two by name",
    failed(LogSink.rejected("no", { records: [1, 3] })),
    four,
    {},
    sort(refusedOf(four, 1, 3), [], "works")
  ],
  [
    "rejected, all by name",
    failed(LogSink.rejected("no", { records: [0, 1, 2, 3] })),
    four,
    {},
    sort(refusedOf(four, 0, 1, 2, 3), [], "refuses")
  ],
  ["rejected, none of them by name", failed(LogSink.rejected("no", { records: [7] })), four, {}, sort([], [], "works")],
  [
    "rejected by name, and acknowledged before",
    failed(LogSink.rejected("no", { records: [1, 3] })),
    four,
    { stored: [3] },
    sort(refusedOf(four, 1), [], "works")
  ],
  ["rejected, three of them", failed(LogSink.rejected("no", { count: 3 })), four, {}, count(3, "works")],
  ["rejected, all of them by count", failed(LogSink.rejected("no", { count: 4 })), four, {}, count(4, "refuses")],
  ["rejected, more than there are", failed(LogSink.rejected("no", { count: 9 })), four, {}, count(4, "refuses")],
  ["rejected, none of them: a warning", failed(LogSink.rejected("no", { count: 0 })), four, {}, count(0, "works")],
  ["rejected, fewer than none", failed(LogSink.rejected("no", { count: -2 })), four, {}, count(0, "works")],
  [
    "rejected, a count that is no number",
    failed(LogSink.rejected("no", { count: Number.NaN })),
    four,
    {},
    count(4, "refuses")
  ],
  [
    "rejected by count, more than were not acknowledged",
    failed(LogSink.rejected("no", { count: 3 })),
    four,
    { stored: [0, 1] },
    count(2, "refuses")
  ],
  [
    "record by record: refused, again and stored",
    failed(LogSink.perRecord("no", { refused: [{ record: 1, message: "a number" }], again: [0, 3], ambiguous: true })),
    four,
    {},
    sort([{ record: four[1]!, message: "a number" }], [four[0]!, four[3]!], "works", true)
  ],
  [
    "record by record: all again",
    failed(LogSink.perRecord("no", { again: [0, 1, 2, 3] })),
    four,
    {},
    sort([], four, "fails")
  ],
  [
    "record by record: all refused",
    failed(LogSink.perRecord("no", { refused: [0, 1, 2, 3].map((record) => ({ record, message: "no" })) })),
    four,
    {},
    sort(four.map((record) => ({ record, message: "no" })), [], "refuses")
  ],
  [
    "record by record: none stored, some refused, some again",
    failed(LogSink.perRecord("no", { refused: [{ record: 0, message: "no" }], again: [1, 2, 3] })),
    four,
    {},
    sort([{ record: four[0]!, message: "no" }], four.slice(1), "fails")
  ],
  [
    "record by record: refused and again at once is refused",
    failed(LogSink.perRecord("no", { refused: [{ record: 0, message: "no" }], again: [0] })),
    four,
    {},
    sort([{ record: four[0]!, message: "no" }], [], "works")
  ],
  [
    "record by record: positions that are not there, or acknowledged",
    failed(
      LogSink.perRecord("no", {
        refused: [{ record: 9, message: "no" }, { record: 1, message: "no" }],
        again: [-1, 2.5, 2]
      })
    ),
    four,
    { stored: [1, 2] },
    sort([], [], "works")
  ],
  ["record by record: nothing said", failed(LogSink.perRecord("no")), four, {}, sort([], [], "works")],
  ["closed", failed(LogSink.closed("no")), four, {}, { move: { _tag: "Close" }, sign: "refuses" }]
]

describe("the answers of a sink", () => {
  for (const [name, outcome, batch, { short = false, stored }, answer] of table) {
    it(`${name}: ${answer.move._tag}, the sink ${answer.sign}`, () => {
      const acknowledged = stored && new Set(stored)
      assert.deepStrictEqual(answerOf(outcome, { batch, acknowledged, short }), answer)
    })
  }

  it("have every reason of an error in the table", () => {
    const reasons = new Set(table.flatMap(([, outcome]) => "error" in outcome ? [outcome.error.reason._tag] : []))
    assert.deepStrictEqual(reasons.size, 6)
  })

  it("that did not come leave what may have arrived unconfirmed", () => {
    assert.strictEqual(unanswered("shutdown_deadline", false), "shutdown_deadline")
    for (const reason of ["shutdown_deadline", "retries_exhausted", "expired"] as const) {
      assert.strictEqual(unanswered(reason, true), "unconfirmed")
    }
  })
})
