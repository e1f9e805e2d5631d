import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Result, Schedule, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { DeadLetters, Ledger, LogRecord, LogSink, ScriptedSink } from "../../src/index.ts"
import { build, type Lane } from "../../src/lane/Lane.ts"
import { LaneSpool } from "../../src/lane/LaneSpool.ts"
import { resendLetters } from "../../src/runtime/resendLetters.ts"
import * as Letters from "../../src/spool/openLetters.ts"
import { thisOwner } from "../../src/spool/owner/owner.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import type { World } from "../../src/spool/world.ts"
import { Disk } from "../model/disk.ts"
import { identityOf, records, systemError } from "../spool/support.ts"
import { type Fault, type FaultyDisk, faultyDisk } from "../support/fullDisk.ts"
import { numbers, settle } from "../support/lanes.ts"

const directory = "/spools"
const bounds = { segmentBytes: 4096, maxBytes: 8192 }
const none: Fault = { at: Infinity, code: "", kind: "once" }
const self = thisOwner()

let tokens = 0
const worldOf = (files: World["files"]): World => ({
  files,
  identity: identityOf(() => ({ ...self, token: String(tokens++).padStart(8, "0") }))
})

interface Opened {
  readonly lane: Lane
  readonly offer: (from: number, to: number) => void
  readonly spooled: () => number
}

const open = (
  sink: LogSink.LogSink,
  world: World,
  options: Pick<LogSink.SpoolOptions, "mode" | "strategy">,
  onLine: () => void = () => {}
): Effect.Effect<Opened, never, Scope.Scope> =>
  Effect.gen(function*() {
    const clock = yield* Clock.Clock
    const diagnostics = new Diagnostics(onLine, () => 0)
    const { lane, state, workers } = yield* build(sink, diagnostics, { onDrop() {}, onTake() {}, onChange() {} })
    const spool = { directory, ...bounds, ...options }
    const store = SpoolStore.openIn(world, { ...spool, lane: sink.name })
    const { counters } = state
    const laneSpool = new LaneSpool({
      name: sink.name,
      options: spool,
      store,
      counters,
      diagnostics,
      onLoss() {},
      clock
    })
    state.attach(laneSpool)
    yield* laneSpool.maintain
    yield* workers.start
    yield* Effect.addFinalizer(() => Effect.sync(() => lane.abandon()))
    return {
      lane,
      spooled: () => lane.books().spooled,
      offer(from, to) {
        for (const seq of numbers(from, to)) {
          lane.inlet.offer(LogRecord.make({ seq, message: seq, bytes: 100 }), 2)
          assert.isTrue(Ledger.balanced(lane.books()), JSON.stringify(lane.books()))
        }
      }
    }
  })

const everySecond = { retry: Schedule.spaced("1 second"), breaker: false } as const

