import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, LogSink, ScriptedSink } from "../../src/index.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { directory, open } from "../support/spooledLanes.ts"

const { fail, gate, hang, unavailable } = ScriptedSink

const hour = Duration.toMillis("1 hour")
const everyMinute = Schedule.spaced("1 minute")

describe("the age of what is spooled", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("a record that is too old when its turn comes is given up as expired, the others of its batch are sent", () =>
      Effect.gen(function*() {
        const start = yield* Clock.currentTimeMillis
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const before = yield* open(ScriptedSink.make({ script: [gate], maxBatchSize: 10, spool }))
        before.offer(0, 1, start + hour)
        yield* settle
        before.offer(1, 5, start)
        before.offer(5, 8, start + hour)
        assert.strictEqual(before.end().spooled, 8)

        yield* TestClock.setTime(start + 24 * hour)
        const exact = yield* open(ScriptedSink.make({ otherwise: hang, spool }))
        yield* settle
        assert.strictEqual(exact.lane.books().dropped.expired, 0, "not older than a day")
        exact.end()

        yield* TestClock.setTime(start + 24 * hour + 1)
        const letters: Array<LogSink.DeadLetter> = []
        const sink = ScriptedSink.make({ spool, deadLetter: (more) => letters.push(...more) })
        const after = yield* open(sink)
        while (after.lane.books().spooled > 0) yield* Effect.yieldNow
        yield* settle
        assert.deepStrictEqual(messages(sink.delivered), [0, 5, 6, 7])
        assert.deepStrictEqual(
          letters.map(({ attempts, reason, record }) => [record.message, reason, attempts]),
          numbers(1, 5).map((message) => [message, "expired", 0])
        )
        const books = after.end()
        assert.deepStrictEqual([books.recovered, books.deadLettered, books.delivered], [8, 4, 4])

        const last = yield* open(ScriptedSink.make({ spool }))
        assert.strictEqual(last.lane.books().recovered, 0, "what is expired is off the disk")
      }))

    it.effect("without givenUp it is counted as expired", () =>
      Effect.gen(function*() {
        const start = yield* Clock.currentTimeMillis
        const spool = { directory: yield* directory, mode: "always", maxAge: "1 minute" } as const
        const before = yield* open(ScriptedSink.make({ otherwise: hang, maxBatchSize: 4, spool }))
        before.offer(0, 10, start)
        before.end()
        yield* TestClock.setTime(start + hour)
        const sink = ScriptedSink.make({ spool })
        const after = yield* open(sink)
        after.offer(10, 12, start + hour)
        while (after.lane.books().delivered < 2) yield* Effect.yieldNow
        const { dropped } = after.end()
        assert.deepStrictEqual([dropped.expired, Ledger.total(dropped)], [10, 10])
        assert.deepStrictEqual(messages(sink.delivered), [10, 11])
      }))

    it.effect("an outage that lasts longer gives up the oldest batch at its next turn, and the lane goes on", () =>
      Effect.gen(function*() {
        const start = yield* Clock.currentTimeMillis
        const spool = { directory: yield* directory, mode: "always", maxAge: "10 minutes" } as const
        const sink = ScriptedSink.make({
          otherwise: unavailable,
          maxBatchSize: 3,
          retry: everyMinute,
          breaker: false,
          spool
        })
        const { end, lane, offer } = yield* open(sink)
        offer(0, 3, start)
        yield* settle
        for (let minute = 0; minute < 12; minute++) {
          yield* TestClock.adjust("1 minute")
          yield* settle
        }
        assert.strictEqual(sink.writes.length, 11)
        assert.strictEqual(lane.books().dropped.expired, 3)
        sink.push(ScriptedSink.succeed)
        offer(3, 5, start + 12 * 60_000)
        while (lane.books().delivered < 2) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), [3, 4])
        assert.strictEqual(Ledger.total(end().dropped), 3)
      }))

    it.effect("what may have arrived is given up as unconfirmed", () =>
      Effect.gen(function*() {
        const start = yield* Clock.currentTimeMillis
        const spool = { directory: yield* directory, mode: "always", maxAge: "10 minutes" } as const
        const sink = ScriptedSink.make({
          otherwise: fail({ _tag: "Unavailable", ambiguous: true }),
          retry: everyMinute,
          breaker: false,
          spool
        })
        const { end, offer } = yield* open(sink)
        offer(0, 2, start)
        yield* settle
        for (let minute = 0; minute < 12; minute++) {
          yield* TestClock.adjust("1 minute")
          yield* settle
        }
        const { dropped } = end()
        assert.deepStrictEqual([dropped.unconfirmed, dropped.expired], [2, 0])
      }))

    it.effect("there is no limit when it is Infinity", () =>
      Effect.gen(function*() {
        const start = yield* Clock.currentTimeMillis
        const spool = { directory: yield* directory, mode: "always", maxAge: Infinity } as const
        const before = yield* open(ScriptedSink.make({ otherwise: hang, spool }))
        before.offer(0, 2, start)
        before.end()
        yield* TestClock.setTime(start + 10_000 * hour)
        const sink = ScriptedSink.make({ spool })
        const after = yield* open(sink)
        while (after.lane.books().delivered < 2) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), [0, 1])
      }))
  })

  it("is refused when it is not above 0", () => {
    const make = (maxAge: LogSink.DurationInput): LogSink.LogSink =>
      LogSink.make({
        name: "audit",
        write: () => Effect.void,
        spool: { directory: "spool", mode: "always", maxAge }
      })
    const refused = "LogSink.make(\"audit\"): spool.maxAge must be a duration above 0, " +
      "like \"5s\", \"500 millis\" or a number of milliseconds, got "
    assert.throws(() => make(0), `${refused}0`)
    assert.throws(() => make("-1 minute"), `${refused}"-1 minute"`)
  })
})
