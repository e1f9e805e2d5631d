import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, Exit, Fiber, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { opened } from "../../src/events/opened.ts"
import { RuntimeEvents } from "../../src/events/OpenEvents.ts"
import { Ledger, Logging, type LogSink, MemorySink, WideEvent } from "../../src/index.ts"
import { RuntimeControl } from "../../src/runtime/RuntimeControl.ts"
import { recorded, said } from "../support/events.ts"

const named = (outcome: string, more: object = {}) => ({ "event.name": "work", "event.outcome": outcome, ...more })

/** A runtime with a memory, in a scope that the test closes. */
const makeRuntime = (options: Partial<Logging.Options<ReadonlyArray<LogSink.LogSink>>> = {}) =>
  Effect.gen(function*() {
    const memory = MemorySink.make()
    const lines: Array<string> = []
    const reports: Array<Logging.ShutdownReport> = []
    const scope = yield* Scope.make()
    const context = yield* Layer.buildWithScope(
      Logging.layer({
        sinks: [memory],
        diagnostics: (line) => lines.push(line),
        onShutdown: (report) => Effect.sync(() => reports.push(report)),
        ...options
      }),
      scope
    )
    const events = () => memory.records.map(({ annotations }) => said(annotations))
    return { context, events, lines, memory, reports, close: Scope.close(scope, Exit.void) }
  })

const waiting = (go: Deferred.Deferred<void>, started: Deferred.Deferred<void>) =>
  WideEvent.add({ step: 1 }).pipe(
    Effect.andThen(Deferred.succeed(started, undefined)),
    Effect.andThen(Deferred.await(go)),
    Effect.andThen(WideEvent.add({ step: 2 })),
    WideEvent.record("work")
  )

describe("an event that is open when its runtime ends", () => {
  it.effect("is one record then, before the lanes end, and no other later", () =>
    Effect.gen(function*() {
      const before = opened.count
      const { close, context, events, memory, reports } = yield* makeRuntime()
      const go = yield* Deferred.make<void>()
      const fibers = yield* Effect.forEach([1, 2, 3], () =>
        Effect.gen(function*() {
          const started = yield* Deferred.make<void>()
          const fiber = yield* Effect.forkDetach(Effect.provideContext(waiting(go, started), context))
          yield* Deferred.await(started)
          return fiber
        }))
      assert.strictEqual(opened.count, before + 3)
      assert.strictEqual(Context.get(context, RuntimeEvents)?.all.length, 3)
      yield* close
      assert.strictEqual(opened.count, before)
      yield* Deferred.succeed(go, undefined)
      yield* Effect.forEach(fibers, (fiber) => Fiber.join(fiber))
      const cut = named("shutdown", { step: 1 })
      assert.deepStrictEqual(events(), [cut, cut, cut])
      assert.deepStrictEqual(memory.records.map(({ level }) => level), ["Warn", "Warn", "Warn"])
      assert.deepStrictEqual(new Set(memory.records.map(({ fiberId }) => fiberId)), new Set(fibers.map(({ id }) => id)))
      assert.deepInclude(reports[0]?.capture, { offered: 3, accepted: 3 })
    }))

  it.effect("has the annotations and the span of where it was opened", () =>
    Effect.gen(function*() {
      const { close, context, memory } = yield* makeRuntime()
      const [go, started] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const span = yield* Effect.currentSpan
      const inside = Effect.annotateLogs(Effect.withSpan(waiting(go, started), "deeper"), { at: "inside" })
      const outside = WideEvent.record("around")(inside).pipe(Effect.annotateLogs({ at: "outside" }))
      yield* Effect.forkDetach(Effect.provideContext(outside, Context.merge(yield* Effect.context(), context)))
      yield* Deferred.await(started)
      yield* close
      const around = memory.records.find(({ message }) => message === "around")
      assert.isDefined(around)
      assert.strictEqual(around.annotations["at"], "outside")
      assert.strictEqual(around.spanId, span.spanId)
      const work = memory.records.find(({ message }) => message === "work")
      assert.isDefined(work)
      assert.strictEqual(work.annotations["at"], "inside")
      assert.notStrictEqual(work.spanId, span.spanId)
    }).pipe(Effect.withSpan("outside")))

  it.effect("is written at the end of the process, in which no Effect runs", () =>
    Effect.gen(function*() {
      const { close, context, events } = yield* makeRuntime()
      const event = WideEvent.openUnsafe(context, "work")
      event.add({ step: 1 })
      const last: Array<unknown> = []
      Context.get(context, RuntimeControl)?.rescue((records) => last.push(...records))
      assert.isFalse(event.add({ step: 2 }))
      assert.deepStrictEqual([...last.map(() => "left"), ...events()], [named("shutdown", { step: 1 })])
      yield* close
    }))

  it.effect("that is opened later is counted as too late, like any log call", () =>
    Effect.gen(function*() {
      const { close, context, events, reports } = yield* makeRuntime()
      yield* close
      yield* Effect.provideContext(WideEvent.record("work")(Effect.void), context)
      assert.deepStrictEqual(events(), [])
      const logging = Context.get(context, Logging.Logging)
      assert.strictEqual((yield* logging.stats).capture.rejected.closed, 1)
      assert.strictEqual(reports.length, 1)
    }))
})

