import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { LogRecord, LogSink } from "../../src/index.ts"
import { answerOf } from "../../src/lane/answers.ts"
import { sequelOf } from "../../src/lane/sequels.ts"
import type { Outcome } from "../../src/lane/writeOutcome.ts"
import { makeLane } from "../support/lanes.ts"

const records = [0, 1].map((seq) => LogRecord.make({ message: "a", seq }))
const failed = (error: LogSink.SinkError): Outcome => ({ _tag: "Failed", error })
const givenUp = "given up: mend what is refused, or give the sink a fallback or dead letters"
const someGivenUp = "some are given up, the others stored: mend what is refused"

/** What is said behind the answers of a sink, to a batch of so many records. */
const said: ReadonlyArray<readonly [what: string, outcome: Outcome, count: number, sequel: string]> = [
  ["not now", failed(LogSink.unavailable("busy")), 2, "tried again"],
  ["perhaps stored", failed(LogSink.unavailable("busy", { ambiguous: true })), 2, "tried again, and may arrive twice"],
  ["a wrong password", failed(LogSink.misconfigured("401")), 2, "tried again later: mend that"],
  ["dead", { _tag: "Died", error: LogSink.unavailable("died") }, 2, "tried again: mend the sink"],
  ["too large", failed(LogSink.tooLarge("413")), 2, "sent again in parts"],
  ["too large, one", failed(LogSink.tooLarge("413")), 1, "sent again shortened: log smaller records"],
  ["refused", failed(LogSink.rejected("400")), 2, "sent again in parts"],
  ["refused, one", failed(LogSink.rejected("400")), 1, givenUp],
  ["refused by its place", failed(LogSink.rejected("400", { records: [1] })), 2, someGivenUp],
  ["refused by their places", failed(LogSink.rejected("400", { records: [0, 1] })), 2, givenUp],
  ["counted", failed(LogSink.rejected("1 of 2", { count: 1 })), 2, someGivenUp],
  ["counted, all", failed(LogSink.rejected("2 of 2", { count: 2 })), 2, givenUp],
  ["a warning", failed(LogSink.rejected("old client", { count: 0 })), 2, "all are stored"],
  ["one by one", failed(LogSink.perRecord("some", { refused: [{ record: 1, message: "no" }] })), 2, someGivenUp],
  [
    "one by one, some again",
    failed(LogSink.perRecord("some", { refused: [{ record: 1, message: "no" }], again: [0] })),
    2,
    "some are given up, the others tried again"
  ],
  ["gone", failed(LogSink.closed("gone")), 2, "the lane is closed: start again when the destination is there"],
  ["left behind", { _tag: "Abandoned" }, 2, "build the sink of effects that can be interrupted"],
  ["no Effect", { _tag: "Unheard", error: LogSink.unavailable("no Effect") }, 2, "given up: mend the sink"],
  ["all stored", failed(LogSink.unavailable("busy", { stored: 2 })), 2, "all are stored"]
]

describe("what is said behind an answer", () => {
  for (const [what, outcome, count, sequel] of said) {
    it(`is what the lane does, and what helps: ${what}`, () => {
      const { move } = answerOf(outcome, { batch: records.slice(0, count), short: false })
      assert.strictEqual(sequelOf(outcome, move, { count, isTaken: false }), sequel)
    })
  }

  it.effect("offers no fallback or dead letters where they take it", () =>
    Effect.gen(function*() {
      const { diagnostics, lane, offer } = yield* makeLane(LogSink.make({
        name: "strict",
        deadLetter: () => {},
        write: () => Effect.fail(LogSink.rejected("400"))
      }))
      offer(1)
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.deepStrictEqual(diagnostics, [
        "[spillway] strict: 400 (1 record); given up, to the fallback or the dead letters: mend what is refused\n"
      ])
    }))
})
