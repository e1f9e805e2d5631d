import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schedule, type Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { type Logging, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { settle } from "../support/lanes.ts"
import { logMany, makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"

const { gate, unavailable } = ScriptedSink

/** Somebody who watches the states of the lanes. */
interface Watcher {
  readonly seen: ReadonlyArray<Logging.Health>
  /** The worst state of each element. */
  readonly states: () => ReadonlyArray<Logging.HealthStatus>
  readonly last: () => Logging.Health
  readonly ended: Effect.Effect<void>
  readonly stop: Effect.Effect<void>
}

const watch = ({ health }: Logging.Logging["Service"]): Effect.Effect<Watcher, never, Scope.Scope> =>
  Effect.gen(function*() {
    const seen: Array<Logging.Health> = []
    const fiber = yield* Effect.forkScoped(
      Stream.runForEach(health, (element) => Effect.sync(() => seen.push(element))),
      { startImmediately: true }
    )
    return {
      seen,
      states: () => seen.map(({ status }) => status),
      last: () => seen.at(-1) ?? assert.fail("nothing was seen"),
      ended: Effect.asVoid(Fiber.join(fiber)),
      stop: Effect.asVoid(Fiber.interrupt(fiber))
    }
  })

const log = (runtime: RuntimeUnderTest, count = 1): Effect.Effect<void> =>
  Effect.andThen(runtime.run(logMany(count)), settle)

/** A sink without a queue that takes a record, or does not, as it is told. */
const told = () => {
  const says = { works: true, error: "does not work" }
  const sink = LogSink.make({
    name: "told",
    write: () => Effect.void,
    writeSync() {
      if (!says.works) throw new Error(says.error)
    }
  })
  return { says, sink }
}

describe("the stream of the states of lanes", () => {
  it.effect("shows the present ones first, and then each change with depth, rates and the last error", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        script: [unavailable, unavailable],
        retry: Schedule.spaced("1 second"),
        breaker: { failures: 2, cooldown: "10 seconds" },
        maxBatchSize: 2
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const watcher = yield* watch(runtime.service)
      yield* settle
      const rates = { accepted: 0, delivered: 0, dropped: 0 }
      assert.deepStrictEqual(watcher.seen, [{
        status: "ok",
        lanes: { scripted: { status: "ok", depth: 0, rates, lastError: undefined } }
      }])
      yield* log(runtime, 5)
      yield* TestClock.adjust("100 millis")
      const lastError = "scripted: Unavailable"
      assert.deepStrictEqual(watcher.last(), {
        status: "degraded",
        lanes: { scripted: { status: "degraded", depth: 5, rates: { ...rates, accepted: 50 }, lastError } }
      })
      yield* log(runtime, 3)
      yield* TestClock.adjust("900 millis")
      yield* settle
      assert.deepStrictEqual(watcher.last(), {
        status: "open",
        lanes: { scripted: { status: "open", depth: 8, rates: { ...rates, accepted: 3 / 0.9 }, lastError } }
      })
      yield* TestClock.adjust("10 seconds")
      yield* settle
      assert.deepStrictEqual(watcher.last(), {
        status: "ok",
        lanes: { scripted: { status: "ok", depth: 0, rates: { ...rates, delivered: 0.8 }, lastError: undefined } }
      })
      assert.deepStrictEqual(watcher.states(), ["ok", "degraded", "open", "ok"])
      yield* runtime.close()
    }))

  it.effect("shows each change at once where a tenth of a second has passed, and nothing while nothing changes", () =>
    Effect.gen(function*() {
      const { says, sink } = told()
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      const watcher = yield* watch(runtime.service)
      for (const works of [false, true, true, false, false, true]) {
        yield* TestClock.adjust("100 millis")
        says.works = works
        yield* log(runtime)
      }
      assert.deepStrictEqual(watcher.states(), ["ok", "degraded", "ok", "degraded", "ok"])
      yield* runtime.close()
    }))

  it.effect("shows that a lane fails for another reason than before", () =>
    Effect.gen(function*() {
      const { says, sink } = told()
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      const watcher = yield* watch(runtime.service)
      says.works = false
      for (const error of ["no host", "no host", "no room"]) {
        yield* TestClock.adjust("1 second")
        says.error = error
        yield* log(runtime)
      }
      const errors = watcher.seen.map(({ lanes }) => lanes["told"]?.lastError)
      assert.deepStrictEqual(errors, [undefined, "no host", "no room"])
      yield* runtime.close()
    }))

  it.effect("shows that a sink which fails is replaced, before the new one has answered, with and without a queue", () =>
    Effect.gen(function*() {
      for (const queue of [true, false]) {
        const failing = LogSink.make({
          name: "lane",
          retry: Schedule.spaced("1 hour"),
          batchWindow: 0,
          write: () => Effect.fail(LogSink.unavailable("down")),
          writeSync() {
            throw LogSink.unavailable("down")
          }
        })
        const runtime = yield* makeRuntime({ sinks: [failing], queue })
        const watcher = yield* watch(runtime.service)
        yield* log(runtime)
        yield* TestClock.adjust("1 second")
        assert.strictEqual(watcher.last().status, "degraded")
        yield* runtime.service.replace(
          "lane",
          LogSink.make({ name: "other", write: () => Effect.never, writeSync() {} })
        )
        yield* TestClock.adjust("1 second")
        assert.strictEqual(watcher.last().status, "ok")
        const closing = yield* Effect.forkChild(runtime.close(), { startImmediately: true })
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(closing)
      }
    }))

  it.effect("has at most ten elements a second, the last of them with the last states", () =>
    Effect.gen(function*() {
      const { says, sink } = told()
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      const watcher = yield* watch(runtime.service)
      let lasting: Array<Logging.HealthStatus> = []
      for (let millis = 0; millis < 1000; millis += 7) {
        says.works = !says.works
        yield* log(runtime)
        yield* TestClock.adjust("7 millis")
        lasting = [...watcher.states()]
      }
      assert.isAtLeast(lasting.length, 5)
      assert.isAtMost(lasting.length, 11)
      says.works = false
      yield* log(runtime)
      yield* TestClock.adjust("100 millis")
      yield* settle
      assert.strictEqual(watcher.last().status, "degraded")
      assert.strictEqual(watcher.last().lanes["told"]?.lastError, "does not work")
      yield* runtime.close()
    }))

  it.effect("has the worst state of all lanes, each with its own", () =>
    Effect.gen(function*() {
      const gone = ScriptedSink.make({ name: "gone", script: [ScriptedSink.fail({ _tag: "Closed" })] })
      const weak = ScriptedSink.make({ name: "weak", script: [unavailable], retry: Schedule.spaced("1 second") })
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make(), weak, gone] })
      yield* runtime.run(Effect.logInfo("one"))
      yield* settle
      const { last } = yield* watch(runtime.service)
      yield* settle
      const states = Object.entries(last().lanes).map(([name, { status }]) => `${name} ${status}`)
      assert.deepStrictEqual(states, ["memory ok", "weak degraded", "gone closed"])
      assert.strictEqual(last().status, "closed")
      yield* TestClock.adjust("1 second")
      yield* runtime.close()
    }))

  it.effect("shows how the lanes drain and close at shutdown, and ends", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [gate] })
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make(), sink] })
      const watcher = yield* watch(runtime.service)
      yield* TestClock.adjust("1 second")
      yield* log(runtime)
      yield* Effect.forkChild(runtime.close(), { startImmediately: true })
      yield* settle
      assert.deepStrictEqual(watcher.states(), ["ok", "draining"])
      yield* TestClock.adjust("1 second")
      yield* sink.release
      yield* settle
      assert.deepStrictEqual(watcher.states(), ["ok", "draining", "closed"])
      assert.deepStrictEqual(Object.values(watcher.last().lanes).map(({ status }) => status), ["closed", "closed"])
      yield* watcher.ended
      const late = yield* watch(runtime.service)
      yield* late.ended
      assert.deepStrictEqual(late.states(), ["closed"])
    }))

  it.effect("has lanes that come and go while they are there", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make()] })
      const sink = ScriptedSink.make({ name: "more", script: [gate] })
      const watcher = yield* watch(runtime.service)
      const names = () => watcher.seen.map(({ lanes, status }) => [status, ...Object.keys(lanes)].join(" "))
      yield* TestClock.adjust("1 second")
      yield* runtime.service.attach(sink)
      yield* settle
      yield* log(runtime)
      yield* TestClock.adjust("1 second")
      const detaching = yield* Effect.forkChild(runtime.service.detach("more"), { startImmediately: true })
      yield* settle
      assert.deepStrictEqual(names(), ["ok memory", "ok memory more", "ok memory"])
      yield* TestClock.adjust("1 second")
      yield* sink.release
      yield* Fiber.join(detaching)
      yield* settle
      assert.strictEqual(watcher.seen.length, 3)
      yield* runtime.close()
    }))

  it.effect("has states without lanes, and without queues", () =>
    Effect.gen(function*() {
      for (const options of [{ sinks: [] }, { sinks: [MemorySink.make()], queue: false }]) {
        const runtime = yield* makeRuntime(options)
        const watcher = yield* watch(runtime.service)
        yield* TestClock.adjust("1 second")
        yield* runtime.close()
        yield* TestClock.adjust("1 second")
        yield* watcher.ended
        assert.deepStrictEqual(watcher.states(), ["ok", "closed"])
      }
    }))

  it.effect("looks at no lane while nobody watches, nor while nothing changes", () =>
    Effect.gen(function*() {
      let looks = 0
      const { says, sink } = told()
      const marked = (): number => {
        looks++
        return 0
      }
      const runtime = yield* makeRuntime({ sinks: [{ ...sink, marked }], queue: false })
      const change = Effect.gen(function*() {
        says.works = !says.works
        yield* log(runtime)
        yield* TestClock.adjust("1 second")
        return looks
      })
      assert.strictEqual(yield* change, 0)
      const { stop } = yield* watch(runtime.service)
      yield* settle
      assert.strictEqual(looks, 1)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(looks, 1)
      assert.strictEqual(yield* change, 2)
      yield* stop
      assert.strictEqual(yield* change, 2)
      yield* runtime.close()
    }))

  it.effect("has rates of its own for each who watches", () =>
    Effect.gen(function*() {
      const { says, sink } = told()
      const runtime = yield* makeRuntime({ sinks: [sink], queue: false })
      yield* log(runtime, 30)
      yield* TestClock.adjust("3 seconds")
      const early = yield* watch(runtime.service)
      yield* log(runtime, 20)
      yield* TestClock.adjust("2 seconds")
      const late = yield* watch(runtime.service)
      yield* log(runtime, 4)
      says.works = false
      yield* TestClock.adjust("1 second")
      yield* log(runtime)
      yield* settle
      const ratesOf = ({ seen }: Watcher) => seen.map(({ lanes }) => lanes["told"]?.rates)
      assert.deepStrictEqual(ratesOf(early), [
        { accepted: 10, delivered: 10, dropped: 0 },
        { accepted: 25 / 3, delivered: 8, dropped: 1 / 3 }
      ])
      assert.deepStrictEqual(ratesOf(late), [
        { accepted: 10, delivered: 10, dropped: 0 },
        { accepted: 5, delivered: 4, dropped: 1 }
      ])
      yield* runtime.close()
    }))
})
