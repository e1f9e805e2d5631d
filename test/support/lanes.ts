import { assert } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import type { Inlet } from "../../src/lane/Inlet.ts"
import { build, type Lane } from "../../src/lane/Lane.ts"
import type { LaneHooks, LaneState } from "../../src/lane/LaneState.ts"
import * as Ledger from "../../src/Ledger.ts"
import * as LogRecord from "../../src/LogRecord.ts"
import type { LogSink } from "../../src/LogSink.ts"

/** A lane with its inside, whose books are checked after every test that builds one. */
export interface LaneUnderTest {
  readonly lane: Lane
  readonly state: LaneState
  readonly diagnostics: ReadonlyArray<string>
  readonly drops: () => number
  /** Offers records whose messages go on counting from the last one. */
  readonly offer: (count: number, fields?: { readonly level?: LogRecord.Level; readonly bytes?: number }) => void
}

export const makeLane = (sink: LogSink, fallback?: Inlet): Effect.Effect<LaneUnderTest, never, Scope.Scope> =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    let drops = 0
    const diagnostics = new Diagnostics((line) => lines.push(line), () => 0)
    const hooks: LaneHooks = {
      onDrop() {
        drops++
      },
      onTake() {},
      onChange() {}
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
          lane.inlet.offer(record, LogRecord.severityOf(record.level))
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
