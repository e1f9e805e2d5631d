import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Data, Deferred, Effect, Exit, Fiber, Metric, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Ledger, Logging, LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { messages, numbers, settle } from "../support/lanes.ts"
import { givenTo } from "../support/mistakes.ts"
import { logMany, makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"

class NoRoute extends Data.TaggedError("NoRoute")<{ readonly message: string }> {}

const { gate, hang, hangUninterruptibly } = ScriptedSink

const memory = (name: string, options: Partial<LogSink.LaneOptions> = {}) => MemorySink.make({ name, ...options })

/** A sink with a scope of its own, that notes what happens to it. */
const noted = (name: string, options: ScriptedSink.Options = {}) => {
  const events: Array<string> = []
  const note = (event: string) => Effect.sync(() => events.push(event))
  const sink = ScriptedSink.make({ name, close: note("closed"), ...options })
  const source = Effect.as(Effect.acquireRelease(note("acquired"), () => note("released")), sink)
  return { events, sink, source }
}

const attachIn = (runtime: RuntimeUnderTest, source: LogSink.LogSink) =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const name = yield* runtime.service.attach(source).pipe(Scope.provide(scope))
    return { name, close: Scope.close(scope, Exit.void) }
  })

const texts = (from: number, to: number) => numbers(from, to).map((n) => `record ${n}`)

/** Lets time go on until a fiber has ended. */
const timeUntil = <A, E>(fiber: Fiber.Fiber<A, E>, limitMillis: number) =>
  Effect.gen(function*() {
    yield* settle
    let spent = 0
    for (; fiber.pollUnsafe() === undefined && spent <= limitMillis; spent += 10) yield* TestClock.adjust(10)
    assert.isDefined(fiber.pollUnsafe(), `it has ended within ${limitMillis} ms`)
    return spent
  })

const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.forkChild(effect, { startImmediately: true })

