import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule, Schema } from "effect"
import { TestClock } from "effect/testing"
import { LogRecord, LogSink, ScriptedSink } from "../../src/index.ts"
import { type LaneUnderTest, makeLane, messages, numbers, settle } from "../support/lanes.ts"

/** A destination that refuses every batch that holds a poison record. */
const refusing = (
  poison: ReadonlySet<unknown>,
  options?: Partial<LogSink.LaneOptions>
): { readonly sink: LogSink.LogSink; readonly stored: Array<LogRecord.LogRecord>; readonly sends: () => number } => {
  const stored: Array<LogRecord.LogRecord> = []
  let sends = 0
  const sink = LogSink.make({
    name: "refusing",
    batchWindow: 0,
    ...options,
    write: (batch) =>
      Effect.suspend(() => {
        sends++
        if (batch.some((record) => poison.has(record.message))) {
          return Effect.fail(LogSink.rejected("400"))
        }
        stored.push(...batch)
        return Effect.void
      })
  })
  return { sink, stored, sends: () => sends }
}

/** A destination that takes no more than so many bytes at once. */
const limited = (
  limit: number
): { readonly sink: LogSink.LogSink; readonly stored: Array<LogRecord.LogRecord> } => {
  const stored: Array<LogRecord.LogRecord> = []
  const sink = LogSink.make({
    name: "limited",
    batchWindow: 0,
    write: (batch) =>
      Effect.suspend(() => {
        if (batch.reduce((sum, record) => sum + record.bytes, 0) > limit) {
          return Effect.fail(LogSink.tooLarge("413"))
        }
        stored.push(...batch)
        return Effect.void
      })
  })
  return { sink, stored }
}

