import { assert } from "@effect/vitest"
import { Effect, FileSystem, type Scope } from "effect"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { Ledger, LogRecord, type LogSink } from "../../src/index.ts"
import * as Lane from "../../src/lane/Lane.ts"
import { numbers } from "./lanes.ts"

/** A lane as the runtime makes it, with its spool; its books are checked all the way to its end. */
export interface Opened {
  readonly lane: Lane.Lane
  readonly lines: ReadonlyArray<string>
  /** Offers records numbered so; their time is 1000 milliseconds and their number, unless it is given. */
  readonly offer: (from: number, to: number, time?: number) => void
  /** Ends the lane as a deadline of shutdown does. */
  readonly end: () => Ledger.LaneBooks
}

export const open = (sink: LogSink.LogSink): Effect.Effect<Opened, never, Scope.Scope> =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const diagnostics = new Diagnostics((line) => lines.push(line), () => 0)
    const lane = yield* Lane.make(sink, diagnostics, { onDrop() {}, onTake() {}, onChange() {} })
    yield* lane.start
    const end = (): Ledger.LaneBooks => {
      lane.abandon()
      const books = lane.books()
      assert.isTrue(Ledger.balanced(books), JSON.stringify(books))
      assert.strictEqual(books.queued + books.inFlight + books.retrying, 0)
      return books
    }
    yield* Effect.addFinalizer(() => Effect.sync(end))
    return {
      lane,
      lines,
      end,
      offer(from, to, time) {
        for (const n of numbers(from, to)) {
          lane.inlet.offer(LogRecord.make({ seq: n, time: time ?? 1000 + n, message: n, bytes: 100 }), 2)
          assert.isTrue(Ledger.balanced(lane.books()), JSON.stringify(lane.books()))
        }
      }
    }
  })

/** A folder of its own, removed with the scope. */
export const directory = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())
