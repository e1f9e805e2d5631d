import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Latch, Layer, Logger, Scope } from "effect"
import { TestClock, TestConsole } from "effect/testing"
import { readFileSync } from "node:fs"
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

interface Heard {
  readonly runtime: boolean
  readonly other: boolean
  readonly lines: ReadonlyArray<string>
}

type Compose = (
  runtime: (mergeWithExisting?: boolean) => Layer.Layer<Logging.Logging>,
  other: Layer.Layer<never>
) => Layer.Layer<Logging.Logging>

/** Who hears a program that is given a composition of the runtime and of another layer of loggers, and what is said in the end. */
const heardIn = (
  compose: Compose,
  program: Effect.Effect<unknown, never, Logging.Logging> = Effect.logInfo("hello")
): Effect.Effect<Heard> =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const heard: Array<unknown> = []
    const sink = MemorySink.make()
    const runtime = (mergeWithExisting = false) =>
      Logging.layer({ sinks: [sink], mergeWithExisting, diagnostics: (line) => lines.push(line) })
    const other = Logger.layer([Logger.make(({ message }) => heard.push(message))])
    yield* Effect.provide(program, compose(runtime, other), { local: true })
    return { runtime: sink.records.length > 0, other: heard.length > 0, lines }
  })

const replaced =
  "[spillway] not one record was offered to the runtime, because a layer that is built beside it or on it " +
  "puts other loggers in its place: leave that layer out, or build it first and set mergeWithExisting\n"
const missed = "[spillway] not one record was offered to the runtime, but the program has logged with Effect's own " +
  "loggers: Layer.merge gives a layer nothing of the other; provide the runtime to it with Layer.provide\n"

/** The table of docs/programs.md. */
const compositions: ReadonlyArray<readonly [code: string, compose: Compose, hears: "both" | "other" | "runtime"]> = [
  ["Layer.provideMerge(Spillway, Other)", (runtime, other) => Layer.provideMerge(runtime(), other), "runtime"],
  ["Layer.provideMerge(Merging, Other)", (runtime, other) => Layer.provideMerge(runtime(true), other), "both"],
  ["Layer.provideMerge(Other, Spillway)", (runtime, other) => Layer.provideMerge(other, runtime()), "other"],
  ["Layer.merge(Other, Spillway)", (runtime, other) => Layer.merge(other, runtime()), "runtime"],
  ["Layer.merge(Spillway, Other)", (runtime, other) => Layer.merge(runtime(), other), "other"],
  ["Layer.merge(Merging, Other)", (runtime, other) => Layer.merge(runtime(true), other), "other"]
]

describe("with other layers of loggers", () => {
  for (const [code, compose, hears] of compositions) {
    it.effect(`${code}: ${hears}`, () =>
      Effect.gen(function*() {
        const { lines, other, runtime } = yield* heardIn(compose)
        assert.deepStrictEqual(
          { runtime, other },
          { runtime: hears !== "other", other: hears !== "runtime" }
        )
        assert.deepStrictEqual(lines, hears === "other" ? [replaced] : [])
        const page = readFileSync("docs/programs.md", "utf8")
        assert.isTrue(page.split("\n").some((line) => line.startsWith(`| \`${code}\``) && line.includes(`| ${hears} `)))
      }))
  }

  it.effect("nothing is said when one record has come", () =>
    Effect.gen(function*() {
      const { lines } = yield* heardIn(
        (runtime, other) => Layer.merge(runtime(), other),
        Effect.flatMap(Logging.Logging, ({ logger }) => Effect.sync(() => logger.info("x")))
      )
      assert.deepStrictEqual(lines, [])
    }))
})

describe("a program that is not inside the runtime", () => {
  for (
    const [when, Application] of [
      ["while it starts", Layer.effectDiscard(Effect.andThen(Effect.yieldNow, Effect.logInfo("up")))],
      ["while it ends", Layer.effectDiscard(Effect.addFinalizer(() => Effect.logInfo("down")))]
    ] as const
  ) {
    it.effect(`is told when it has logged with Effect's own loggers ${when}`, () =>
      Effect.gen(function*() {
        const { lines } = yield* heardIn((runtime) => Layer.merge(runtime(), Application), Effect.void)
        assert.deepStrictEqual(lines, [missed])
      }))
  }

  for (
    const [where, compose] of [
      ["beside it", (runtime) => Layer.merge(Layer.effectDiscard(Effect.logInfo("up")), runtime())],
      ["beside it, in a service", (runtime) => Layer.merge(Application, runtime())]
    ] satisfies ReadonlyArray<readonly [string, Compose]>
  ) {
    it.effect(`is told when a layer ${where} has logged before it was built`, () =>
      Effect.gen(function*() {
        assert.deepStrictEqual((yield* heardIn(compose, Effect.void)).lines, [missed])
      }))
  }

  it.effect("is told nothing of what was logged outside of its layers before it was built", () =>
    Effect.gen(function*() {
      const Quiet = Layer.effectDiscard(Effect.void)
      const { lines } = yield* heardIn((runtime) => {
        const merged = Layer.merge(Quiet, runtime())
        Effect.runSync(Effect.logInfo("outside"))
        return merged
      }, Effect.void)
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("is told nothing when it logs nothing, however its layers are put together", () =>
    Effect.gen(function*() {
      const Quiet = Layer.effectDiscard(Effect.yieldNow)
      for (
        const compose of [
          (runtime) => runtime(),
          (runtime) => Layer.merge(runtime(), Quiet),
          (runtime) => Layer.provideMerge(Quiet, runtime()),
          (runtime, other) => Layer.provideMerge(runtime(), other)
        ] satisfies ReadonlyArray<Compose>
      ) assert.deepStrictEqual((yield* heardIn(compose, Effect.void)).lines, [])
    }))

  it.effect("leaves Effect's own loggers as they were", () =>
    Effect.gen(function*() {
      const loggers = yield* Logger.CurrentLoggers
      const before = [...loggers]
      yield* heardIn((runtime) => Layer.merge(runtime(), Layer.effectDiscard(Effect.yieldNow)), Effect.void)
      assert.deepStrictEqual([...loggers], before)
    }))

  it.effect("leaves nothing of ours with a runtime that keeps Effect's own loggers", () =>
    Effect.gen(function*() {
      const own = new Set([Logger.defaultLogger])
      const withOwn = Effect.provideService(Logger.CurrentLoggers, own)
      const keeping = Logging.make({ sinks: [MemorySink.make()], mergeWithExisting: true })
      yield* withOwn(heardIn(
        (runtime) => Layer.merge(runtime(), Layer.effectDiscard(Effect.void)),
        Effect.gen(function*() {
          assert.strictEqual(own.size, 2)
          const context = yield* withOwn(Effect.scoped(keeping))
          const [first, ...kept] = Context.get(context, Logger.CurrentLoggers)
          assert.isDefined(first)
          assert.lengthOf(kept, 1)
          const before = (yield* TestConsole.logLines).length
          yield* Effect.provideService(Effect.logInfo("kept"), Logger.CurrentLoggers, new Set(kept))
          const lines = (yield* TestConsole.logLines).slice(before)
          assert.deepStrictEqual(lines.filter((text) => text === "kept"), ["kept"])
        })
      ))
      assert.deepStrictEqual([...own], [Logger.defaultLogger])
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