describe("poison", () => {
  it.effect("F10: one poison record among 512 costs at most 2·log₂n+1 sends and is the only one given up", () =>
    Effect.gen(function*() {
      const letters: Array<LogSink.DeadLetter> = []
      const { sends, sink, stored } = refusing(new Set([300]), { deadLetter: (more) => letters.push(...more) })
      const { lane, offer } = yield* makeLane(sink)
      offer(512)
      yield* lane.flush
      assert.isAtMost(sends(), 2 * Math.log2(512) + 1)
      assert.deepStrictEqual(messages(stored), numbers(0, 512).filter((n) => n !== 300))
      assert.strictEqual(lane.books().deadLettered, 1)
      assert.deepStrictEqual(
        letters.map(({ attempts, lastError, reason, record, sink }) => ({
          attempts,
          lastError,
          reason,
          sink,
          seq: record.seq
        })),
        [{ attempts: 1, lastError: "400", reason: "rejected_by_server", sink: "refusing", seq: 300 }]
      )
    }))

  it.effect.prop(
    "F10: whatever is poison, only that is given up, in order, within the bound of sends",
    {
      size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 })),
      poison: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 199 }))).check(
        Schema.isMinLength(0),
        Schema.isMaxLength(6)
      )
    },
    ({ poison, size }) =>
      Effect.gen(function*() {
        const bad = new Set<unknown>(poison.filter((n) => n < size))
        const { sends, sink, stored } = refusing(bad)
        const { lane, offer } = yield* makeLane(sink)
        offer(size)
        yield* lane.flush
        assert.deepStrictEqual(messages(stored), numbers(0, size).filter((n) => !bad.has(n)))
        assert.strictEqual(lane.books().dropped.rejected_by_server, bad.size)
        assert.isAtMost(sends(), bad.size * (2 * Math.ceil(Math.log2(size)) + 1) + 1)
      }),
    { arbitrary: { runs: 100 } }
  )

  it.effect("F9: a batch that is too large is halved by bytes, in order", () =>
    Effect.gen(function*() {
      const { sink, stored } = limited(1000)
      const { lane, offer } = yield* makeLane(sink)
      offer(50)
      yield* lane.flush
      assert.deepStrictEqual(messages(stored), numbers(0, 50))
      assert.strictEqual(lane.books().delivered, 50)
    }))

  it.effect("F9: a single record that is too large is shortened once and keeps its identity", () =>
    Effect.gen(function*() {
      const { sink, stored } = limited(20_000)
      const { lane } = yield* makeLane(sink)
      const record = LogRecord.make({ seq: 7, time: 42, message: "x".repeat(100_000), bytes: 200_000 })
      lane.inlet.offer(record, LogRecord.severityOf("Info"))
      yield* lane.flush
      assert.strictEqual(stored[0]?.seq, 7)
      assert.strictEqual(stored[0]?.time, 42)
      assert.match(String(stored[0]?.message), /^x{4096}…\[truncated: 100000 characters\]$/)
      assert.strictEqual(lane.books().delivered, 1)
    }))

  it.effect("F9: a record that is still too large is given up as too_large, and the others are delivered", () =>
    Effect.gen(function*() {
      const letters: Array<LogSink.DeadLetter> = []
      const { sink, stored } = limited(500)
      const { lane, offer } = yield* makeLane(
        LogSink.withOptions(sink, { deadLetter: (more) => letters.push(...more) })
      )
      offer(3)
      lane.inlet.offer(LogRecord.make({ seq: 99, message: "x".repeat(100_000), bytes: 200_000 }), 2)
      offer(3)
      yield* lane.flush
      assert.strictEqual(stored.length, 6)
      assert.deepStrictEqual(letters.map(({ reason, record }) => [reason, record.seq]), [["too_large", 99]])
    }))

  it.effect("F9: a batch is measured at once where its sink can, and record by record where one is too large, or it throws", () =>
    Effect.gen(function*() {
      const answers = [["yes", 0], ["no", 5], ["throws", 5]] as const
      for (const [answer, times] of answers) {
        const stored: Array<LogRecord.LogRecord> = []
        const measured: Array<number> = []
        const { lane, offer } = yield* makeLane(LogSink.make({
          name: "measured",
          batchWindow: 0,
          recordLimit: {
            maxBytes: 1000,
            sizeOf: ({ seq }) => measured.push(seq),
            allFit: (batch) => {
              if (answer === "throws") throw new Error("it cannot be measured")
              return batch.length === 5 && answer === "yes"
            }
          },
          write: (batch) => Effect.sync(() => stored.push(...batch))
        }))
        offer(5)
        yield* lane.flush
        assert.deepStrictEqual(messages(stored), numbers(0, 5))
        assert.lengthOf(measured, times, answer)
      }
    }))

  it.effect("F9: where everything is too large nothing is sent again that cannot be shorter", () =>
    Effect.gen(function*() {
      let sends = 0
      const sink = LogSink.make({
        name: "refusing",
        maxBatchSize: 64,
        write: () =>
          Effect.suspend(() => {
            sends++
            return Effect.fail(LogSink.tooLarge("413"))
          })
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(64)
      yield* lane.flush
      assert.strictEqual(lane.books().dropped.too_large, 64)
      assert.strictEqual(sends, 2 * 64 - 1)
    }))

  it.effect("a retry in the middle of a bisection keeps order and counts", () =>
    Effect.gen(function*() {
      let sends = 0
      const stored: Array<LogRecord.LogRecord> = []
      const sink = LogSink.make({
        name: "both",
        batchWindow: 0,
        write: (batch) =>
          Effect.suspend(() => {
            sends++
            if (sends === 3) return Effect.fail(LogSink.unavailable("busy", { retryAfter: 0 }))
            if (batch.some((record) => record.message === 5)) return Effect.fail(LogSink.rejected("400"))
            stored.push(...batch)
            return Effect.void
          })
      })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(16)
      lane.beginDrain(4500)
      yield* TestClock.adjust(50)
      yield* lane.drainDone
      assert.deepStrictEqual(messages(stored), numbers(0, 16).filter((n) => n !== 5))
      assert.strictEqual(lane.books().dropped.rejected_by_server, 1)
      assert.strictEqual(state.slots[0]?.held, 0)
    }))
})