describe("a sink that comes", () => {
  it.effect("has what is logged from then on until its scope is closed, and its books stay", () =>
    Effect.gen(function*() {
      const [first, second] = [memory("first"), memory("second")]
      const runtime = yield* makeRuntime({ sinks: [first] })
      yield* runtime.run(Effect.logInfo("before"))
      const { close, name } = yield* attachIn(runtime, second)
      assert.strictEqual(name, "second")
      yield* runtime.run(Effect.logInfo("during"))
      runtime.service.logger.info("directly")
      yield* close
      yield* runtime.run(Effect.logInfo("after"))
      const { healthy, lanes } = yield* runtime.service.stats
      assert.strictEqual(lanes["second"]?.status, "closed")
      assert.isTrue(healthy, "a lane that was detached is no fault")
      yield* runtime.close()
      assert.deepStrictEqual(messages(first.records), ["before", "during", "directly", "after"])
      assert.deepStrictEqual(messages(second.records), ["during", "directly"])
      assert.strictEqual(runtime.reports[0]?.lanes["second"]?.delivered, 2)
      assert.deepStrictEqual(runtime.lines, [])
    }))

  it.effect("has a name of its own, also when the one before it is gone", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [memory("one")] })
      const second = yield* attachIn(runtime, memory("one"))
      const other = yield* attachIn(runtime, memory("other"))
      yield* other.close
      const third = yield* attachIn(runtime, memory("one", { fallback: memory("other") }))
      assert.deepStrictEqual([second.name, other.name, third.name], ["one#2", "other", "one#3"])
      yield* runtime.close()
      assert.deepStrictEqual(Object.keys(runtime.reports[0]?.lanes ?? {}), [
        "one",
        "one#2",
        "one#3",
        "one#3.other",
        "other"
      ])
    }))

  it.effect("is built with the services of who attaches it, in a scope that ends with its lane", () =>
    Effect.gen(function*() {
      class Region extends Context.Service<Region, string>()("test/Region") {}
      const { events, sink, source } = noted("built")
      const runtime = yield* makeRuntime({ sinks: [memory("first")] })
      const scope = yield* Scope.make()
      const inRegion = Effect.flatMap(Region, (region) => Effect.map(source, LogSink.withName(`built-${region}`)))
      const name = yield* runtime.service.attach(inRegion).pipe(
        Effect.provideService(Region, "north"),
        Scope.provide(scope)
      )
      assert.strictEqual(name, "built-north")
      yield* runtime.run(logMany(3))
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(events, ["acquired", "closed", "released"])
      assert.deepStrictEqual(messages(sink.delivered), texts(0, 3))
      yield* runtime.close()
      assert.deepStrictEqual(events, ["acquired", "closed", "released"])
    }))

  it.effect("and cannot be acquired is a typed error, leaves no lane, and has released what it had", () =>
    Effect.gen(function*() {
      const { events, source } = noted("fails")
      const runtime = yield* makeRuntime({ sinks: [memory("first")] })
      const failing = Effect.andThen(source, Effect.fail(new NoRoute({ message: "no route to host" })))
      const error = yield* Effect.flip(Effect.scoped(runtime.service.attach(failing)))
      assert.instanceOf(error, Logging.LaneError)
      assert.strictEqual(error.message, "the sink could not be acquired: no route to host")
      assert.deepStrictEqual(error.lanes, ["first"])
      assert.instanceOf(error.cause, NoRoute)
      yield* settle
      assert.deepStrictEqual(events, ["acquired", "released"])
      assert.deepStrictEqual(Object.keys((yield* runtime.service.stats).lanes), ["first"])
      const required = LogSink.required(Effect.fail("down"))
      assert.strictEqual(
        (yield* Effect.flip(Effect.scoped(runtime.service.attach(required)))).message,
        "the sink could not be acquired: a required sink could not be acquired"
      )
      yield* runtime.close()
    }))

  it.effect("and takes longer than 10 s is not waited for", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [memory("first")] })
      const attaching = yield* fork(Effect.flip(Effect.scoped(runtime.service.attach(Effect.never))))
      yield* timeUntil(attaching, 10_000)
      assert.strictEqual(
        (yield* Fiber.join(attaching)).message,
        "the sink could not be acquired: it took longer than 10 seconds"
      )
      yield* runtime.close()
    }))

  it.effect("and is none is a mistake in the program", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [memory("first")] })
      const wrong = givenTo(runtime.service.attach, Effect.succeed("console"))
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no type allows
      const exit = yield* Effect.exit(Effect.scoped(wrong as Effect.Effect<string>))
      assert.include(
        String(Exit.isFailure(exit) && Cause.squash(exit.cause)),
        `Logging.attach: source must be an Effect of a sink, got one of "console"`
      )
      yield* runtime.close()
    }))

  it.effect("is given back when who attaches it is interrupted", () =>
    Effect.gen(function*() {
      const { events, source } = noted("slow")
      const runtime = yield* makeRuntime({ sinks: [memory("first")] })
      const attaching = yield* fork(Effect.scoped(runtime.service.attach(Effect.andThen(source, Effect.never))))
      yield* settle
      assert.deepStrictEqual(events, ["acquired"])
      yield* Fiber.interrupt(attaching)
      yield* settle
      assert.deepStrictEqual(events, ["acquired", "released"])
      yield* runtime.close()
    }))

  it.effect("during shutdown is refused, be it before it is acquired or after", () =>
    Effect.gen(function*() {
      const { events, source } = noted("late")
      const acquired = yield* Deferred.make<void>()
      const runtime = yield* makeRuntime({
        sinks: [memory("first")],
        onShutdown: () => Effect.andThen(Deferred.succeed(acquired, undefined), settle)
      })
      const attaching = yield* fork(Effect.flip(Effect.scoped(
        runtime.service.attach(Effect.tap(source, Deferred.await(acquired)))
      )))
      yield* settle
      yield* runtime.close()
      const error = yield* Fiber.join(attaching)
      assert.strictEqual(error.message, "the runtime takes no other sinks: its shutdown has begun")
      assert.deepStrictEqual(events, ["acquired", "closed", "released"])
      const later = yield* Effect.flip(Effect.scoped(runtime.service.attach(source)))
      assert.strictEqual(later.message, error.message)
      assert.deepStrictEqual(events, ["acquired", "closed", "released"])
    }))

  it.effect("into a scope that is closed already is detached at once", () =>
    Effect.gen(function*() {
      const { events, source } = noted("late")
      const runtime = yield* makeRuntime({ sinks: [memory("first")] })
      const scope = yield* Scope.make()
      yield* Scope.close(scope, Exit.void)
      yield* runtime.service.attach(source).pipe(Scope.provide(scope))
      assert.deepStrictEqual(events, ["acquired", "closed", "released"])
      yield* runtime.close()
    }))

  it.effect("has metrics while it is there", () =>
    Effect.gen(function*() {
      const lanes = Effect.map(
        Metric.snapshot,
        (all) => all.filter(({ id }) => id === "spillway_healthy").map(({ attributes }) => attributes?.["lane"])
      )
      const runtime = yield* makeRuntime({ sinks: [memory("first")] })
      const { close } = yield* attachIn(runtime, memory("second"))
      assert.deepStrictEqual(yield* lanes, ["first", "second"])
      yield* close
      assert.deepStrictEqual(yield* lanes, ["first"])
      yield* runtime.close()
      assert.deepStrictEqual(yield* lanes, [])
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())))

  it.effect("without a queue is written in the log call, and goes between two calls", () =>
    Effect.gen(function*() {
      const [first, second] = [memory("first"), memory("second")]
      const runtime = yield* makeRuntime({ sinks: [first], queue: false })
      const { close } = yield* attachIn(runtime, second)
      yield* runtime.run(Effect.logInfo("during"))
      assert.deepStrictEqual(messages(second.records), ["during"])
      yield* close
      yield* runtime.run(Effect.logInfo("after"))
      assert.deepStrictEqual(messages(second.records), ["during"])
      assert.strictEqual((yield* runtime.service.detach("second")).delivered, 1)
      yield* runtime.close()
    }))
})