describe("F67: a lane whose disk is full", () => {
  it.effect("keeps what the disk does not take in memory for as long as an outage lasts, and puts it on disk once there is room", () =>
    Effect.gen(function*() {
      const disk = faultyDisk(new Disk().mount().files, { at: Infinity, code: "ENOSPC", kind: "no blocks" })
      const sink = ScriptedSink.make({ otherwise: ScriptedSink.unavailable, maxBatchSize: 5, ...everySecond })
      const { lane, offer, spooled } = yield* open(sink, worldOf(disk.files), { mode: "overflow" })
      disk.fill()
      offer(0, 5)
      yield* settle
      offer(5, 9)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(Ledger.total(lane.books().dropped) + spooled(), 0)
      disk.makeRoom()
      yield* TestClock.adjust("2 seconds")
      assert.isAtLeast(spooled() + lane.books().inFlight + lane.books().retrying, 5)
      lane.abandon()
      assert.strictEqual(spooled(), 9)
      assert.strictEqual(Ledger.total(lane.books().dropped), 0)
    }))

  it.effect("loses nothing, and has its books right, where the program logs what the lane says of its disk", () =>
    Effect.gen(function*() {
      const disk = faultyDisk(new Disk().mount().files, { at: Infinity, code: "ENOSPC", kind: "no blocks" })
      const sink = ScriptedSink.make({
        otherwise: ScriptedSink.hang,
        concurrency: 2,
        capacity: 40,
        maxBatchSize: 2,
        ...everySecond
      })
      let next = 0
      let lines = 0
      let logged = 0
      const { lane, offer } = yield* open(sink, worldOf(disk.files), { mode: "overflow" }, () => {
        lines++
        const from = next
        next += 12
        offer(from, next)
        logged++
      })
      disk.fill()
      next = 36
      offer(0, next)
      yield* settle
      yield* TestClock.adjust("10 seconds")
      lane.abandon()
      assert.isAbove(lines, 0)
      assert.strictEqual(logged, lines, "the books balance whenever the program looks at them")
      const { inFlight, queued, retrying } = lane.books()
      assert.strictEqual(inFlight + queued + retrying, 0)
    }))

  it.effect("puts what was held back on disk without a new record or a delivery", () =>
    Effect.gen(function*() {
      const disk = faultyDisk(new Disk().mount().files, { at: Infinity, code: "ENOSPC", kind: "no blocks" })
      const sink = ScriptedSink.make({ otherwise: ScriptedSink.hang, maxBatchSize: 5, ...everySecond })
      const { lane, offer, spooled } = yield* open(sink, worldOf(disk.files), { mode: "always" })
      offer(0, 5)
      yield* settle
      disk.fill()
      offer(5, 10)
      yield* settle
      assert.deepStrictEqual([spooled(), lane.books().inFlight], [0, 10])
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual([spooled(), lane.books().inFlight], [0, 10])
      disk.makeRoom()
      yield* TestClock.adjust("500 millis")
      assert.deepStrictEqual([spooled(), lane.books().inFlight], [5, 5])
    }))

  it.effect("puts all parts of a batch on disk, or none: a part that the disk does not take is newer", () =>
    Effect.gen(function*() {
      const disk = new Disk().mount()
      let room = Infinity
      const files: World["files"] = {
        ...disk.files,
        writeSync(fd, bytes, offset, length, position) {
          if (room-- <= 0) throw systemError("ENOSPC")
          return disk.files.writeSync(fd, bytes, offset, length, position)
        }
      }

      const sink = ScriptedSink.make({
        script: [ScriptedSink.fail({ _tag: "TooLarge" }), ...Array.from({ length: 8 }, () => ScriptedSink.unavailable)],

        maxBatchSize: 4,
        ...everySecond
      })
      const { lane, offer } = yield* open(sink, worldOf(files), { mode: "overflow" })
      offer(0, 4)
      yield* settle
      room = 1
      yield* TestClock.adjust("6 seconds")
      room = Infinity
      yield* TestClock.adjust("20 seconds")
      assert.deepStrictEqual(sink.delivered.map(({ seq }) => seq), [0, 1, 2, 3])
      assert.strictEqual(lane.books().delivered, 4)
    }))

  const kinds = (["overflow", "always"] as const).flatMap((mode) =>
    (["sliding", "dropping"] as const).map((strategy) => ({ mode, strategy }))
  )

  it.effect.each(kinds)(
    "counts every record and goes on, at whatever operation it fails: $mode, $strategy",
    (kind) =>
      Effect.gen(function*() {
        const places = (yield* runWith(kind, none)).needing()
        assert.isAbove(places.length, 20)
        for (const [i, at] of places.entries()) {
          yield* runWith(kind, { at, code: "ENOSPC", kind: i % 3 === 0 ? "no names" : "no blocks" })
        }
      })
  )

  const verdict = { reason: "rejected_by_server", attempts: 1, message: "400", time: 0 }

  /** An outage with a replay of dead letters on a disk that fails, and an end of both. */
  const runWith = (kind: (typeof kinds)[number], fault: Fault): Effect.Effect<FaultyDisk> =>
    Effect.scoped(Effect.gen(function*() {
      const disk = new Disk()
      const before = Letters.openIn(worldOf(disk.mount().files), { directory, lane: "scripted", ...bounds })
      for (let i = 0; i < 3; i++) before.append(records(1000 + 3 * i, 3), verdict)
      before.close()
      const faulty = faultyDisk(disk.mount().files, fault)
      const world = worldOf(faulty.files)
      const letters = orWithRoom(faulty, () => Letters.openIn(world, { directory, lane: "scripted", ...bounds }))
      let isUp = false
      let writes = 0
      const delivered: Array<LogRecord.LogRecord> = []
      const write: LogSink.LogSink["write"] = (batch) =>
        Effect.suspend(() => {
          if (!isUp) return Effect.fail(LogSink.unavailable("down"))
          // A batch in three is refused, and letters have to find their way back.
          if (writes++ % 3 === 1) return Effect.fail(LogSink.rejected("no"))
          delivered.push(...batch)
          return Effect.void
        })
      const sink = LogSink.make({
        name: "scripted",
        write,
        maxBatchSize: 4,
        capacity: 20,
        deadLetter: DeadLetters.into(letters),
        ...everySecond
      })
      const { lane, offer } = yield* openWithRoom(faulty, sink, world, kind)
      offer(0, 10)
      yield* settle
      const replay = yield* Effect.forkChild(Effect.result(resendLetters(letters, lane)), { startImmediately: true })
      yield* TestClock.adjust("6 seconds")
      offer(10, 60)
      yield* settle
      offer(60, 80)
      yield* TestClock.adjust("3 seconds")
      isUp = true
      yield* TestClock.adjust("2 seconds")
      faulty.makeRoom()
      offer(80, 84)
      yield* TestClock.adjust("4 seconds")
      const { inFlight, queued, retrying, spooled } = lane.books()
      assert.deepStrictEqual([inFlight, queued, retrying, spooled], [0, 0, 0, 0], JSON.stringify(fault))
      assert.isAtLeast(delivered.length, 4, "it goes on")
      assert.isTrue(Result.isSuccess(yield* Fiber.join(replay)))
      lane.abandon()
      letters.close()
      const books = lane.books()
      assert.isTrue(Ledger.balanced(books))
      const again = SpoolStore.openIn(worldOf(disk.mount().files), { directory, lane: "scripted", ...bounds })
      assert.strictEqual(again.recovery.records, books.spooled)
      return faulty
    }))

  const orWithRoom = <A>(disk: FaultyDisk, step: () => A): A => {
    try {
      return step()
    } catch {
      disk.makeRoom()
      return step()
    }
  }

  const openWithRoom = (
    disk: FaultyDisk,
    sink: LogSink.LogSink,
    world: World,
    kind: (typeof kinds)[number]
  ): Effect.Effect<Opened, never, Scope.Scope> =>
    Effect.catchCause(open(sink, world, kind), () =>
      Effect.suspend(() => {
        disk.makeRoom()
        return open(sink, world, kind)
      }))
})
