import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, ScriptedSink } from "../../src/index.ts"
import { makeLane, settle } from "../support/lanes.ts"

const { die, fail, gate, hang, hangUninterruptibly, succeed, throws, unavailable } = ScriptedSink

const outcomes: ReadonlyArray<ScriptedSink.Step> = [
  succeed,
  succeed,
  unavailable,
  fail({ _tag: "Unavailable", ambiguous: true, retryAfter: "3 seconds" }),
  fail({ _tag: "Unavailable", stored: 2 }),
  fail({ _tag: "Rejected" }),
  fail({ _tag: "Rejected", records: [0, 2] }),
  fail({ _tag: "TooLarge" }),
  fail({ _tag: "Misconfigured" }),
  die(),
  throws(),
  hang,
  hangUninterruptibly,
  gate
]

const below = (n: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: n - 1 }))

const Action = Schema.Struct({ kind: below(8), amount: below(40) })

describe("conservation", () => {
  it.effect.prop(
    "under random offers, failures, hangs, interrupts and closes the books balance at every instant",
    {
      actions: Schema.Array(Action).check(Schema.isMinLength(5), Schema.isMaxLength(60)),
      script: Schema.Array(below(outcomes.length)).check(Schema.isMinLength(0), Schema.isMaxLength(40)),
      strategy: Schema.Literals(["dropping", "sliding", "sampling"]),
      concurrency: below(3)
    },
    ({ actions, concurrency, script, strategy }) =>
      Effect.gen(function*() {
        const sink = ScriptedSink.make({
          script: script.map((index) => outcomes[index] ?? succeed),
          capacity: 30,
          maxBytes: 4000,
          maxBatchSize: 6,
          maxBatchBytes: 500,
          batchWindow: "1 second",
          writeTimeout: "5 seconds",
          concurrency: concurrency + 1,
          strategy,
          retry: Schedule.exponential("1 second").pipe(Schedule.upTo({ times: 3 }))
        })
        const { lane, offer, state } = yield* makeLane(sink)
        const perform = (kind: number, amount: number): Effect.Effect<unknown> => {
          switch (kind) {
            case 0:
            case 1:
              return Effect.sync(() => offer(amount))
            case 2:
              return Effect.sync(() => offer(amount, { level: "Error", bytes: 10 * amount }))
            case 3:
              return TestClock.adjust(amount * 100)
            case 4:
              return Effect.sync(() => state.slots[amount % state.slots.length]?.worker?.interruptUnsafe())
            case 5:
              return sink.release
            case 6:
              return amount === 39 ? Effect.sync(() => lane.beginDrain(4500)) : settle
            default:
              return amount === 39 ? Effect.sync(() => lane.abandon()) : settle
          }
        }
        for (const { amount, kind } of actions) {
          yield* perform(kind, amount)
          const books = lane.books()
          assert.isTrue(Ledger.balanced(books), JSON.stringify(books))
          assert.isAtMost(books.queued, 30)
          assert.isAtMost(state.queue.bytes, 4000)
          assert.strictEqual(books.inFlight + books.retrying, state.slots.reduce((n, slot) => n + slot.held, 0))
        }
        const distinct = new Set(sink.delivered.map((record) => record.seq)).size
        assert.isAtLeast(lane.books().accepted, distinct)
      }),
    { arbitrary: { runs: 300 } }
  )

  it.effect.prop(
    "once faults stop every record is settled, and at concurrency 1 in order",
    {
      batches: Schema.Array(below(12)).check(Schema.isMinLength(1), Schema.isMaxLength(20)),
      script: Schema.Array(below(6)).check(Schema.isMinLength(0), Schema.isMaxLength(12))
    },
    ({ batches, script }) =>
      Effect.gen(function*() {
        const faults = [succeed, unavailable, die(), throws(), hang, fail({ _tag: "Unavailable", stored: 1 })]
        const sink = ScriptedSink.make({
          script: script.map((index) => faults[index] ?? succeed),
          maxBatchSize: 5,
          writeTimeout: "5 seconds",
          retry: Schedule.spaced("1 second")
        })
        const { lane, offer } = yield* makeLane(sink)
        for (const count of batches) {
          offer(count)
          yield* Effect.yieldNow
        }
        for (let i = 0; i < 2 * script.length + 2; i++) yield* TestClock.adjust("35 seconds")
        yield* lane.flush
        const { accepted, delivered } = lane.books()
        assert.strictEqual(delivered, accepted)
        const severity = sink.delivered.map((record) => record.seq)
        assert.deepStrictEqual(severity, severity.toSorted((a, b) => a - b))
      }),
    { arbitrary: { runs: 200 } }
  )
})