describe("a lane that goes", () => {
  it.effect("drains before its sink is closed, and gives its books", () =>
    Effect.gen(function*() {
      const { events, sink } = noted("slow", { batchWindow: "1 hour", maxBatchSize: 10, otherwise: gate })
      const runtime = yield* makeRuntime({ sinks: [memory("first"), sink] })
      yield* runtime.run(logMany(25))
      const detaching = yield* fork(runtime.service.detach("slow"))
      yield* runtime.run(Effect.logInfo("after"))
      assert.strictEqual((yield* runtime.service.stats).lanes["slow"]?.status, "draining")
      for (const turn of [1, 2, 3]) {
        yield* sink.started(turn)
        assert.deepStrictEqual(events, [])
        yield* sink.release
      }
      const books = yield* Fiber.join(detaching)
      assert.deepInclude(books, { accepted: 25, delivered: 25 })
      assert.deepStrictEqual(messages(sink.delivered), texts(0, 25))
      assert.deepStrictEqual(events, ["closed"])
      yield* runtime.close()
      assert.deepStrictEqual(runtime.reports[0]?.lanes["slow"], books)
      assert.deepStrictEqual(events, ["closed"])
    }))

  for (const [title, step] of [["hangs", hang], ["hangs and cannot be interrupted", hangUninterruptibly]] as const) {
    it.effect(`and whose sink ${title} ends at a deadline of its own`, () =>
      Effect.gen(function*() {
        const { events, sink } = noted("hung", { otherwise: step, maxBatchSize: 10 })
        const runtime = yield* makeRuntime({ sinks: [memory("first"), sink], shutdownTimeout: "2 seconds" })
        yield* runtime.run(logMany(25))
        yield* sink.started(1)
        const detaching = yield* fork(runtime.service.detach("hung"))
        assert.isAtMost(yield* timeUntil(detaching, 2050), 2050)
        const { dropped } = yield* Fiber.join(detaching)
        assert.deepStrictEqual([dropped.unconfirmed, dropped.shutdown_deadline], [10, 15])
        assert.deepStrictEqual(events, ["closed"])
        yield* settle
        yield* runtime.close()
        assert.deepStrictEqual(runtime.reports[0]?.failures, [
          { step: `drain "hung"`, message: "25 records were left at the deadline" }
        ])
        assert.include(runtime.lines.join("\n"), "25 records were lost: lane \"hung\" (")
      }))
  }

  it.effect("tells of what it dropped in a lane that stays", () =>
    Effect.gen(function*() {
      const { sink } = noted("hung", { otherwise: hang, maxBatchSize: 10 })
      const first = memory("first")
      const runtime = yield* makeRuntime({ sinks: [sink, first] })
      yield* runtime.run(logMany(10))
      yield* timeUntil(yield* fork(runtime.service.detach("hung")), 5050)
      yield* settle
      assert.include(String(messages(first.records).at(-1)), `lane "hung" dropped 10 records`)
      yield* timeUntil(yield* fork(runtime.close()), 100)
      assert.strictEqual(first.records.length, 11, "once")
    }))

  it.effect("is waited for by whoever detaches it, once more and afterwards too", () =>
    Effect.gen(function*() {
      const { events, sink } = noted("slow", { otherwise: gate })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      const one = yield* fork(runtime.service.detach("slow"))
      const interrupted = yield* fork(runtime.service.detach("slow"))
      const other = yield* fork(runtime.service.detach("slow"))
      yield* Fiber.interrupt(interrupted)
      yield* settle
      assert.deepStrictEqual([one.pollUnsafe(), other.pollUnsafe()], [undefined, undefined])
      yield* sink.release
      const books = yield* Fiber.join(one)
      assert.strictEqual(books.delivered, 1)
      assert.deepStrictEqual(yield* Fiber.join(other), books)
      assert.deepStrictEqual(yield* runtime.service.detach("slow"), books)
      assert.deepStrictEqual(events, ["closed"])
      yield* runtime.close()
    }))

  it.effect("goes on to go when who detaches it is interrupted", () =>
    Effect.gen(function*() {
      const { events, sink } = noted("slow", { otherwise: gate })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      yield* runtime.run(logMany(1))
      yield* sink.started(1)
      const detaching = yield* fork(runtime.service.detach("slow"))
      yield* Fiber.interrupt(detaching)
      yield* sink.release
      yield* settle
      assert.deepStrictEqual(events, ["closed"])
      yield* runtime.close()
    }))

  it.effect("by a name that there is not is a typed error with the lanes that there are", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [memory("first", { fallback: memory("spare") })] })
      const unknown = yield* Effect.flip(runtime.service.detach("fist"))
      assert.strictEqual(unknown.message, `there is no lane "fist", only "first", "spare"`)
      assert.deepStrictEqual(unknown.lanes, ["first", "spare"])
      const spare = yield* Effect.flip(runtime.service.detach("spare"))
      assert.strictEqual(spare.message, `the lane "spare" is the fallback of "first": detach that`)
      yield* runtime.service.detach("first")
      const none = yield* Effect.flip(runtime.service.detach("fist"))
      assert.strictEqual(none.message, `there is no lane "fist": the runtime has none`)
      yield* runtime.close()
    }))

  it.effect("as the last one leaves a runtime whose records are filtered", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [memory("only")] })
      yield* runtime.service.detach("only")
      yield* runtime.run(logMany(3))
      assert.deepInclude((yield* runtime.service.stats).capture, { offered: 3, filtered: 3 })
      yield* runtime.service.flush
      yield* runtime.service.room
      const { close } = yield* attachIn(runtime, memory("only"))
      yield* runtime.run(logMany(2))
      yield* close
      yield* runtime.close()
      assert.strictEqual(runtime.reports[0]?.lanes["only#2"]?.delivered, 2)
    }))

  it.effect("and shutdown, whichever comes first, close its sink once, within one deadline", () =>
    Effect.forEach(["detach", "shutdown", "both"], (first) =>
      Effect.gen(function*() {
        const { events, sink, source } = noted("hung", { otherwise: hang, maxBatchSize: 10 })
        const runtime = yield* makeRuntime({ sinks: [source, memory("first")], shutdownTimeout: "2 seconds" })
        yield* runtime.run(logMany(15))
        yield* sink.started(1)
        const begun = first === "shutdown" ? undefined : yield* fork(runtime.service.detach("hung"))
        if (first === "detach") yield* TestClock.adjust(1000)
        const closing = yield* fork(runtime.close())
        const detaching = begun ?? (yield* fork(runtime.service.detach("hung")))
        assert.isAtMost(yield* timeUntil(closing, 2050), 2050)
        const books = yield* Fiber.join(detaching)
        assert.deepStrictEqual([books.dropped.unconfirmed, books.dropped.shutdown_deadline], [10, 5])
        assert.deepStrictEqual(events, ["acquired", "closed", "released"])
        assert.deepStrictEqual(runtime.reports[0]?.lanes["hung"], books)
        assert.deepStrictEqual(runtime.reports[0]?.failures, [
          { step: `drain "hung"`, message: "15 records were left at the deadline" }
        ])
        const { lanes } = yield* runtime.service.stats
        assert.deepStrictEqual(Object.keys(lanes).toSorted(), ["first", "hung"])
      }).pipe(Effect.scoped), { discard: true }))

  it.effect("in the middle of a filter has what the call offers it refused, and counted", () =>
    Effect.gen(function*() {
      const detach: { now: Effect.Effect<unknown, unknown> } = { now: Effect.void }
      const early = memory("early", {
        filter: () => {
          Effect.runFork(detach.now)
          return true
        }
      })
      const runtime = yield* makeRuntime({ sinks: [early, memory("late"), memory("last")], queue: false })
      detach.now = runtime.service.detach("late")
      yield* runtime.run(logMany(2))
      yield* settle
      const { capture, lanes } = yield* runtime.service.stats
      assert.strictEqual(capture.accepted, 2)
      assert.deepInclude(lanes["late"], { accepted: 1, status: "closed" })
      assert.strictEqual(lanes["late"]?.dropped.closed, 1)
      assert.strictEqual(lanes["last"]?.delivered, 2)
      yield* runtime.close()
    }))
})