describe("givenUp", () => {
  it.effect("a fallback takes what the lane gives up", () =>
    Effect.gen(function*() {
      const fallback = yield* makeLane(LogSink.make({ name: "fallback", batchWindow: 0, write: () => Effect.void }))
      const { lane, offer } = yield* makeLane(refusing(new Set([1, 3])).sink, fallback.lane.inlet)
      offer(5)
      yield* lane.flush
      yield* fallback.lane.flush
      assert.strictEqual(lane.books().deadLettered, 2)
      assert.strictEqual(fallback.lane.books().delivered, 2)
    }))

  it.effect("what passes a fallback by goes on to the dead letters, else it is dropped", () =>
    Effect.gen(function*() {
      const picky = LogSink.make({
        name: "picky",
        batchWindow: 0,
        minimumLevel: "Warn",
        filter: ({ message }) => message !== 2,
        write: () => Effect.void
      })
      const all = new Set(numbers(0, 6))
      const offered = (under: LaneUnderTest): Effect.Effect<void> => {
        under.offer(2, { level: "Info" })
        under.offer(4, { level: "Error" })
        return under.lane.flush
      }
      const letters: Array<unknown> = []
      const first = yield* makeLane(picky)
      const kept = yield* makeLane(
        refusing(all, { deadLetter: (more) => letters.push(...more.map(({ record }) => record.message)) }).sink,
        first.lane.inlet
      )
      yield* offered(kept)
      assert.deepStrictEqual(letters, [0, 1, 2])
      assert.deepStrictEqual([kept.lane.books().deadLettered, kept.drops()], [6, 0])
      assert.strictEqual(first.lane.books().accepted, 3)

      const second = yield* makeLane(picky)
      const dropping = yield* makeLane(refusing(all).sink, second.lane.inlet)
      yield* offered(dropping)
      assert.deepStrictEqual([dropping.lane.books().deadLettered, dropping.lane.books().dropped.rejected_by_server], [
        3,
        3
      ])
    }))

  it.effect("at the deadline everything that is left goes to the givenUp", () =>
    Effect.gen(function*() {
      const letters: Array<LogSink.DeadLetter> = []
      const sink = LogSink.make({
        name: "hung",
        batchWindow: 0,
        maxBatchSize: 2,
        deadLetter: (more) => letters.push(...more),
        write: () => Effect.never
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(5)
      yield* Effect.yieldNow
      yield* Effect.yieldNow
      lane.abandon()
      assert.deepStrictEqual(letters.map(({ reason }) => reason), [
        "unconfirmed",
        "unconfirmed",
        "shutdown_deadline",
        "shutdown_deadline",
        "shutdown_deadline"
      ])
      assert.strictEqual(lane.books().deadLettered, 5)
    }))

  it.effect("after the sink has closed for good, the fallback takes what comes later too", () =>
    Effect.gen(function*() {
      const fallback = yield* makeLane(LogSink.make({ name: "fallback", batchWindow: 0, write: () => Effect.void }))
      const gone = LogSink.make({
        name: "gone",
        batchWindow: 0,
        write: () => Effect.fail(LogSink.closed("the pipe is closed"))
      })
      const { lane, offer } = yield* makeLane(gone, fallback.lane.inlet)
      offer(2)
      yield* lane.drainDone
      offer(3)
      yield* fallback.lane.flush
      assert.strictEqual(lane.books().deadLettered, 5)
      assert.strictEqual(fallback.lane.books().delivered, 5)
    }))

  it.effect("dead letters that throw leave the records counted under their reason", () =>
    Effect.gen(function*() {
      const { sink } = refusing(new Set([0]), {
        deadLetter() {
          throw new Error("full")
        }
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* lane.flush
      assert.strictEqual(lane.books().dropped.rejected_by_server, 1)
    }))
})

it.effect("the parts of a batch that may have been stored are unconfirmed when they are given up", () =>
  Effect.gen(function*() {
    const { fail, unavailable } = ScriptedSink
    const sink = ScriptedSink.make({
      script: [fail({ _tag: "Unavailable", ambiguous: true }), fail({ _tag: "Rejected" })],
      otherwise: unavailable,
      breaker: false,
      retry: Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 1 }))
    })
    const { lane, offer } = yield* makeLane(sink)
    offer(3)
    for (let i = 0; i < 10; i++) {
      yield* settle
      yield* TestClock.adjust("1 second")
    }
    assert.strictEqual(lane.books().dropped.unconfirmed, 3)
    offer(1)
    for (let i = 0; i < 5; i++) {
      yield* settle
      yield* TestClock.adjust("1 second")
    }
    assert.strictEqual(lane.books().dropped.retries_exhausted, 1)
  }))
