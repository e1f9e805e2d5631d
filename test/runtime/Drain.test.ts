import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Exit, Fiber, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, type Logging, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { settle } from "../support/lanes.ts"
import { logMany, makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"

const { fail, gate, hang, hangUninterruptibly, succeed, unavailable } = ScriptedSink

/** Closes the runtime and moves time until it has closed, giving the report and how long it took. */
const closeWithin = (
  runtime: RuntimeUnderTest,
  limitMillis: number
): Effect.Effect<{ readonly report: Logging.ShutdownReport; readonly millis: number }> =>
  Effect.gen(function*() {
    const started = yield* Clock.currentTimeMillis
    const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
    yield* settle
    for (let spent = 0; closing.pollUnsafe() === undefined && spent <= limitMillis; spent += 10) {
      yield* TestClock.adjust(10)
    }
    assert.isDefined(closing.pollUnsafe(), `closed within ${limitMillis} ms`)
    yield* Fiber.join(closing)
    const [report] = runtime.reports
    assert.isDefined(report)
    return { report, millis: (yield* Clock.currentTimeMillis) - started }
  })

const lane = (report: Logging.ShutdownReport, name = "scripted"): Ledger.LaneBooks => {
  const books = report.lanes[name]
  assert.isDefined(books)
  return books
}

/** A runtime with a sink that works from so many milliseconds after now. */
const failingUntil = (millis: number, options: Partial<LogSink.LaneOptions>) =>
  Effect.gen(function*() {
    const back = (yield* Clock.currentTimeMillis) + millis
    const stored: Array<unknown> = []
    const sink = LogSink.make({
      name: "scripted",
      ...options,
      write: (batch) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          now < back
            ? Effect.fail(LogSink.unavailable("503"))
            : Effect.sync(() => stored.push(...batch.map(({ message }) => message))))
    })
    return { runtime: yield* makeRuntime({ sinks: [sink] }), sink: { stored } }
  })

