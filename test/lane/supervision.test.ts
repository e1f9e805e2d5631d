import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, References, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { LogSink, ScriptedSink } from "../../src/index.ts"
import { makeLane, messages, numbers, settle } from "../support/lanes.ts"

const everySecond = Schedule.spaced("1 second")
const { die, gate, hang, hangUninterruptibly, succeed, throws, unavailable } = ScriptedSink

describe("supervision", () => {
  it.effect("F3: a sink that dies three times loses nothing; every death is counted as a restart", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [die(), throws(), die("not an error")], retry: everySecond })
      const { lane, offer } = yield* makeLane(sink)
      offer(3)
      for (const attempts of [1, 2, 3]) {
        yield* sink.started(attempts)
        yield* settle
        yield* TestClock.adjust("1 second")
      }
      yield* lane.flush
      assert.deepStrictEqual(messages(sink.delivered), [0, 1, 2])
      assert.strictEqual(lane.books().restarts, 3)
    }))

  it.effect("F46: a worker killed while it writes is started again and goes on with the same write", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [gate] })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(3)
      yield* sink.started(1)
      yield* settle
      assert.isDefined(state.slots[0]?.worker)
      state.slots[0]?.worker?.interruptUnsafe()
      yield* settle
      assert.strictEqual(lane.books().inFlight, 3)
      assert.strictEqual(lane.books().restarts, 1)
      yield* TestClock.adjust("1 second")
      yield* sink.release
      yield* lane.flush
      assert.strictEqual(sink.writes.length, 1)
      assert.deepStrictEqual(messages(sink.delivered), [0, 1, 2])
    }))

  it.effect("F46: a worker that is started again says why it was stopped, whatever stopped it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [gate], retry: everySecond })
      let broken = false
      const { diagnostics, lane, offer, state } = yield* makeLane(
        sink
      )
      const awaitRecords = state.awaitRecords.bind(state)
      state.awaitRecords = (millis) => broken ? Effect.die(new Error("the lane is wrong")) : awaitRecords(millis)
      offer(1)
      yield* sink.started(1)
      yield* settle
      state.slots[0]?.worker?.interruptUnsafe()
      yield* settle
      yield* TestClock.adjust("1 second")
      broken = true
      yield* sink.release
      yield* lane.flush
      yield* settle
      broken = false
      yield* TestClock.adjust("1 second")
      offer(1)
      yield* lane.flush
      const why = "the worker was stopped; it is started again with the batch it held: "
      assert.deepStrictEqual(
        diagnostics.filter((line) => line.includes(why)).map((line) => line.split(why)[1]?.trim()),
        [
          "it was interrupted; look for code that interrupts fibers that are not its own",
          "Error: the lane is wrong; please report this as a fault of effect-spillway"
        ]
      )
      assert.strictEqual(lane.books().restarts, 2)
      assert.deepStrictEqual(messages(sink.delivered), [0, 1])
    }))

  it.effect("F45, F46: a worker killed while it waits for a retry keeps its batch, ahead of later records", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [unavailable], retry: everySecond, maxBatchSize: 3 })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(3)
      yield* sink.started(1)
      yield* settle
      assert.strictEqual(lane.books().retrying, 3)
      state.slots[0]?.worker?.interruptUnsafe()
      offer(3)
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, 6))
    }))

  it.effect("F46: a worker killed during the last retry's write waits for that write, and gives nothing up before", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [unavailable, gate], retry: Schedule.recurs(1) })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(3)
      yield* sink.started(2)
      yield* settle
      state.slots[0]?.worker?.interruptUnsafe()
      yield* settle
      yield* TestClock.adjust("1 second")
      assert.strictEqual(lane.books().inFlight, 3)
      yield* sink.release
      yield* lane.flush
      assert.strictEqual(sink.writes.length, 2)
      assert.strictEqual(lane.books().delivered, 3)
    }))

  it.effect("F46: a retry begun by a killed worker is counted when it ends, whoever else waits for a retry", () =>
    Effect.gen(function*() {
      const script = [unavailable, unavailable, gate]
      const sink = ScriptedSink.make({ script, concurrency: 2, maxBatchSize: 1, retry: Schedule.spaced("1 hour") })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(2)
      yield* sink.started(2)
      yield* settle
      yield* TestClock.adjust("1 hour")
      yield* sink.started(3)
      state.slots.find(({ phase }) => phase === "writing")?.worker?.interruptUnsafe()
      yield* settle
      yield* sink.release
      yield* TestClock.adjust("1 second")
      yield* settle
      assert.strictEqual(lane.books().delivered, 1)
    }))

  for (const opsBeforeYield of [3, 4, 5, 6, 7]) {
    it.effect(`F46: a worker killed at any of its steps (${opsBeforeYield} a turn) has its batch written once`, () =>
      Effect.gen(function*() {
        for (let turns = 0; turns < 40; turns++) {
          const sink = ScriptedSink.make()
          const { lane, offer, state } = yield* makeLane(sink).pipe(
            Effect.provideService(References.MaxOpsBeforeYield, opsBeforeYield)
          )
          offer(3)
          for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
          state.slots[0]?.worker?.interruptUnsafe()
          for (let turn = 0; turn < 100; turn++) yield* Effect.yieldNow
          yield* TestClock.adjust("1 second")
          yield* lane.flush
          assert.deepStrictEqual(messages(sink.delivered), [0, 1, 2], `killed after ${turns} turns`)
        }
      }))
  }

  for (const opsBeforeYield of [3, 4, 5, 6, 7]) {
    it.effect(`a lane abandoned at any of its steps (${opsBeforeYield} a turn) calls only what was sent unconfirmed`, () =>
      Effect.gen(function*() {
        for (let turns = 0; turns < 40; turns++) {
          const sink = ScriptedSink.make({ otherwise: hang })
          const { lane, offer } = yield* makeLane(sink).pipe(
            Effect.provideService(References.MaxOpsBeforeYield, opsBeforeYield)
          )
          offer(3)
          for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
          const begun = sink.writes.length
          lane.abandon()
          assert.strictEqual(lane.books().dropped.unconfirmed, 3 * begun, `abandoned after ${turns} turns`)
          for (let turn = 0; turn < 100; turn++) yield* Effect.yieldNow
          assert.strictEqual(
            sink.writes.length,
            begun,
            `nothing is written after it was abandoned after ${turns} turns`
          )
        }
      }))
  }

  it.effect("F45: workers killed at every turn of a busy lane lose nothing and keep the order", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ maxBatchSize: 7 })
      const { lane, offer, state } = yield* makeLane(sink)
      for (let round = 0; round < 200; round++) {
        offer(round % 11)
        state.slots[0]?.worker?.interruptUnsafe()
        yield* Effect.yieldNow
        if (round % 5 === 0) yield* TestClock.adjust("30 seconds")
      }
      yield* TestClock.adjust("30 seconds")
      yield* lane.flush
      assert.deepStrictEqual(messages(sink.delivered), numbers(0, lane.books().accepted))
      assert.isAbove(lane.books().restarts, 10)
    }))

  it.effect("F1: a write that hangs is timed out and retried", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [hang], writeTimeout: "30 seconds", retry: everySecond })
      const { lane, offer } = yield* makeLane(sink)
      offer(2)
      yield* sink.started(1)
      yield* TestClock.adjust("29999 millis")
      assert.strictEqual(lane.books().inFlight, 2)
      yield* TestClock.adjust("1 millis")
      yield* settle
      assert.strictEqual(lane.books().retrying, 2)
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 2)
    }))

  it.effect("F2: a write that cannot be interrupted is left behind as unconfirmed, and the lane goes on", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [hangUninterruptibly], writeTimeout: "30 seconds", maxBatchSize: 2 })
      const { lane, offer } = yield* makeLane(sink)
      offer(4)
      yield* sink.started(1)
      yield* TestClock.adjust("30 seconds")
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.strictEqual(lane.books().dropped.unconfirmed, 2)
      assert.deepStrictEqual(messages(sink.delivered), [2, 3])
    }))

  it.effect("F2: writes left behind are capped: the lane then waits, drops by its bounds and recovers", () =>
    Effect.gen(function*() {
      const releases: Array<() => void> = []
      let stuckWrites = 4
      const sink = LogSink.make({
        name: "stuck",
        batchWindow: 0,
        maxBatchSize: 1,
        capacity: 10,
        writeTimeout: "1 second",
        write: () =>
          stuckWrites-- > 0
            ? Effect.uninterruptible(Effect.callback<void>((resume) => {
              releases.push(() => resume(Effect.void))
            }))
            : Effect.void
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(9)
      yield* settle
      for (let i = 0; i < 4; i++) yield* TestClock.adjust("2 seconds")
      yield* settle
      assert.strictEqual(releases.length, 4)
      assert.strictEqual(lane.books().dropped.unconfirmed, 4)
      offer(20)
      assert.isAbove(lane.books().dropped.queue_full, 0)
      releases[0]?.()
      yield* lane.flush
      assert.isAbove(lane.books().delivered, 0)
    }))

  for (const answer of [Exit.void, Exit.fail(LogSink.unavailable("not now"))]) {
    for (const [when, call] of [["begins", 1], ["begins", 2], ["is retried", 1], ["is gone", 1]] as const) {
      const which = `${answer._tag}, in call ${call}, the sink ${when}`
      it.effect(`F5: a write that is answered within the last synchronous one settles nothing (${which})`, () =>
        Effect.gen(function*() {
          const written: Array<unknown> = []
          const waiting: Array<() => void> = []
          const wait = Effect.callback<void, LogSink.SinkError>((resume) => {
            waiting.push(() => resume(answer))
          })
          const failures = when === "is retried" ? [LogSink.unavailable("not yet")] : []
          const sink = LogSink.make({
            name: "both",
            concurrency: 2,
            maxBatchSize: 2,
            write([first]) {
              const failure = failures.pop()
              if (failure !== undefined) return Effect.fail(failure)
              const isClosed = when === "is gone" && first?.message === 2
              return isClosed ? Effect.fail(LogSink.closed("it is gone")) : wait
            },
            writeSync(batch) {
              written.push(...messages(batch))
              if (written.length === 2 * call) { for (const answerNow of waiting) answerNow() }
            }
          })
          const { lane, offer } = yield* makeLane(sink)
          offer(2)
          yield* settle
          offer(5)
          yield* settle
          yield* TestClock.adjust("10 seconds")
          const begun = waiting.length
          lane.writeLeft(() => {}, () => true)
          yield* settle
          assert.deepStrictEqual(written, [...numbers(0, when === "is gone" ? 2 : 7)])
          assert.strictEqual(lane.books().delivered, written.length)
          assert.strictEqual(waiting.length, begun)
        }))
    }
  }

  it.effect("F5: a late success of a write left behind settles nothing twice", () =>
    Effect.gen(function*() {
      let release = (): void => {}
      let first = true
      const sink = LogSink.make({
        name: "late",
        batchWindow: 0,
        writeTimeout: "1 second",
        write() {
          if (!first) return Effect.void
          first = false
          return Effect.uninterruptible(Effect.callback<void>((resume) => {
            release = () => resume(Effect.void)
          }))
        }
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(2)
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("1 second")
      yield* settle
      release()
      yield* settle
      assert.strictEqual(lane.books().dropped.unconfirmed, 2)
      assert.strictEqual(lane.books().delivered, 0)
    }))

  it.effect("F4: a lane that hangs does not slow the one beside it", () =>
    Effect.gen(function*() {
      const slow = yield* makeLane(ScriptedSink.make({ name: "slow", otherwise: hang }))
      const fast = yield* makeLane(ScriptedSink.make({ name: "fast" }))
      slow.offer(100)
      fast.offer(100)
      yield* fast.lane.flush
      assert.strictEqual(fast.lane.books().delivered, 100)
      assert.strictEqual(slow.lane.books().delivered, 0)
    }))

  it.effect("a sink that interrupts itself is retried like one that fails", () =>
    Effect.gen(function*() {
      let attempts = 0
      const sink = LogSink.make({
        name: "interrupts",
        batchWindow: 0,
        retry: everySecond,
        write: () => Effect.suspend(() => ++attempts === 1 ? Effect.interrupt : Effect.void)
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 1)
    }))

  it.effect("R17, F27: what a sink logs goes to the diagnostics, rate-limited, never back into a lane", () =>
    Effect.gen(function*() {
      const sink = LogSink.make({
        name: "talkative",
        batchWindow: 0,
        maxBatchSize: 1,
        write: () => Effect.logInfo("sending", { payload: "secret" })
      })
      const { diagnostics, lane, offer } = yield* makeLane(sink)
      offer(25)
      yield* lane.flush
      assert.strictEqual(lane.books().accepted, 25)
      assert.strictEqual(diagnostics.length, 10)
      assert.strictEqual(diagnostics[0], "[spillway] a sink logged: INFO sending\n")
    }))

  it.effect("R26: after a drain no fiber of the lane is left", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [succeed], concurrency: 2 })
      const { lane, offer, state } = yield* makeLane(sink)
      offer(3)
      lane.beginDrain(4500)
      yield* lane.drainDone
      for (const slot of state.slots) assert.isDefined(slot.worker?.pollUnsafe())
    }))
})