describe("a fallback", () => {
  const rejecting = (name: string, fallback: LogSink.LogSink) =>
    ScriptedSink.make({ name, fallback, otherwise: ScriptedSink.fail({ _tag: "Rejected" }) })

  it.effect("drains after the lane that needs it, and ends with the last of these", () =>
    Effect.gen(function*() {
      const { events, sink: spare } = noted("spare", { batchWindow: "1 hour" })
      const runtime = yield* makeRuntime({ sinks: [rejecting("a", spare), rejecting("b", spare)] })
      yield* runtime.run(logMany(1))
      const { deadLettered } = yield* runtime.service.detach("a")
      assert.strictEqual(deadLettered, 1)
      assert.deepStrictEqual(events, [])
      yield* runtime.run(Effect.logInfo("to b"))
      const { name } = yield* attachIn(runtime, rejecting("c", spare))
      yield* runtime.service.detach("b")
      yield* runtime.run(Effect.logInfo("to c"))
      assert.deepStrictEqual(events, [])
      yield* runtime.service.detach(name)
      assert.deepStrictEqual(events, ["closed"])
      assert.deepStrictEqual(messages(spare.delivered), ["record 0", "record 0", "to b", "to c"])
      const again = yield* attachIn(runtime, rejecting("d", spare))
      assert.deepStrictEqual(Object.keys((yield* runtime.service.stats).lanes).toSorted(), [
        "a",
        "b",
        "c",
        again.name,
        "d.spare",
        "spare"
      ])
      yield* runtime.close()
      assert.isTrue(runtime.reports[0]?.balanced)
    }))

  it.effect("of two that go at the same time ends with them", () =>
    Effect.gen(function*() {
      const { events, sink: spare } = noted("spare")
      const runtime = yield* makeRuntime({ sinks: [rejecting("a", spare), rejecting("b", spare)] })
      yield* runtime.run(logMany(5))
      yield* Effect.all([runtime.service.detach("a"), runtime.service.detach("b")], { concurrency: "unbounded" })
      assert.deepStrictEqual(events, ["closed"])
      assert.strictEqual((yield* runtime.service.stats).lanes["spare"]?.status, "closed")
      assert.strictEqual(spare.delivered.length, 10)
      yield* runtime.close()
    }))

  it.effect("that is a sink as well is closed when it is neither any more", () =>
    Effect.gen(function*() {
      const { events, sink: both } = noted("both")
      const runtime = yield* makeRuntime({ sinks: [both, rejecting("a", both)] })
      yield* runtime.run(logMany(1))
      yield* runtime.service.detach("both")
      assert.deepStrictEqual(events, [])
      yield* runtime.service.detach("a")
      assert.deepStrictEqual(events, ["closed"])
      assert.strictEqual(both.delivered.length, 2)
      yield* runtime.close()
      assert.deepStrictEqual(events, ["closed"])
      assert.strictEqual(Ledger.lost(runtime.reports[0]!), 0)
    }))
})
