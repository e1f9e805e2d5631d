import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Latch, Layer, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Logging, MemorySink, ScriptedSink } from "../../src/index.ts"

const Application = Layer.effectDiscard(Effect.gen(function*() {
  yield* Effect.logInfo("up")
  yield* Effect.addFinalizer(() => Effect.logInfo("down"))
}))

const logged = (sink: MemorySink.MemorySink): ReadonlyArray<unknown> => sink.records.map((record) => record.message)

/** What docs/programs.md says about composing the layer, and docs/shutdown.md about the time it takes. */
describe("composition", () => {
  it.effect("Layer.provide: the application logs to the runtime until its last finalizer", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      yield* Effect.scoped(Layer.build(Application.pipe(Layer.provide(Logging.layer({ sinks: [sink] })))))
      assert.deepStrictEqual(logged(sink), ["up", "down"])
    }))

  it.effect("Effect.provide on the whole program: the same", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const program = Effect.scoped(Layer.build(Application))
      yield* Effect.provide(program, Logging.layer({ sinks: [sink] }))
      assert.deepStrictEqual(logged(sink), ["up", "down"])
    }))

  it.effect("Layer.merge: the application does not log to the runtime", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      yield* Effect.scoped(Layer.build(Layer.merge(Application, Logging.layer({ sinks: [sink] }))))
      assert.deepStrictEqual(logged(sink), [])
    }))

  it.effect("one layer value provided twice is one runtime", () =>
    Effect.gen(function*() {
      let builds = 0
      const live = Logging.layer({
        sinks: [Effect.sync(() => {
          builds++
          return MemorySink.make()
        })]
      })
      const both = Layer.merge(Application.pipe(Layer.provide(live)), Application.pipe(Layer.provide(live)))
      yield* Effect.scoped(Layer.build(both))
      assert.strictEqual(builds, 1)
    }))

  it.effect("logs made after shutdown are counted, not written", () =>
    Effect.gen(function*() {
      const sink = MemorySink.make()
      const scope = yield* Scope.make()
      const context = yield* Scope.provide(Logging.make({ sinks: [sink], diagnostics: () => {} }), scope)
      const { shutdown, stats } = yield* Effect.provide(Logging.Logging, context)
      yield* shutdown
      yield* Effect.provide(Effect.logInfo("late"), context)
      assert.strictEqual((yield* stats).capture.rejected.closed, 1)
      assert.deepStrictEqual(logged(sink), [])
      yield* Scope.close(scope, Exit.void)
    }))
})

describe("the deadline of shutdown", () => {
  it.effect("lanes have nine tenths of it; what a hanging sink holds is counted", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({ script: [ScriptedSink.hangUninterruptibly], maxBatchSize: 1 })
      const context = yield* Logging.make({ sinks: [sink], shutdownTimeout: "5 seconds", diagnostics: () => {} })
      yield* Effect.provide(Effect.andThen(Effect.logInfo("one"), Effect.logInfo("two")), context)
      yield* sink.started(1)
      const { shutdown } = yield* Effect.provide(Logging.Logging, context)
      const fiber = yield* Effect.forkChild(shutdown, { startImmediately: true })
      yield* TestClock.adjust("4499 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      const report = yield* Fiber.join(fiber)
      assert.strictEqual(report.lanes["scripted"]?.dropped.unconfirmed, 1)
      assert.strictEqual(report.lanes["scripted"]?.dropped.shutdown_deadline, 1)
      assert.isTrue(report.balanced)
    }))

  it.effect("onShutdown is given the rest of it", () =>
    Effect.gen(function*() {
      const never = Latch.makeUnsafe(false)
      const context = yield* Logging.make({
        sinks: [MemorySink.make()],
        shutdownTimeout: "5 seconds",
        onShutdown: () => never.await,
        diagnostics: () => {}
      })
      const { shutdown } = yield* Effect.provide(Logging.Logging, context)
      const fiber = yield* Effect.forkChild(shutdown, { startImmediately: true })
      yield* TestClock.adjust("4999 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.isDefined(fiber.pollUnsafe())
    }))

  it.effect("a grace period without a second to spare is announced at the start", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const options = { sinks: [MemorySink.make()], shutdownTimeout: "5 seconds" } as const
      yield* Logging.make({ ...options, gracePeriod: "6 seconds", diagnostics: (line) => lines.push(line) })
      assert.deepStrictEqual(lines, [])
      yield* Logging.make({ ...options, gracePeriod: "5 seconds", diagnostics: (line) => lines.push(line) })
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "grace period of 5000 ms is shorter")
    }))
})
