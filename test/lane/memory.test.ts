import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { type Logging, LogRecord, LogSink } from "../../src/index.ts"
import { makeLane, settle } from "../support/lanes.ts"
import { makeRuntime } from "../support/runtime.ts"

setFlagsFromString("--expose-gc")
const gc: () => void = runInNewContext("gc")

const heap = (): number => {
  gc()
  return process.memoryUsage().heapUsed
}

const count = 200
const size = 100_000

/** A text of its own, as a request brings one. */
const large = (i: number): string => Buffer.alloc(size, 97 + i % 26).toString("latin1")
const part = (i: number): string => large(i).slice(i, i + 40)

const rope = (i: number): string => {
  let text = `${i}`
  for (let k = 0; k < 1000; k++) text += `${i * k}`
  return text
}

const failed = (message: string, stack: string): Error => Object.assign(new Error(message), { stack })

type Log = (i: number, logger: Logging.DirectLogger) => Effect.Effect<void>

const shared = { requestId: "r-1", user: "somebody" }
const kinds: Readonly<Record<string, Log>> = {
  "short texts": (i) => Effect.logInfo(`request ${i}`),
  "long texts": (i) => Effect.logInfo(large(i).slice(0, 10_000)),
  "parts of large texts": (i) => Effect.logInfo(part(i)),
  "texts put together": (i) => Effect.logInfo(rope(i)),
  "two-byte texts": (i) => Effect.logInfo(`${"жук".repeat(size)}${i}`.slice(-40)),
  "objects": (i) => Effect.logInfo("request", { id: part(i), path: part(i + 1), n: i }),
  "objects in objects": (i) => Effect.logInfo({ a: { b: { c: part(i), d: [part(i + 1), { e: part(i + 2) }] } } }),
  "lists of numbers": (i) => Effect.logInfo(Array.from({ length: 90 }, (_, k) => i + k / 3)),
  "keys": (i) => Effect.logInfo({ [part(i)]: 1, map: new Map([[part(i + 1), 2]]) }),
  "annotations that differ": (i) => Effect.logInfo("request").pipe(Effect.annotateLogs({ id: part(i), n: [part(i)] })),
  "annotations that are shared": () => Effect.logInfo("request").pipe(Effect.annotateLogs(shared)),
  "causes": (i) => Effect.logError("failed", Cause.fail(failed(part(i), `Error: x\n    at ${part(i)} (a.ts:1:1)`))),
  "causes of causes": (i) => Effect.logError(new Error(part(i), { cause: new Error(part(i + 1)) })),
  "log spans": (i) => Effect.logInfo("request").pipe(Effect.withLogSpan(part(i))),
  "attributes": (i, logger) => Effect.sync(() => logger.info("request", { id: part(i), at: { path: part(i + 1) } })),
  "bound attributes": (i, logger) => Effect.sync(() => logger.with({ id: part(i) }).info(part(i), { path: part(i) }))
}

describe("F83: the records that wait hold no more memory than they are counted with", () => {
  for (const [name, log] of Object.entries(kinds)) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const sink = LogSink.make({ name: "down", maxBatchSize: 1, write: () => Effect.never })
        const runtime = yield* makeRuntime({ sinks: [sink] })
        const { logger, stats } = runtime.service
        yield* runtime.run(log(0, logger))
        const before = heap()
        for (let i = 1; i <= count; i++) yield* runtime.run(log(i, logger))
        yield* settle
        yield* TestClock.adjust("200 millis")
        yield* settle
        const held = heap() - before
        const { queued, queuedBytes } = (yield* stats).lanes["down"]!
        runtime.control.hurry()
        yield* runtime.close()
        assert.isAtLeast(queued, count - 1)
        assert.isBelow(held, 2 * queuedBytes + 1_500_000)
      }))
  }

  it.effect("so do those that a worker holds and cannot write, and they say what they said", () =>
    Effect.gen(function*() {
      const seen: Array<string> = []
      let tries = 0
      const sink = LogSink.make({
        name: "down",
        batchWindow: 0,
        maxBatchSize: count,
        write: (batch) =>
          Effect.suspend(() => {
            if (tries++ < 2) return Effect.fail(LogSink.unavailable("503"))
            seen.push(...batch.map((record) => JSON.stringify([record.message, record.annotations])))
            return Effect.void
          })
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const before = heap()
      const texts = (i: number): string => `\ud800 ${i} ${"ä".repeat(20)} ${"x".repeat(i % 30)}`
      for (let i = 0; i < count; i++) {
        yield* runtime.run(Effect.logInfo(part(i)).pipe(Effect.annotateLogs({ text: texts(i) })))
      }
      yield* settle
      assert.strictEqual((yield* runtime.service.stats).lanes["down"]?.queued, 0)
      yield* TestClock.adjust("200 millis")
      yield* settle
      assert.isBelow(heap() - before, 3_000_000)
      yield* TestClock.adjust("1 minute")
      yield* runtime.close()
      assert.deepStrictEqual(
        seen,
        Array.from({ length: count }, (_, i) => JSON.stringify([part(i), { text: texts(i).toWellFormed() }]))
      )
    }))

  it.effect("each is looked at once, by nobody while none comes, and less often while many do", () =>
    Effect.gen(function*() {
      const clock = yield* Clock.Clock
      const sleeps: Array<number> = []
      const counting: Clock.Clock = Object.assign(Object.create(clock), {
        sleep(duration: Duration.Duration) {
          sleeps.push(Duration.toMillis(duration))
          return clock.sleep(duration)
        }
      })
      const sink = LogSink.make({
        name: "down",
        capacity: 500,
        strategy: "sliding",
        maxBatchSize: 20,
        writeTimeout: "1 hour",
        write: () => Effect.never
      })
      const { lane } = yield* Effect.provideService(makeLane(sink), Clock.Clock, counting)
      const looks: Array<number> = []
      const offer = (count: number): void => {
        for (let i = 0; i < count; i++) {
          const record = LogRecord.make({ message: "text" })
          const at = looks.push(0) - 1
          Object.defineProperty(record, "content", {
            get() {
              looks[at]!++
              return "text"
            },
            set() {}
          })
          lane.inlet.offer(record, 2)
        }
      }
      const pass = (millis: number) =>
        settle.pipe(Effect.andThen(TestClock.adjust(Duration.millis(millis))), Effect.andThen(settle))
      offer(80)
      yield* pass(100)
      assert.deepStrictEqual(looks, Array.from({ length: 80 }, () => 1))
      sleeps.length = 0
      yield* pass(60_000)
      offer(10)
      yield* pass(60_000)
      assert.deepStrictEqual(sleeps, [])
      for (let i = 0; i < 300; i++) {
        offer(50)
        yield* pass(10)
      }
      assert.deepStrictEqual(sleeps, [100, 200, 400, 800, 800, 800])
      assert.isAtMost(Math.max(...looks), 1)
      assert.isBelow(looks.filter((count) => count === 1).length, 3000)
    }))
})
