import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, type Scope } from "effect"
import { TestClock } from "effect/testing"
import * as fs from "node:fs"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { Ledger, LogRecord, ScriptedSink } from "../../src/index.ts"
import { build, type Lane } from "../../src/lane/Lane.ts"
import { LaneSpool } from "../../src/lane/LaneSpool.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { makeProcess, systemError } from "../spool/support.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { directory } from "../support/spooledLanes.ts"

interface Opened {
  readonly lane: Lane
  readonly offer: (from: number, to: number) => void
}

/** A lane whose spool is on a disk that, once it is open, can be read when `reads` says so. */
const openOn = (
  sink: ScriptedSink.ScriptedSink,
  spools: string,
  reads: () => boolean
): Effect.Effect<Opened, never, Scope.Scope> =>
  Effect.gen(function*() {
    let isOpen = false
    const process = makeProcess({
      openSync: (path, flags, mode) => {
        if (isOpen && !reads() && path.endsWith(".seg") && (flags & fs.constants.O_RDWR) === 0) {
          throw systemError("EMFILE")
        }
        return fs.openSync(path, flags, mode)
      }
    })
    const clock = yield* Clock.Clock
    const diagnostics = new Diagnostics(() => {}, () => 0)
    const { lane, state, workers } = yield* build(sink, diagnostics, { onDrop() {}, onTake() {}, onChange() {} })
    const options = { directory: spools, mode: "overflow" } as const
    const store = SpoolStore.openIn(process.world, { ...options, lane: sink.name })
    isOpen = true
    const { counters } = state
    state.attach(new LaneSpool({ name: sink.name, options, store, counters, diagnostics, onLoss() {}, clock }))
    yield* workers.start
    yield* Effect.addFinalizer(() => Effect.sync(() => lane.abandon()))
    return {
      lane,
      offer(from, to) {
        for (const seq of numbers(from, to)) {
          lane.inlet.offer(LogRecord.make({ seq, message: seq, bytes: 100 }), 2)
          assert.isTrue(Ledger.balanced(lane.books()))
        }
      }
    }
  })

describe("a spool that cannot be read for a while", () => {
  it.layer(NodeServices.layer)((it) => {
    const leave = (spools: string): Effect.Effect<void> =>
      Effect.scoped(Effect.gen(function*() {
        const { lane, offer } = yield* openOn(ScriptedSink.make({ otherwise: ScriptedSink.hang }), spools, () => true)
        offer(0, 5)
        yield* settle
        lane.abandon()
      }))

    it.effect("what is on it still goes before new records", () =>
      Effect.gen(function*() {
        const spools = yield* directory
        yield* leave(spools)
        let reads = false
        const sink = ScriptedSink.make()
        const { lane, offer } = yield* openOn(sink, spools, () => reads)
        offer(5, 10)
        yield* settle
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(sink.writes.length, 0)
        reads = true
        yield* TestClock.adjust("1 second")
        yield* lane.flush
        while (lane.books().delivered < 10) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, 10))
      }))

    it.effect("a drain does not wait for it, and leaves it to the next process with the queue behind it", () =>
      Effect.gen(function*() {
        const spools = yield* directory
        yield* leave(spools)
        const first = yield* openOn(ScriptedSink.make(), spools, () => false)
        first.offer(5, 10)
        first.lane.beginDrain(4500)
        yield* first.lane.drainDone
        first.lane.abandon()
        assert.strictEqual(first.lane.books().spooled, 10)
        const sink = ScriptedSink.make()
        const { lane } = yield* openOn(sink, spools, () => true)
        while (lane.books().delivered < 10) yield* Effect.yieldNow
        assert.deepStrictEqual(messages(sink.delivered), numbers(0, 10))
      }))
  })
})
