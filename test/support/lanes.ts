import { assert } from "@effect/vitest"
import { Clock, Effect, type Scope } from "effect"
import type { Outlet } from "../../src/internal/Capture.ts"
import { Diagnostics } from "../../src/internal/Diagnostics.ts"
import { Heirs } from "../../src/internal/Heirs.ts"
import { LaneBreaker } from "../../src/internal/LaneBreaker.ts"
import { type LaneHooks, LaneState } from "../../src/internal/LaneState.ts"
import { LaneWorkers } from "../../src/internal/LaneWorkers.ts"
import { Lane } from "../../src/Lane.ts"
import * as Ledger from "../../src/Ledger.ts"
import * as LogRecord from "../../src/LogRecord.ts"
import { defaults, type LogSink } from "../../src/LogSink.ts"

/** A lane with its inside, whose books are checked after every test that builds one. */
export interface LaneUnderTest {
  readonly lane: Lane
  readonly state: LaneState
  readonly diagnostics: ReadonlyArray<string>
  readonly drops: () => number
  /** Offers records whose messages go on counting from the last one. */
  readonly offer: (count: number, fields?: { readonly level?: LogRecord.Level; readonly bytes?: number }) => void
}

/** The parts of a lane, put together and not started. */
export interface Parts {
  readonly lane: Lane
  readonly state: LaneState
  readonly workers: LaneWorkers
}

export const build = (
  sink: LogSink,
  diagnostics: Diagnostics,
  hooks: LaneHooks,
  fallback?: Outlet
): Effect.Effect<Parts> =>
  Effect.gen(function*() {
    const options = { ...defaults, ...sink.options }
    const fiber = yield* Effect.fiber
    const clock = yield* Clock.Clock
    const heirs = new Heirs(sink.name, fallback, options.deadLetter, diagnostics)
    const state = new LaneState(options, fiber.currentDispatcher, hooks, heirs)
    const breaker = new LaneBreaker(options.breaker, () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n))
    const workers = new LaneWorkers(state, sink, diagnostics, breaker)
    return { state, workers, lane: new Lane(sink, state, workers) }
  })

export const makeLane = (sink: LogSink, fallback?: Outlet): Effect.Effect<LaneUnderTest, never, Scope.Scope> =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    let drops = 0
    const diagnostics = new Diagnostics((line) => lines.push(line), () => 0)
    const hooks: LaneHooks = {
      onDrop() {
        drops++
      },
      onTake() {}
    }
    const { lane, state, workers } = yield* build(sink, diagnostics, hooks, fallback)
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        assert.isTrue(Ledger.balanced(lane.books()), `open books balance: ${JSON.stringify(lane.books())}`)
        lane.abandon()
        const { inFlight, queued, retrying } = lane.books()
        assert.isTrue(Ledger.balanced(lane.books()), `closed books balance: ${JSON.stringify(lane.books())}`)
        assert.strictEqual(queued + inFlight + retrying, 0, "nothing is left in a closed lane")
      })
    )
    yield* workers.start
    let next = 0
    return {
      lane,
      state,
      diagnostics: lines,
      drops: () => drops,
      offer(count, fields) {
        for (let i = 0; i < count; i++) {
          const record = LogRecord.make({ seq: next, message: next, bytes: 100, ...fields })
          lane.outlet.offer(record, LogRecord.ordinal(record.level))
          next++
          assert.isTrue(Ledger.balanced(lane.books()), "the books balance after every offer")
        }
      }
    }
  })

/** Lets every fiber that can run do so. Time stands still. */
export const settle: Effect.Effect<void> = Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, {
  discard: true
})

export const messages = (records: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<unknown> =>
  records.map((record) => record.message)

export const numbers = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, i) => from + i)
