import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { type Ledger, type LogSink, ScriptedSink } from "../../src/index.ts"
import { makeLane, settle } from "../support/lanes.ts"

const { fail } = ScriptedSink

interface Row {
  readonly title: string
  readonly reason: LogSink.Reason
  /** How long to wait for the next attempt; none when the batch is settled. */
  readonly waits?: string
  readonly books: Partial<Omit<Ledger.LaneBooks, "dropped">>
  readonly dropped?: Partial<Record<Ledger.DropReason, number>>
}

/** What each row of the catalogue means for a lane; the answers on the wire come with their sinks. */
const rows: ReadonlyArray<Row> = [
  {
    title: "F12: entries that a server names in a 400 are counted, the others are stored and not sent again",
    reason: { _tag: "Rejected", records: [0, 2] },
    books: { delivered: 2 },
    dropped: { rejected_by_server: 2 }
  },
  {
    title: "F13: a wrong credential is tried slowly and destroys nothing",
    reason: { _tag: "Misconfigured" },
    waits: "30 seconds",
    books: { delivered: 4 }
  },
  {
    title: "F14: a 503 is retried under the schedule",
    reason: { _tag: "Unavailable" },
    waits: "1 second",
    books: { delivered: 4 }
  },
  {
    title: "F15: a connection reset in the middle is retried as the same batch",
    reason: { _tag: "Unavailable", ambiguous: true },
    waits: "1 second",
    books: { delivered: 4 }
  },
  {
    title: "F16: an answer that stalls after its head is an ambiguous failure, retried",
    reason: { _tag: "Unavailable", ambiguous: true },
    waits: "1 second",
    books: { delivered: 4 }
  },
  {
    title: "F17: an answer that is too long to read is an ambiguous failure, retried",
    reason: { _tag: "Unavailable", ambiguous: true },
    waits: "1 second",
    books: { delivered: 4 }
  },
  {
    title: "F18: a redirect is a mistake in the configuration: tried slowly, never followed",
    reason: { _tag: "Misconfigured" },
    waits: "30 seconds",
    books: { delivered: 4 }
  },
  {
    title: "F19: a name that does not resolve is retried",
    reason: { _tag: "Unavailable" },
    waits: "1 second",
    books: { delivered: 4 }
  },
  {
    title: "F20: a bad certificate is tried slowly",
    reason: { _tag: "Misconfigured" },
    waits: "30 seconds",
    books: { delivered: 4 }
  },
  {
    title: "F21: a stale connection is tried again at once when the sink asks for no wait",
    reason: { _tag: "Unavailable", retryAfter: 0 },
    waits: "1 second",
    books: { delivered: 4 }
  }
]

describe("what the answers of protocols mean for a lane", () => {
  for (const { books, dropped, reason, title, waits } of rows) {
    it.effect(title, () =>
      Effect.gen(function*() {
        const sink = ScriptedSink.make({ script: [fail(reason)], retry: Schedule.spaced("1 second") })
        const { lane, offer } = yield* makeLane(sink)
        offer(4)
        yield* sink.started(1)
        yield* settle
        if (waits !== undefined) {
          assert.strictEqual(lane.books().retrying, 4)
          yield* TestClock.adjust(waits === "1 second" ? "1 second" : "30 seconds")
          yield* sink.started(2)
          assert.deepStrictEqual(sink.writes[1], sink.writes[0], "the same batch")
        }
        yield* lane.flush
        assert.strictEqual(sink.writes.length, waits === undefined ? 1 : 2)
        assert.deepInclude(lane.books(), books)
        assert.deepInclude(lane.books().dropped, dropped ?? {})
      }))
  }

  it.effect("F23: a wall clock that jumps neither ends a retry schedule nor prolongs a wait", () =>
    Effect.gen(function*() {
      const clock = yield* Clock.Clock
      let jump = 0
      const jumping: Clock.Clock = Object.assign(Object.create(clock), {
        currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + jump
      })
      yield* Effect.gen(function*() {
        const sink = ScriptedSink.make({
          script: [fail({ _tag: "Unavailable" }), fail({ _tag: "Unavailable" })],
          retry: Schedule.spaced("10 seconds").pipe(Schedule.upTo({ duration: "1 minute" }))
        })
        const { lane, offer } = yield* makeLane(sink)
        offer(1)
        yield* sink.started(1)
        yield* settle
        jump = 24 * 3_600_000
        yield* TestClock.adjust("10 seconds")
        yield* sink.started(2)
        yield* settle
        jump = -24 * 3_600_000
        yield* TestClock.adjust("10 seconds")
        yield* lane.flush
        assert.strictEqual(lane.books().delivered, 1)
      }).pipe(Effect.provideService(Clock.Clock, jumping))
    }))
})
