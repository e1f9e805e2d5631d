import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Deferred, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { opened } from "../src/events/opened.ts"
import { Logging, WideEvent } from "../src/index.ts"
import { plain } from "./support/capture.ts"
import { events, recorded, said } from "./support/events.ts"

class Declined extends Data.TaggedError("Declined")<{ readonly reason: string }> {}

const named = (more: object, outcome = "success", name = "checkout") => ({
  "event.name": name,
  "event.outcome": outcome,
  ...more
})

describe("WideEvent.record", () => {
  it.effect("makes one record, with all that was added in its fibers, and gives the result", () =>
    Effect.gen(function*() {
      const result = yield* Effect.gen(function*() {
        yield* WideEvent.add({ user: 7 })
        yield* Effect.forEach([1, 2, 3], () => WideEvent.count("db.queries"), { concurrency: "unbounded" })
        const child = yield* Effect.forkChild(WideEvent.add({ cart: { items: [1, 2] } }))
        yield* Fiber.join(child)
        yield* Effect.race(WideEvent.add({ won: true }), Effect.never)
        yield* WideEvent.add({ user: 8 })
        return "paid"
      }).pipe(WideEvent.record("checkout"))
      assert.strictEqual(result, "paid")
      const [event, ...others] = yield* events
      assert.deepStrictEqual(others, [])
      assert.isDefined(event)
      assert.strictEqual(event.message, "checkout")
      assert.strictEqual(event.level, "Info")
      assert.deepStrictEqual(
        said(event.annotations),
        named({ user: 8, "db.queries": 3, cart: { items: [1, 2] }, won: true })
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  const endings: ReadonlyArray<readonly [string, Effect.Effect<never, unknown>, string, string | undefined, string]> = [
    ["failure", Effect.fail(new Declined({ reason: "limit" })), "Error", "Declined", "Fail"],
    ["failure", Effect.fail("a text"), "Error", "_OTHER", "Fail"],
    ["defect", Effect.die(new TypeError("undefined")), "Error", "TypeError", "Die"],
    ["interrupted", Effect.interrupt, "Warn", undefined, "Interrupt"],
    [
      "defect",
      Effect.failCause(Cause.combine(Cause.fail("a"), Cause.die(new TypeError("b")))),
      "Error",
      "TypeError",
      "Fail,Die"
    ],
    [
      "failure",
      Effect.failCause(Cause.combine(Cause.interrupt(), Cause.fail("a"))),
      "Error",
      "_OTHER",
      "Interrupt,Fail"
    ]
  ]

  it.effect.each(endings)(
    "says how it ended: %s",
    ([outcome, program, level, errorType, kind]) =>
      Effect.gen(function*() {
        const before = yield* Effect.exit(program)
        const after = yield* Effect.exit(WideEvent.record("checkout")(program))
        assert.deepStrictEqual(plain(after), plain(before))
        const [event, ...others] = yield* events
        assert.deepStrictEqual(others, [])
        assert.isDefined(event)
        assert.strictEqual(event.level, level)
        assert.deepStrictEqual(
          said(event.annotations),
          named(errorType === undefined ? {} : { "error.type": errorType }, outcome)
        )
        assert.deepStrictEqual(event.cause?.map(({ kind }) => kind), kind.split(","))
      }).pipe(Effect.provide(Logging.layerTest()))
  )

  it.effect("adds times up to whole microseconds", () =>
    Effect.gen(function*() {
      const part = Effect.sleep("100 micros").pipe(WideEvent.time("db"))
      const over = yield* Effect.forkChild(Effect.andThen(part, Effect.andThen(part, part)).pipe(WideEvent.record("a")))
      for (let i = 0; i < 3; i++) yield* TestClock.adjust("100 micros")
      yield* Fiber.join(over)
      assert.deepInclude((yield* events)[0]?.annotations, { "db.count": 3, "db.duration_ms": 0.3 })
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("takes its time from Effect's Clock, and tells a timeout from other failures", () =>
    Effect.gen(function*() {
      const late = yield* Effect.sleep("5 seconds").pipe(
        WideEvent.time("db"),
        Effect.timeout("2 seconds"),
        WideEvent.record("checkout"),
        Effect.exit,
        Effect.forkChild({ startImmediately: true })
      )
      yield* TestClock.adjust("10 seconds")
      const exit = yield* Fiber.join(late)
      assert.isTrue(Exit.isFailure(exit))
      const [event] = yield* events
      assert.isDefined(event)
      assert.strictEqual(event.annotations["event.duration_ms"], 2000)
      assert.deepStrictEqual(
        said(event.annotations),
        named({ "error.type": "TimeoutError", "db.count": 1, "db.duration_ms": 2000 }, "timeout")
      )
    }).pipe(Effect.provide(Logging.layerTest())))

  it.effect("adds what inner events add to these alone, and counts them", () =>
    Effect.gen(function*() {
      const inner = WideEvent.add({ at: "inside" }).pipe(
        Effect.andThen(Effect.logInfo("line")),
        WideEvent.record("inner")
      )
      const all = yield* recorded(
        Effect.andThen(Effect.all([inner, WideEvent.add({ at: "outside" }), inner]), Effect.logWarning("other")).pipe(
          WideEvent.record("checkout")
        )
      )
      const inside = named({ "event.lines.info": 1, at: "inside" }, "success", "inner")
      assert.deepStrictEqual(all, [
        inside,
        inside,
        named({ "event.lines.warn": 1, "event.inner": 2, at: "outside" })
      ])
    }))

  it.effect("leaves out what the program adds under a name of its own, also where it has nothing to say there", () =>
    Effect.gen(function*() {
      const forged = {
        "event.name": "forged",
        "event.outcome": "forged",
        "event.duration_ms": "forged",
        "event.inner": 9,
        "event.omitted": 9,
        "event.log": ["forged"],
        "event.log_omitted": 9,
        "event.lines.error": 9,
        "error.type": "forged",
        "event.id": 7,
        inner: 8
      }
      const kept = { "event.id": 7, inner: 8 }
      const add = WideEvent.add(forged)
      assert.deepStrictEqual(yield* recorded(WideEvent.record("checkout")(add)), [
        named({ "error.type": "forged", ...kept })
      ])
      assert.deepStrictEqual(
        yield* recorded(WideEvent.record("checkout")(Effect.andThen(add, Effect.die(new TypeError("undefined"))))),
        [named({ "error.type": "TypeError", ...kept }, "defect")]
      )
    }))

  it.effect("says the trace and the span of where it was opened", () =>
    Effect.gen(function*() {
      const span = yield* Effect.currentSpan
      yield* WideEvent.record("checkout")(Effect.withSpan(WideEvent.add({ a: 1 }), "inside"))
      const [event] = yield* events
      assert.isDefined(event)
      assert.strictEqual(event.traceId, span.traceId)
      assert.strictEqual(event.spanId, span.spanId)
    }).pipe(Effect.withSpan("outside"), Effect.provide(Logging.layerTest())))

  it.effect("is cut by the end of the runtime, once, and says so", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Logging.layerTest(), scope)
      const started = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const fiber = yield* WideEvent.add({ step: 1 }).pipe(
        Effect.andThen(Deferred.succeed(started, undefined)),
        Effect.andThen(Deferred.await(go)),
        WideEvent.record("checkout"),
        Effect.provideContext(context),
        Effect.forkDetach
      )
      yield* Deferred.await(started)
      yield* Scope.close(scope, Exit.void)
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.join(fiber)
      const all = yield* Effect.provideContext(events, context)
      assert.deepStrictEqual(all.map(({ annotations }) => said(annotations)), [named({ step: 1 }, "shutdown")])
      assert.strictEqual(all[0]?.level, "Warn")
      assert.strictEqual(opened.count, 0)
    }))
})
