import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { MemorySink, ScriptedSink } from "../../src/index.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { logMany, makeRuntime } from "../support/runtime.ts"
import { directory } from "../support/spooledLanes.ts"

describe("options of a lane that goes on", () => {
  for (const queue of [true, false]) {
    it.effect(`have it take other records from the next call on, ${queue ? "with" : "without"} a queue`, () =>
      Effect.gen(function*() {
        const sink = MemorySink.make()
        const runtime = yield* makeRuntime({ sinks: [sink], queue })
        const { setLane } = runtime.service
        yield* runtime.run(Effect.logInfo("a"))
        yield* setLane("memory", { minimumLevel: "Warn" })
        yield* runtime.run(Effect.andThen(Effect.logInfo("b"), Effect.logWarning("c")))
        yield* setLane("memory", { minimumLevel: "Info", filter: ({ message }) => message !== "d" })
        yield* runtime.run(Effect.andThen(Effect.logInfo("d"), Effect.logInfo("e")))
        yield* setLane("memory", { filter: false })
        yield* runtime.run(Effect.logInfo("d"))
        assert.deepInclude((yield* runtime.service.stats).capture, { offered: 6, accepted: 4, filtered: 2 })
        yield* runtime.close()
        assert.deepStrictEqual(messages(sink.records), ["a", "c", "e", "d"])
      }))
  }

  it.effect("leave what routes lead to it", () =>
    Effect.gen(function*() {
      const [one, two] = [MemorySink.make({ name: "one" }), MemorySink.make({ name: "two" })]
      const routes = [{ when: { level: "Warn" }, to: ["one"] }, { to: ["two"] }] as const
      const runtime = yield* makeRuntime({ sinks: [one, two], routes })
      yield* runtime.service.setLane("one", { filter: ({ message }) => message !== "no" })
      yield* runtime.run(Effect.andThen(Effect.logInfo("info"), Effect.logWarning("no")))
      yield* runtime.service.setLane("one", { filter: false })
      yield* runtime.run(Effect.andThen(Effect.logInfo("info"), Effect.logWarning("warn")))
      yield* runtime.close()
      assert.deepStrictEqual([messages(one.records), messages(two.records)], [["warn"], ["info", "info"]])
    }))

  it.effect("have it write other batches, and try at once what waited", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        maxBatchSize: 10,
        batchWindow: 0,
        script: [ScriptedSink.unavailable],
        retry: Schedule.spaced("1 hour")
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(25))
      yield* sink.started(1)
      yield* settle
      yield* runtime.service.setLane("scripted", { maxBatchSize: 4, retry: Schedule.spaced("1 second") })
      yield* runtime.service.flush
      assert.deepStrictEqual(sink.writes.map(({ length }) => length), [10, 4, 4, 2, 4, 4, 4, 3])
      const error = yield* Effect.flip(runtime.service.setLane("other", {}))
      assert.strictEqual(error.message, `there is no lane "other", only "scripted"`)
      yield* runtime.close()
    }))

  it.effect("are described as they are, in a lane without a queue too", () =>
    Effect.gen(function*() {
      for (const queue of [true, false]) {
        const runtime = yield* makeRuntime({ sinks: [MemorySink.make()], queue })
        yield* runtime.service.setLane("memory", { capacity: 17, maxBytes: 5000, minimumLevel: "Warn" })
        const { lanes } = yield* runtime.service.describe
        assert.deepInclude(lanes["memory"], {
          capacity: { value: 17, from: "code" },
          maxBytes: { value: 5000, from: "code" },
          minimumLevel: { value: "Warn", from: "code" }
        })
        yield* runtime.close()
      }
    }))
})

/** A lane that has one record in hand and so many queued, whose sink waits to be let go. */
const held = (count: number, options: ScriptedSink.Options) =>
  Effect.gen(function*() {
    const sink = ScriptedSink.make({ script: [ScriptedSink.gate], maxBatchSize: 100, ...options })
    const runtime = yield* makeRuntime({ sinks: [sink] })
    yield* runtime.run(Effect.logInfo("first"))
    yield* sink.started(1)
    yield* runtime.run(logMany(count))
    const lane = Effect.map(runtime.service.stats, ({ lanes }) => lanes["scripted"]!)
    const told = Effect.andThen(
      sink.release,
      Effect.andThen(runtime.close(), Effect.sync(() => messages(sink.delivered)))
    )
    return { ...runtime, ...runtime.service, lane, told }
  })

const records = (from: number, to: number): ReadonlyArray<string> => numbers(from, to).map((n) => `record ${n}`)

