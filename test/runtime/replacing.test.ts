import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Data, Effect, Exit, Fiber, Schedule, Scope } from "effect"
import { TestClock } from "effect/testing"
import { type LogRecord, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { logMany, makeRuntime } from "../support/runtime.ts"
import { directory } from "../support/spooledLanes.ts"

const { gate, hang, hangUninterruptibly, unavailable } = ScriptedSink

class NoRoute extends Data.TaggedError("NoRoute")<{ readonly message: string }> {}

const texts = (from: number, to: number) => numbers(from, to).map((n) => `record ${n}`)

const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.forkChild(effect, { startImmediately: true })

/** A scripted sink, and what happens to it. */
const noted = (options: ScriptedSink.Options = {}) => {
  const events: Array<string> = []
  const close = Effect.sync(() => events.push("closed"))
  return { events, sink: ScriptedSink.make({ name: "old", batchWindow: 0, maxBatchSize: 10, ...options, close }) }
}

/** A runtime whose only lane has logged so much, with a first write that was begun. */
const begun = (sink: ScriptedSink.ScriptedSink, count: number) =>
  Effect.gen(function*() {
    const runtime = yield* makeRuntime({ sinks: [sink] })
    yield* runtime.run(logMany(count))
    yield* sink.started(1)
    return runtime
  })

describe("a lane whose sink is replaced", () => {
  it.effect("ends a write that runs where it began, and goes on with the next one on the new sink, in order", () =>
    Effect.gen(function*() {
      const { events, sink: old } = noted({ otherwise: gate })
      const next = noted({ name: "next" })
      const runtime = yield* begun(old, 35)
      const replacing = yield* fork(runtime.service.replace("old", next.sink))
      yield* settle
      assert.deepStrictEqual([next.sink.writes.length, events], [0, []])
      yield* old.release
      yield* Fiber.join(replacing)
      assert.deepStrictEqual(events, ["closed"])
      yield* runtime.service.flush
      assert.deepStrictEqual(messages(old.delivered), texts(0, 10))
      assert.deepStrictEqual(messages(next.sink.delivered), texts(10, 35))
      yield* runtime.close()
      assert.deepStrictEqual(next.events, ["closed"])
      assert.deepStrictEqual(events, ["closed"])
      assert.deepInclude(runtime.reports[0]?.lanes["old"], { accepted: 35, delivered: 35 })
    }))

  it.effect("gives the new one all of a write that took too long", () =>
    Effect.gen(function*() {
      const { sink: old } = noted({ otherwise: hang, writeTimeout: "3 seconds" })
      const next = noted().sink
      const runtime = yield* begun(old, 15)
      const replacing = yield* fork(runtime.service.replace("old", next))
      yield* settle
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.join(replacing)
      yield* runtime.service.flush
      assert.deepStrictEqual(messages(next.delivered), texts(0, 15))
      yield* runtime.close()
    }))

  it.effect("gives the new one what a write has left that stored a part", () =>
    Effect.gen(function*() {
      const { sink: old } = noted({ otherwise: ScriptedSink.fail({ _tag: "Unavailable", stored: 4 }) })
      const next = noted().sink
      const runtime = yield* begun(old, 15)
      yield* settle
      yield* runtime.service.replace("old", next)
      yield* runtime.service.flush
      assert.deepStrictEqual(messages([...old.delivered, ...next.delivered]), texts(0, 15))
      assert.strictEqual(old.delivered.length, 4)
      yield* runtime.close()
    }))

  it.effect("tries at once what waited for a retry, whose schedule begins anew", () =>
    Effect.gen(function*() {
      const { events, sink: old } = noted({ otherwise: unavailable, retry: Schedule.spaced("1 hour") })
      const next = noted({ script: [unavailable], retry: Schedule.spaced("1 second") }).sink
      const runtime = yield* begun(old, 15)
      yield* settle
      yield* runtime.service.replace("old", next)
      yield* settle
      assert.deepStrictEqual(events, ["closed"])
      assert.strictEqual(next.writes.length, 1)
      yield* TestClock.adjust("1 second")
      yield* settle
      assert.deepStrictEqual(messages(next.delivered), texts(0, 15))
      assert.strictEqual((yield* runtime.service.stats).lanes["old"]?.status, "ok")
      yield* runtime.close()
    }))

  it.effect("closes its breaker, and what the sink before says afterwards does not open it", () =>
    Effect.gen(function*() {
      const breaker = { failures: 1, cooldown: "1 hour" } as const
      const { sink: old } = noted({ otherwise: unavailable, breaker })
      const next = noted({ otherwise: gate, breaker }).sink
      const runtime = yield* begun(old, 5)
      yield* settle
      assert.isTrue((yield* runtime.service.stats).lanes["old"]?.breakerOpen)
      yield* runtime.service.replace("old", next)
      yield* next.started(1)
      assert.deepInclude((yield* runtime.service.stats).lanes["old"], { breakerOpen: false, lastError: undefined })
      const last = noted({ breaker }).sink
      const replacing = yield* fork(runtime.service.replace("old", last))
      yield* settle
      yield* next.release
      yield* Fiber.join(replacing)
      yield* runtime.close()
      assert.strictEqual(next.delivered.length + last.delivered.length, 5)
    }))

  for (
    const [title, step] of [
      ["closed", { _tag: "Closed" }],
      ["unavailable", { _tag: "Unavailable" }],
      ["wrong", { _tag: "Misconfigured" }]
    ] as const
  ) {
    it.effect(`tries again on the new one when the one before says that it is ${title}`, () =>
      Effect.gen(function*() {
        const gone = LogSink.make({
          name: "old",
          maxBatchSize: 10,
          breaker: { failures: 1, cooldown: "1 hour" },
          write: () =>
            Effect.andThen(
              Effect.sleep("1 second"),
              Effect.fail(new LogSink.SinkError({ sink: "old", message: "no", reason: step }))
            )
        })
        const next = noted().sink
        const runtime = yield* makeRuntime({ sinks: [gone] })
        yield* runtime.run(logMany(15))
        yield* settle
        const replacing = yield* fork(runtime.service.replace("old", next))
        yield* TestClock.adjust("1 second")
        yield* Fiber.join(replacing)
        yield* settle
        assert.deepStrictEqual(messages(next.delivered), texts(0, 15))
        assert.deepInclude((yield* runtime.service.stats).lanes["old"], { status: "ok", breakerOpen: false })
        yield* runtime.close()
      }))
  }

  it.effect("is not held up by writes that were left behind", () =>
    Effect.gen(function*() {
      const { sink: old } = noted({ otherwise: hangUninterruptibly, writeTimeout: "1 second", maxBatchSize: 1 })
      const runtime = yield* begun(old, 6)
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual(old.writes.length, 4, "no fifth is begun")
      const next = noted().sink
      yield* runtime.service.replace("old", next)
      yield* runtime.service.flush
      assert.deepStrictEqual(messages(next.delivered), texts(4, 6))
      yield* runtime.close()
    }))

  it.effect("keeps its dead letters, its fallback, its level and its name", () =>
    Effect.gen(function*() {
      const letters: Array<LogSink.DeadLetter> = []
      const deadLetter = (more: ReadonlyArray<LogSink.DeadLetter>) => letters.push(...more)
      const rejects = ScriptedSink.fail({ _tag: "Rejected" })
      const { sink: old } = noted({ otherwise: rejects, minimumLevel: "Info", deadLetter })
      const runtime = yield* makeRuntime({ sinks: [old], minimumLevel: "All" })
      yield* runtime.run(logMany(1))
      yield* runtime.service.flush
      yield* runtime.service.replace("old", noted({ name: "new", otherwise: rejects, minimumLevel: "Fatal" }).sink)
      yield* runtime.run(Effect.andThen(Effect.logDebug("below"), Effect.logInfo("second")))
      yield* runtime.service.flush
      assert.deepStrictEqual(letters.map(({ record, sink }) => [sink, record.message]), [
        ["old", "record 0"],
        ["old", "second"]
      ])
      yield* runtime.close()
      assert.deepStrictEqual(Object.keys(runtime.reports[0]?.lanes ?? {}), ["old"])
    }))

  it.effect("gives the new one batches as that wants them, those in hand too", () =>
    Effect.gen(function*() {
      const sizes: Array<number> = []
      const recordLimit = {
        maxBytes: 3000,
        sizeOf: (record: LogRecord.LogRecord) => String(record.message).length
      }
      const { sink: old } = noted({ otherwise: unavailable, retry: Schedule.spaced("1 hour"), maxBatchSize: 20 })
      const runtime = yield* begun(old, 40)
      yield* runtime.run(Effect.logInfo("x".repeat(5000)))
      const next = LogSink.make({
        name: "next",
        maxBatchSize: 7,
        recordLimit,
        write: (batch) => Effect.sync(() => sizes.push(batch.length))
      })
      yield* settle
      yield* runtime.service.replace("old", next)
      yield* runtime.service.flush
      assert.deepStrictEqual(sizes.slice(0, 3), [7, 7, 6])
      assert.isTrue(sizes.every((size) => size <= 7))
      assert.strictEqual(sizes.reduce((sum, size) => sum + size, 0), 40)
      yield* runtime.close()
      assert.strictEqual(runtime.reports[0]?.lanes["old"]?.dropped.too_large, 1)
    }))

  it.effect("adds up what both have written as markers", () =>
    Effect.gen(function*() {
      const marking = (marked: number) => ({ ...noted().sink, marked: () => marked })
      const runtime = yield* makeRuntime({ sinks: [marking(2)] })
      yield* runtime.service.replace("old", marking(3))
      yield* runtime.service.replace("old", marking(5))
      assert.strictEqual((yield* runtime.service.stats).lanes["old"]?.marked, 10)
      yield* runtime.close()
    }))

  it.effect("without a queue writes the next record to the new one, which has to be able to", () =>
    Effect.gen(function*() {
      const [old, next] = [MemorySink.make({ name: "old" }), MemorySink.make({ name: "next" })]
      const runtime = yield* makeRuntime({ sinks: [old], queue: false })
      yield* runtime.run(Effect.logInfo("before"))
      yield* runtime.service.replace("old", next)
      yield* runtime.run(Effect.logInfo("after"))
      const { events, sink } = noted()
      const error = yield* Effect.flip(runtime.service.replace("old", sink))
      assert.strictEqual(
        error.message,
        `the lane "old" has no queue, and the sink cannot do without: give it writeSync`
      )
      assert.deepStrictEqual(events, ["closed"])
      yield* runtime.run(Effect.logInfo("still"))
      yield* runtime.close()
      assert.deepStrictEqual([messages(old.records), messages(next.records)], [["before"], ["after", "still"]])
    }))
})

describe("a sink that takes the place of another", () => {
  it.effect("belongs to the lane: it is closed when that ends, with its scope", () =>
    Effect.gen(function*() {
      const events: Array<string> = []
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const scope = yield* Scope.make()
      const { events: oldEvents, sink: old } = noted()
      yield* runtime.service.attach(old).pipe(Scope.provide(scope))
      const source = Effect.as(
        Effect.acquireRelease(
          Effect.sync(() => events.push("acquired")),
          () => Effect.sync(() => events.push("released"))
        ),
        MemorySink.make({ name: "next" })
      )
      yield* Effect.scoped(runtime.service.replace("old", source))
      assert.deepStrictEqual([oldEvents, events], [["closed"], ["acquired"]])
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(events, ["acquired", "released"])
      yield* runtime.close()
    }))

  it.effect("and cannot be acquired leaves the lane as it is, as does one for a lane that there is not", () =>
    Effect.gen(function*() {
      const { events, sink: old } = noted()
      const runtime = yield* makeRuntime({ sinks: [old] })
      const failed = yield* Effect.flip(
        runtime.service.replace("old", Effect.fail(new NoRoute({ message: "no route" })))
      )
      assert.strictEqual(failed.message, "the sink could not be acquired: no route")
      const unknown = yield* Effect.flip(runtime.service.replace("odl", MemorySink.make()))
      assert.strictEqual(unknown.message, `there is no lane "odl", only "old"`)
      yield* runtime.run(logMany(1))
      yield* runtime.close()
      assert.strictEqual(old.delivered.length, 1)
      assert.deepStrictEqual(events, ["closed"])
      const late = yield* Effect.flip(runtime.service.replace("old", MemorySink.make()))
      assert.strictEqual(late.message, "the runtime takes no other sinks: its shutdown has begun")
    }))

  it.effect("of a lane that is going, or has, is given back", () =>
    Effect.gen(function*() {
      const { sink: old } = noted({ otherwise: gate })
      const runtime = yield* begun(old, 1)
      const next = noted()
      const acquiring = yield* fork(Effect.flip(
        runtime.service.replace("old", Effect.as(Effect.sleep("1 second"), next.sink))
      ))
      const detaching = yield* fork(runtime.service.detach("old"))
      yield* settle
      yield* TestClock.adjust("1 second")
      const { message } = yield* Fiber.join(acquiring)
      assert.strictEqual(message, `the lane "old" takes no other sink: it has ended, or is about to`)
      assert.deepStrictEqual(next.events, ["closed"])
      yield* old.release
      yield* Fiber.join(detaching)
      yield* runtime.close()
    }))

  it.effect("and is replaced itself meanwhile is closed once, as are all", () =>
    Effect.gen(function*() {
      const { events, sink: old } = noted({ otherwise: gate })
      const runtime = yield* begun(old, 15)
      const [one, two] = [noted(), noted()]
      const replacing = yield* fork(Effect.all(
        [runtime.service.replace("old", one.sink), runtime.service.replace("old", two.sink)],
        { concurrency: "unbounded" }
      ))
      yield* settle
      assert.deepStrictEqual([events, one.events, two.events], [[], ["closed"], []])
      yield* old.release
      yield* Fiber.join(replacing)
      yield* runtime.service.flush
      assert.deepStrictEqual(messages(two.sink.delivered), texts(10, 15))
      yield* runtime.close()
      assert.deepStrictEqual([events, one.events, two.events], [["closed"], ["closed"], ["closed"]])
    }))

  it.effect("during shutdown: the one before is closed once, whoever waits for it", () =>
    Effect.gen(function*() {
      const { events, sink: old } = noted({ otherwise: hangUninterruptibly, writeTimeout: "1 hour" })
      const runtime = yield* begun(old, 15)
      const next = noted()
      const replacing = yield* fork(runtime.service.replace("old", next.sink))
      const closing = yield* fork(runtime.close())
      yield* settle
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(closing)
      yield* Fiber.join(replacing)
      assert.deepStrictEqual([events, next.events], [["closed"], ["closed"]])
      assert.strictEqual(runtime.reports[0]?.lanes["old"]?.dropped.unconfirmed, 10)
    }))

  it.layer(NodeServices.layer)((it) => {
    it.effect("is given what is on the spool, in order", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, fsync: "never", mode: "always" } as const
        const { sink: old } = noted({ otherwise: unavailable, spool })
        const runtime = yield* begun(old, 35)
        yield* TestClock.adjust("10 seconds")
        assert.isAbove((yield* runtime.service.stats).lanes["old"]?.spooled ?? 0, 0)
        const next = noted({ maxBatchSize: 3 }).sink
        yield* runtime.service.replace("old", next)
        yield* runtime.run(Effect.logInfo("last"))
        yield* runtime.service.flush
        yield* runtime.close()
        assert.deepStrictEqual(messages(next.delivered), [...texts(0, 35), "last"])
        assert.isTrue(next.writes.every(({ length }) => length <= 3))
        assert.strictEqual(runtime.reports[0]?.lanes["old"]?.spooled, 0)
      }))
  })
})