describe("what is added too late", () => {
  it.effect("is in no record, and is said once for each name", () =>
    Effect.gen(function*() {
      const { close, context, events, lines } = yield* makeRuntime()
      const daemon = yield* Effect.gen(function*() {
        const go = yield* Deferred.make<void>()
        const fiber = yield* Effect.forkDetach(
          Effect.andThen(Deferred.await(go), Effect.all([WideEvent.add({ late: 1 }), WideEvent.count("late")]))
        )
        return { fiber, go }
      }).pipe(WideEvent.record("work"), Effect.repeat({ times: 0 }), Effect.provideContext(context))
      yield* Deferred.succeed(daemon.go, undefined)
      yield* Fiber.join(daemon.fiber)
      for (const name of ["work", "other"]) {
        const event = WideEvent.openUnsafe(context, name)
        assert.isTrue(event.endAs("success"))
        assert.isFalse(event.endAs("failure"))
        assert.isFalse(event.add({ late: 2 }))
        assert.isFalse(event.count("late"))
        assert.isFalse(event.time("late", 1))
      }
      yield* close
      assert.deepStrictEqual(events(), [
        named("success"),
        named("success"),
        { "event.name": "other", "event.outcome": "success" }
      ])
      assert.deepStrictEqual(lines.map((line) => /event "(\w+)" after its end/.exec(line)?.[1]), ["work", "other"])
    }))

  it.effect("is nothing where no event is open, and nothing is said", () =>
    Effect.gen(function*() {
      const all = yield* recorded(Effect.all([
        WideEvent.add({ a: 1 }),
        WideEvent.count("a"),
        WideEvent.time("a")(Effect.void),
        Effect.map(WideEvent.current, (event) => assert.isUndefined(event))
      ]))
      assert.deepStrictEqual(all, [])
    }))
})

describe("whether an event becomes a record, and of which level", () => {
  it.effect("is asked at its end; what is not wanted is filtered", () =>
    Effect.gen(function*() {
      const { close, context, events, reports } = yield* makeRuntime()
      const summaries: Array<WideEvent.Summary> = []
      const work = (millis: number) =>
        Effect.sleep(millis).pipe(
          Effect.andThen(WideEvent.add({ millis })),
          Effect.tap(Effect.logInfo("line")),
          WideEvent.record("work", {
            when: (summary) => {
              summaries.push(summary)
              return summary.outcome !== "success" || summary.durationMillis > 100
            }
          })
        )
      const fiber = yield* Effect.all([work(10), work(500), Effect.exit(Effect.andThen(work(20), work(-1)))]).pipe(
        Effect.provideContext(context),
        Effect.forkChild({ startImmediately: true })
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      yield* close
      assert.deepStrictEqual(
        events().filter((event) => JSON.stringify(event).includes("event.name")),
        [named("success", { "event.lines.info": 1, millis: 500 })]
      )
      assert.deepStrictEqual(
        summaries.map((
          { durationMillis, fields, lines, name, outcome }
        ) => [durationMillis, fields["millis"], lines, name, outcome]),
        [10, 500, 20, -1].map((millis) => [Math.max(0, millis), millis, { Info: 1 }, "work", "success"])
      )
      const [report] = reports
      assert.deepInclude(report?.capture, { offered: 8, accepted: 5, filtered: 3 })
      assert.isTrue(report?.balanced, report && Ledger.format(report))
    }))

  it.effect("is by a level for all, or by a function of how it ended", () =>
    Effect.gen(function*() {
      const { close, context, memory } = yield* makeRuntime()
      const run = (options: WideEvent.Options) =>
        Effect.exit(WideEvent.record("work", options)(Effect.fail("no"))).pipe(Effect.provideContext(context))
      yield* run({ level: "warning" })
      yield* run({ level: ({ exit }) => exit !== undefined && Exit.isFailure(exit) ? "fatal" : "Info" })
      yield* run({ level: ({ fields }) => fields["status"] === 500 ? "Error" : "Debug" })
      yield* close
      assert.deepStrictEqual(memory.records.map(({ level }) => level), ["Warn", "Fatal"])
    }))

  it.effect("is as without the functions where they fail, which is said", () =>
    Effect.gen(function*() {
      const { close, context, events, lines, memory } = yield* makeRuntime()
      const fail = (): never => {
        throw new Error("no")
      }
      const loud: WideEvent.Options["level"] = () => JSON.parse(`"loud"`)
      for (const options of [{ when: fail }, { level: fail }, { level: loud }, { when: fail }]) {
        yield* Effect.provideContext(WideEvent.record("work", options)(Effect.void), context)
      }
      yield* close
      assert.deepStrictEqual(events(), Array.from({ length: 4 }, () => named("success")))
      assert.deepStrictEqual(new Set(memory.records.map(({ level }) => level)), new Set(["Info"]))
      assert.deepStrictEqual(lines.map((line) => /"(\w+)" of the event "work" failed/.exec(line)?.[1]), [
        "when",
        "level"
      ])
    }))
})

describe("an event that is opened by hand", () => {
  it.effect("has effects inside, events inside, a time and a cause", () =>
    Effect.gen(function*() {
      const { close, context, events, memory } = yield* makeRuntime()
      const event = WideEvent.openUnsafe(Context.merge(yield* Effect.context(), context), "work")
      yield* Effect.provideContext(
        Effect.all([WideEvent.add({ a: 1 }), WideEvent.record("inside")(WideEvent.add({ b: 1 }))]),
        event.context
      )
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(event.millis, 2000)
      assert.isTrue(WideEvent.openUnsafe(event.context, "inside").end(Exit.void))
      event.time("db", 1.5)
      event.time("db", 2)
      assert.isTrue(event.endAs("failure", Cause.fail(new RangeError("no"))))
      yield* close
      assert.deepStrictEqual(
        events().at(-1),
        named("failure", {
          "error.type": "RangeError",
          "event.inner": 2,
          a: 1,
          "db.count": 2,
          "db.duration_ms": 3.5
        })
      )
      assert.deepStrictEqual(memory.records.at(-1)?.cause?.map(({ kind }) => kind), ["Fail"])
    }))
})