describe("the bounds of a lane that goes on", () => {
  it.effect("may be larger from the next record on, with a tenth kept for what is urgent", () =>
    Effect.gen(function*() {
      const { lane, run, setLane, told } = yield* held(20, { capacity: 10 })
      assert.deepInclude(yield* lane, { queued: 9, capacity: 10 })
      yield* setLane("scripted", { capacity: 20 })
      assert.deepInclude(yield* lane, { queued: 9, capacity: 20 })
      yield* run(Effect.andThen(
        Effect.forEach(numbers(0, 15), () => Effect.logInfo("more"), { discard: true }),
        Effect.logWarning("urgent")
      ))
      assert.strictEqual((yield* lane).queued, 19)
      assert.strictEqual((yield* lane).dropped.queue_full, 11 + 6)
      assert.deepStrictEqual(yield* told, [
        "first",
        ...records(0, 9),
        ...Array.from({ length: 9 }, () => "more"),
        "urgent"
      ])
    }))

  it.effect("may be smaller: what is queued stays, and nothing more is taken until there is room", () =>
    Effect.gen(function*() {
      const { lane, run, setLane, told } = yield* held(50, { capacity: 100 })
      yield* setLane("scripted", { capacity: 10 })
      assert.deepInclude(yield* lane, { queued: 50, capacity: 10 })
      yield* run(Effect.andThen(Effect.logInfo("refused"), Effect.logFatal("refused")))
      assert.strictEqual((yield* lane).dropped.queue_full, 2)
      assert.deepStrictEqual(yield* told, ["first", ...records(0, 50)])
    }))

  it.effect("may be smaller in bytes", () =>
    Effect.gen(function*() {
      const { lane, run, setLane, told } = yield* held(10, {})
      const { queuedBytes } = yield* lane
      yield* setLane("scripted", { maxBytes: queuedBytes })
      yield* run(Effect.andThen(Effect.logInfo("refused"), Effect.logFatal("refused")))
      assert.strictEqual((yield* lane).dropped.bytes_full, 2)
      yield* setLane("scripted", { maxBytes: 3 * queuedBytes })
      yield* run(Effect.logInfo("taken"))
      assert.deepStrictEqual(yield* told, ["first", ...records(0, 10), "taken"])
    }))

  it.effect("have the oldest go for the next record, where the newest are kept", () =>
    Effect.gen(function*() {
      const { lane, run, setLane, told } = yield* held(50, { capacity: 100, strategy: "sliding" })
      yield* setLane("scripted", { capacity: 10 })
      assert.strictEqual((yield* lane).queued, 50)
      yield* run(Effect.logInfo("newest"))
      assert.deepInclude(yield* lane, { queued: 9, accepted: 52 })
      assert.strictEqual((yield* lane).dropped.queue_full, 42)
      assert.deepStrictEqual(yield* told, ["first", ...records(42, 50), "newest"])
    }))

  it.effect("hold for records of which a share is kept, while that is so", () =>
    Effect.gen(function*() {
      const { lane, run, setLane, told } = yield* held(200, { capacity: 100, strategy: "sampling" })
      yield* setLane("scripted", { capacity: 20 })
      yield* run(logMany(100))
      const { dropped, queued } = yield* lane
      assert.isAtMost(queued, 18)
      assert.strictEqual(dropped.sampled, 300 - queued)
      yield* setLane("scripted", { capacity: 1000 })
      yield* run(Effect.forEach(numbers(0, 800), () => Effect.logInfo("kept"), { discard: true }))
      assert.deepInclude(yield* lane, { queued: queued + 800 })
      assert.strictEqual((yield* told).length, queued + 801)
    }))

  it.effect("let who waits for room go on when there is more", () =>
    Effect.gen(function*() {
      const { room, setLane, told } = yield* held(60, { capacity: 100 })
      const waiting = yield* Effect.forkChild(room, { startImmediately: true })
      yield* settle
      assert.isUndefined(waiting.pollUnsafe())
      yield* setLane("scripted", { capacity: 1000 })
      yield* settle
      assert.isDefined(waiting.pollUnsafe())
      yield* told
    }))

  it.layer(NodeServices.layer)((it) => {
    it.effect("move what is queued to the spool, when it is too much", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, fsync: "never", mode: "overflow" } as const
        const { lane, setLane, told } = yield* held(60, { capacity: 100, spool })
        assert.strictEqual((yield* lane).queued, 60)
        yield* setLane("scripted", { capacity: 50 })
        yield* settle
        assert.deepInclude(yield* lane, { queued: 0, spooled: 60 })
        yield* told
      }))
  })
})