describe("drain", () => {
  it.effect("R27: an idle runtime closes at once", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [ScriptedSink.make()] })
      const { millis, report } = yield* closeWithin(runtime, 0)
      assert.strictEqual(millis, 0)
      assert.strictEqual(report.reason, "completed")
      assert.strictEqual(report.drained, 0)
      assert.deepStrictEqual(report.failures, [])
    }))

  it.effect("R24, R33, R36: a full queue is drained, nothing is lost, and the report says how many", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ batchWindow: "1 hour", maxBatchSize: 10_000, maxBatchBytes: 16 * 1024 * 1024 })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(3000))
      const { millis, report } = yield* closeWithin(runtime, 0)
      assert.strictEqual(millis, 0)
      assert.strictEqual(report.drained, 3000)
      assert.strictEqual(lane(report).delivered, 3000)
      assert.deepStrictEqual(
        sink.delivered.map((record) => record.message),
        Array.from({ length: 3000 }, (_, i) => `record ${i}`)
      )
      assert.deepStrictEqual(runtime.lines, [])
    }))

  for (
    const [title, step] of [
      ["F50: a hung sink", hang],
      ["F50: an uninterruptibly hung sink", hangUninterruptibly],
      ["F50: a sink behind a gate", gate]
    ] as const
  ) {
    it.effect(`${title} is abandoned at the deadline`, () =>
      Effect.gen(function*() {
        const sink = ScriptedSink.make({ otherwise: step, maxBatchSize: 10 })
        const runtime = yield* makeRuntime({ sinks: [sink], shutdownTimeout: "5 seconds" })
        yield* runtime.run(logMany(25))
        yield* sink.started(1)
        const { millis, report } = yield* closeWithin(runtime, 5050)
        assert.isAtLeast(millis, 4500)
        assert.strictEqual(lane(report).dropped.unconfirmed, 10)
        assert.strictEqual(lane(report).dropped.shutdown_deadline, 15)
        assert.deepStrictEqual(report.failures, [
          { step: `drain "scripted"`, message: "25 records were left at the deadline" }
        ])
      }))
  }

  it.effect("F81: a sink that is back in time gets everything, in order, whenever that is", () =>
    Effect.forEach([0, 100, 1000, 4000], (back) =>
      Effect.gen(function*() {
        const { runtime, sink } = yield* failingUntil(back, { maxBatchSize: 10, batchWindow: "1 hour" })
        yield* runtime.run(logMany(100))
        const { millis, report } = yield* closeWithin(runtime, 5000)
        assert.isBelow(millis, back + 520)
        assert.strictEqual(lane(report).delivered, 100)
        assert.deepStrictEqual(sink.stored, Array.from({ length: 100 }, (_, i) => `record ${i}`))
      }).pipe(Effect.scoped), { discard: true }))

  it.effect("F81: a sink that is back only just before nine tenths of the deadline gets what one batch holds", () =>
    Effect.gen(function*() {
      const { runtime } = yield* failingUntil(4450, { batchWindow: "1 hour" })
      yield* runtime.run(logMany(100))
      const { report } = yield* closeWithin(runtime, 5000)
      assert.strictEqual(lane(report).delivered, 100)
    }))

  it.effect("F81: a sink that is down for good has until nine tenths of the deadline, and what is left is counted so", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: unavailable, maxBatchSize: 10, batchWindow: "1 hour" })
      const told: Array<number> = []
      const runtime = yield* makeRuntime({
        sinks: [sink],
        onShutdown: () => Effect.andThen(Effect.sleep(400), Effect.sync(() => told.push(1)))
      })
      yield* runtime.run(logMany(25))
      const { millis, report } = yield* closeWithin(runtime, 5000)
      assert.isAtLeast(millis, 4000)
      assert.strictEqual(lane(report).dropped.shutdown_deadline, 25)
      assert.deepStrictEqual(told, [1], "onShutdown has the tenth that is left")
      assert.isAtMost(sink.writes.length, 40, "it is not asked without pause")
      assert.isAtLeast(sink.writes.length, 10)
      const tried = new Set(sink.writes.map(([first]) => first?.message))
      assert.deepStrictEqual([...tried], ["record 0", "record 10", "record 20"], "each batch has had an attempt")
    }))

  it.effect("F81: a sink whose breaker was open gets a probe and one more, and its lane does not wait for it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        otherwise: unavailable,
        maxBatchSize: 10,
        retry: Schedule.spaced("1 second"),
        breaker: { failures: 1, cooldown: "1 minute" }
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(25))
      yield* sink.started(1)
      yield* settle
      const { millis, report } = yield* closeWithin(runtime, 200)
      assert.isAtMost(millis, 100)
      assert.strictEqual(lane(report).dropped.retries_exhausted, 25)
      assert.deepStrictEqual(sink.writes.map(({ length }) => length), [10, 10, 10, 10, 5])
    }))

  it.effect("F81: a schedule of no retries is kept, and one of few is not used up faster than without a drain", () =>
    Effect.gen(function*() {
      const never = ScriptedSink.make({ otherwise: unavailable, retry: Schedule.recurs(0), batchWindow: "1 hour" })
      const once = yield* makeRuntime({ sinks: [never] })
      yield* once.run(logMany(3))
      assert.strictEqual(lane((yield* closeWithin(once, 0)).report).dropped.retries_exhausted, 3)
      assert.strictEqual(never.writes.length, 1)
      const retry = Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 2 }))
      const { runtime } = yield* failingUntil(1900, { retry, batchWindow: "1 hour" })
      yield* runtime.run(logMany(3))
      assert.strictEqual(lane((yield* closeWithin(runtime, 5000)).report).delivered, 3)
      const down = yield* makeRuntime({ sinks: [ScriptedSink.make({ otherwise: unavailable, retry })] })
      yield* down.run(logMany(3))
      const { millis, report } = yield* closeWithin(down, 5000)
      assert.isAtLeast(millis, 2000)
      // Each of the two waits is over with the first attempt after it, which a drain makes within 500 ms.
      assert.isAtMost(millis, 2 * (1000 + 500) + 10)
      assert.strictEqual(lane(report).dropped.retries_exhausted, 3)
    }))

  it.effect("F81: what a sink asks for is kept where it fits, and cut where it does not", () =>
    Effect.gen(function*() {
      const attempts = Effect.fnUntraced(function*(retryAfter: number) {
        const at: Array<number> = []
        let begun = 0
        const sink = LogSink.make({
          name: "scripted",
          batchWindow: "1 hour",
          write: () =>
            Effect.flatMap(Clock.currentTimeMillis, (now) => {
              at.push(now - begun)
              return Effect.fail(LogSink.unavailable("429", { retryAfter }))
            })
        })
        const runtime = yield* makeRuntime({ sinks: [sink] })
        yield* runtime.run(logMany(1))
        begun = yield* Clock.currentTimeMillis
        yield* closeWithin(runtime, 5000)
        return at
      })
      assert.deepStrictEqual((yield* attempts(1000)).slice(0, 3), [0, 1000, 2000])
      const cut = yield* attempts(60_000)
      assert.deepStrictEqual(cut.slice(0, 2), [0, 2250])
      assert.isAtLeast(cut.at(-1) ?? 0, 4400)
      assert.isAtMost(cut.length, 10)
    }))

  it.effect("F81: a wrong configuration is tried twice and not waited for", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        otherwise: fail({ _tag: "Misconfigured" }),
        batchWindow: "1 hour"
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(3))
      const { millis, report } = yield* closeWithin(runtime, 500)
      assert.isAtMost(millis, 500)
      assert.strictEqual(sink.writes.length, 2)
      assert.strictEqual(lane(report).dropped.retries_exhausted, 3)
    }))

  it.effect("F81: a batch that is never taken leaves those behind it their turn", () =>
    Effect.gen(function*() {
      const stored: Array<unknown> = []
      const sink = LogSink.make({
        name: "scripted",
        maxBatchSize: 10,
        batchWindow: "1 hour",
        write: (batch) =>
          batch.some(({ message }) => message === "record 3")
            ? Effect.fail(LogSink.unavailable("500"))
            : Effect.delay(Effect.sync(() => stored.push(...batch.map(({ message }) => message))), 30)
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(100))
      const { report } = yield* closeWithin(runtime, 5000)
      assert.strictEqual(lane(report).delivered, 90)
      assert.strictEqual(lane(report).dropped.shutdown_deadline, 10)
    }))

  it.effect("F81: with several workers one retries, and all their batches arrive when the sink is back", () =>
    Effect.gen(function*() {
      const { runtime } = yield* failingUntil(2000, { maxBatchSize: 5, concurrency: 4, batchWindow: "1 hour" })
      yield* runtime.run(logMany(100))
      const { report } = yield* closeWithin(runtime, 5000)
      assert.strictEqual(lane(report).delivered, 100)
    }))

  it.effect("F81: what a lane gives up has half of the time with its fallback", () =>
    Effect.gen(function*() {
      const fallback = ScriptedSink.make({ script: [unavailable, unavailable], maxBatchSize: 10 })
      const down = ScriptedSink.make({ otherwise: unavailable, maxBatchSize: 10, batchWindow: "1 hour", fallback })
      const runtime = yield* makeRuntime({ sinks: [down] })
      yield* runtime.run(logMany(25))
      const { millis, report } = yield* closeWithin(runtime, 5000)
      assert.isAtLeast(millis, 2000)
      assert.isAtMost(millis, 4000)
      const books = Object.values(report.lanes)
      assert.deepStrictEqual(books.map(({ delivered }) => delivered), [0, 25])
    }))

  it.effect("F81: a second signal ends the waits at once", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: unavailable, batchWindow: "1 hour" })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(9))
      const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
      yield* settle
      yield* TestClock.adjust(20)
      runtime.control.hurry()
      yield* Fiber.join(closing)
      const [report] = runtime.reports
      assert.isDefined(report)
      assert.strictEqual(lane(report).dropped.shutdown_deadline, 9)
    }))

  it.effect("a dying sink closes like a failing one", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [ScriptedSink.make({ otherwise: ScriptedSink.die() })] })
      yield* runtime.run(logMany(3))
      const { report } = yield* closeWithin(runtime, 5000)
      assert.strictEqual(lane(report).dropped.unconfirmed, 3)
    }))

  it.effect("R37, R46, F51: shutdown during a 30 s backoff tries at once and again", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [unavailable, unavailable], retry: Schedule.spaced("30 seconds") })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(4))
      yield* sink.started(1)
      yield* settle
      const { millis, report } = yield* closeWithin(runtime, 100)
      assert.isAtMost(millis, 60)
      assert.strictEqual(sink.writes.length, 3)
      assert.strictEqual(lane(report).delivered, 4)
    }))

  it.effect("lanes drain in parallel: shutdown costs the slowest, not the sum", () =>
    Effect.gen(function*() {
      const slow = (name: string): LogSink.LogSink =>
        LogSink.make({ name, batchWindow: 0, write: () => Effect.sleep("2 seconds") })
      const runtime = yield* makeRuntime({ sinks: [slow("a"), slow("b"), slow("c")] })
      yield* runtime.run(logMany(1))
      const { millis, report } = yield* closeWithin(runtime, 2000)
      assert.strictEqual(millis, 2000)
      assert.strictEqual(report.drained, 3)
    }))

  it.effect("one hung lane costs the others nothing", () =>
    Effect.gen(function*() {
      const hung = ScriptedSink.make({ name: "hung", otherwise: hang })
      const well = ScriptedSink.make({ name: "well", batchWindow: "1 hour" })
      const runtime = yield* makeRuntime({ sinks: [hung, well] })
      yield* runtime.run(logMany(50))
      const { report } = yield* closeWithin(runtime, 5050)
      assert.strictEqual(lane(report, "well").delivered, 50)
      assert.strictEqual(lane(report, "hung").dropped.unconfirmed, 50)
    }))

  it.effect("R28, F49: shutdown is idempotent: the same report for all, also for the scope", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [gate] })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(5))
      yield* sink.started(1)
      const both = yield* Effect.forkChild(
        Effect.all([runtime.service.shutdown, runtime.service.shutdown], { concurrency: "unbounded" }),
        { startImmediately: true }
      )
      yield* sink.release
      const [first, second] = yield* Fiber.join(both)
      assert.strictEqual(first, second)
      assert.strictEqual(yield* runtime.service.shutdown, first)
      assert.strictEqual(first.reason, "shutdown")
      yield* runtime.close()
      assert.deepStrictEqual(runtime.reports, [first])
    }))

  it.effect("F48: a flush during shutdown ends with it", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ otherwise: hang })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(5))
      yield* sink.started(1)
      const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
      const flushing = yield* Effect.forkChild(runtime.service.flush, { startImmediately: true })
      yield* settle
      assert.isUndefined(flushing.pollUnsafe())
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(flushing)
      yield* Fiber.join(closing)
    }))

  it.effect("R25, R40, F47: a record logged after shutdown began is rejected as closed, with one warning", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make()
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(2))
      const report = yield* runtime.service.shutdown
      yield* runtime.run(logMany(3))
      runtime.service.logger.info("too late")
      const { capture } = yield* runtime.service.stats
      assert.strictEqual(capture.rejected.closed, 4)
      assert.strictEqual(report.capture.rejected.closed, 0)
      assert.strictEqual(sink.delivered.length, 2)
      assert.strictEqual(runtime.lines.length, 1)
      yield* runtime.close()
    }))

  it.effect("R35: the reason tells success, failure and interruption apart", () =>
    Effect.gen(function*() {
      for (
        const [exit, reason] of [
          [Exit.void, "completed"],
          [Exit.fail("no"), "failed"],
          [Exit.die(new Error("no")), "failed"],
          [Exit.interrupt(1), "interrupted"]
        ] as const
      ) {
        const runtime = yield* makeRuntime({ sinks: [ScriptedSink.make()] })
        yield* runtime.close(exit)
        assert.strictEqual(runtime.reports[0]?.reason, reason)
      }
    }))

  it.effect("R32, R49: a step that fails is in the report and stops nothing", () =>
    Effect.gen(function*() {
      const bad = ScriptedSink.make({ name: "bad", close: Effect.die(new Error("cannot close")) })
      const stuck = ScriptedSink.make({ name: "stuck", close: Effect.uninterruptible(Effect.never) })
      const well = ScriptedSink.make({ name: "well" })
      const runtime = yield* makeRuntime({
        sinks: [bad, stuck, well],
        onShutdown: () => Effect.die(new Error("report refused"))
      })
      yield* runtime.run(logMany(3))
      const { report } = yield* closeWithin(runtime, 5050)
      assert.strictEqual(report.drained, 9)
      assert.deepStrictEqual(report.failures.map(({ step }) => step), [`close "bad"`, `close "stuck"`])
      assert.isTrue(runtime.lines.some((line) => line.includes("report refused")))
    }))

  it.effect("an error that throws when it is read stops nothing, and its text is replaced", () =>
    Effect.gen(function*() {
      const hostile = new Proxy(new Error("hidden"), {
        get() {
          throw new Error("read")
        }
      })
      const runtime = yield* makeRuntime({
        sinks: [ScriptedSink.make({ close: Effect.die(hostile) })],
        onShutdown: () => Effect.fail(hostile)
      })
      const { report } = yield* closeWithin(runtime, 0)
      assert.deepStrictEqual(report.failures, [
        { step: `close "scripted"`, message: "an error that cannot be read" }
      ])
    }))

  it.effect("an onShutdown that never ends is bounded by the deadline", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [ScriptedSink.make()], onShutdown: () => Effect.never })
      const { millis } = yield* closeWithin(runtime, 5050)
      assert.isAtMost(millis, 5050)
    }))

  it.effect("R51: resources of a sink are released after its last write", () =>
    Effect.gen(function*() {
      const order: Array<string> = []
      const sink = Effect.gen(function*() {
        yield* Effect.addFinalizer(() => Effect.sync(() => order.push("released")))
        return LogSink.make({
          name: "scoped",
          write: (batch) => Effect.sync(() => order.push(`wrote ${batch.length}`)),
          close: Effect.sync(() => order.push("closed"))
        })
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(2))
      yield* closeWithin(runtime, 0)
      assert.deepStrictEqual(order, ["wrote 2", "closed", "released"])
    }))

  it.effect("R55, F6: a sink that cannot be acquired degrades its own lane only, and is tried again", () =>
    Effect.gen(function*() {
      let attempts = 0
      const third = Effect.suspend(() =>
        ++attempts < 3 ? Effect.fail("not there yet") : Effect.succeed(ScriptedSink.make({ name: "third" }))
      )
      const well = ScriptedSink.make({ name: "well" })
      const runtime = yield* makeRuntime({ sinks: [well, third] })
      yield* runtime.run(logMany(3))
      yield* settle
      yield* TestClock.adjust("1 second")
      const before = yield* runtime.service.stats
      assert.isFalse(before.healthy)
      assert.strictEqual(before.lanes["sink-2"]?.status, "degraded")
      assert.strictEqual(before.lanes["well"]?.delivered, 3)
      yield* settle
      yield* TestClock.adjust("30 seconds")
      yield* runtime.service.flush
      assert.strictEqual((yield* runtime.service.stats).lanes["sink-2"]?.delivered, 3)
      const { report } = yield* closeWithin(runtime, 0)
      assert.strictEqual(Ledger.lost(report), 0)
    }))

  it.effect("F6: what a sink acquires before it fails is released before it is tried again", () =>
    Effect.gen(function*() {
      let tries = 0
      let open = 0
      const inner = ScriptedSink.make()
      const source = Effect.gen(function*() {
        yield* Effect.acquireRelease(Effect.sync(() => open++), () => Effect.sync(() => open--))
        return ++tries < 4 ? yield* Effect.fail("not yet") : inner
      })
      const { close, service } = yield* makeRuntime({ sinks: [source] })
      service.logger.info(1)
      for (let i = 0; i < 3; i++) {
        yield* settle
        assert.strictEqual(open, 0)
        yield* TestClock.adjust("30 seconds")
      }
      yield* service.flush
      assert.deepStrictEqual([tries, open, inner.delivered.length], [4, 1, 1])
      yield* close()
      assert.strictEqual(open, 0)
    }))

  it.effect("R55: when a required sink cannot be acquired the layer fails and the others are released", () =>
    Effect.gen(function*() {
      const released: Array<string> = []
      const acquired = yield* Deferred.make<void>()
      const first = Effect.acquireRelease(
        Effect.as(Deferred.succeed(acquired, undefined), ScriptedSink.make()),
        () => Effect.sync(() => released.push("first"))
      )
      const exit = yield* Effect.exit(Effect.scoped(makeRuntime({
        sinks: [first, LogSink.required(Effect.andThen(Deferred.await(acquired), Effect.fail("no disk")))]
      })))
      yield* settle
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(released, ["first"])
    }))

  it.effect("options that throw when they are read fail the layer before a sink is acquired", () =>
    Effect.gen(function*() {
      let acquired = 0
      const exit = yield* Effect.exit(makeRuntime({
        sinks: [Effect.sync(() => {
          acquired++
          return ScriptedSink.make()
        })],
        redact: {
          get keys(): ReadonlyArray<string> {
            throw new Error("no keys")
          }
        }
      }))
      assert.isTrue(Exit.isFailure(exit))
      assert.strictEqual(acquired, 0)
    }))

  it.effect("R53: a grace period shorter than what shutdown may take is warned about", () =>
    Effect.gen(function*() {
      const short = yield* makeRuntime({
        sinks: [MemorySink.make()],
        shutdownTimeout: "10 seconds",
        gracePeriod: "10 seconds"
      })
      assert.match(short.lines[0] ?? "", /grace period of 10000 ms is shorter .* shutdownTimeout 10000 ms/)
      yield* short.close()
      const enough = yield* makeRuntime({
        sinks: [MemorySink.make()],
        shutdownTimeout: "10 seconds",
        gracePeriod: "30 seconds"
      })
      assert.deepStrictEqual(enough.lines, [])
      yield* enough.close()
    }))

  it.effect("what a hung sink leaves at the deadline is written by its fallback in the time that is left", () =>
    Effect.gen(function*() {
      const fallback = ScriptedSink.make({ name: "fallback" })
      const hung = ScriptedSink.make({ name: "hung", otherwise: hang, maxBatchSize: 2, fallback })
      const runtime = yield* makeRuntime({ sinks: [hung] })
      yield* runtime.run(logMany(9))
      const { report } = yield* closeWithin(runtime, 5050)
      assert.strictEqual(lane(report, "hung").deadLettered, 9)
      assert.strictEqual(lane(report, "fallback").delivered, 9)
      assert.strictEqual(Ledger.lost(report), 0)
      assert.deepStrictEqual(fallback.delivered.map((record) => record.message), [
        "record 0",
        "record 1",
        "record 2",
        "record 3",
        "record 4",
        "record 5",
        "record 6",
        "record 7",
        "record 8"
      ])
    }))

  it.effect("a second signal bounds the last steps too", () =>
    Effect.gen(function*() {
      const stuck = ScriptedSink.make({ close: Effect.never })
      const runtime = yield* makeRuntime({ sinks: [stuck], onShutdown: () => Effect.never })
      const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
      yield* settle
      runtime.control.hurry()
      yield* TestClock.adjust(100)
      assert.isDefined(closing.pollUnsafe())
      yield* Fiber.join(closing)
    }))

  it.effect("a last resort that refuses a late record is not tried again, and the record is counted once", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [ScriptedSink.make()] })
      let calls = 0
      runtime.control.rescue(() => {
        calls++
        throw new Error("full")
      })
      yield* runtime.run(logMany(3))
      runtime.service.logger.info("late")
      const { capture } = yield* runtime.service.stats
      assert.strictEqual(capture.rejected.closed, 4)
      assert.isTrue(Ledger.captureBalanced(capture), JSON.stringify(capture))
      assert.strictEqual(calls, 1)
      yield* runtime.close()
    }))

  it.effect("a sink that is also a fallback is closed once", () =>
    Effect.gen(function*() {
      let closed = 0
      const both = ScriptedSink.make({ name: "both", close: Effect.sync(() => closed++) })
      const runtime = yield* makeRuntime({ sinks: [both, ScriptedSink.make({ name: "other", fallback: both })] })
      yield* runtime.run(logMany(2))
      yield* closeWithin(runtime, 0)
      assert.strictEqual(closed, 1)
    }))

  it.effect("any loss is told once on stderr, with the books", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [fail({ _tag: "Rejected", records: [0, 1] }), succeed],
        maxBatchSize: 2
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(4))
      yield* closeWithin(runtime, 0)
      const told = runtime.lines.filter((line) => line.includes("records were lost"))
      assert.strictEqual(told.length, 1)
      assert.strictEqual(
        told[0],
        `[spillway] 2 records were lost: lane "scripted" (rejected_by_server 2); ` +
          "mend what the sink says of it, or give it a fallback or dead letters\n"
      )
    }))
})
