import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Context, Deferred, Effect, Fiber, Layer, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { Logging, LogLevels, MemorySink } from "../../src/index.ts"
import { RuntimeControl } from "../../src/runtime/RuntimeControl.ts"

type Answer = Effect.Effect<string, ConfigProvider.SourceError>

/** A runtime whose LOGGING_LEVEL is Info at the start, and then what is answered, time after time; and what it says. */
const started = (...answers: ReadonlyArray<Answer>) =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const left = [...answers]
    let answer = (): Answer => Effect.succeed("Info")
    const provider = ConfigProvider.make((path) =>
      path.join("_") === "LOGGING_LEVEL"
        ? Effect.map(answer(), (text) => ConfigProvider.makeValue(text))
        : Effect.undefined
    )
    const context = yield* Layer.build(
      Logging.layerFromConfig({ sinks: [MemorySink.make()], diagnostics: (line) => lines.push(line.trimEnd()) })
    ).pipe(Effect.provideService(ConfigProvider.ConfigProvider, provider))
    answer = () => left.shift() ?? Effect.die("asked too often")
    const { level } = Context.get(context, Logging.Logging)
    const { rereadLevels = Effect.die("no control") } = Context.get(context, RuntimeControl) ?? {}
    return { lines, reread: rereadLevels, now: Effect.map(SubscriptionRef.get(level), LogLevels.format) }
  })

describe("levels that are read again", () => {
  it.effect("are those of the reading that began last, whichever ends last", () =>
    Effect.gen(function*() {
      const slow = yield* Deferred.make<string>()
      const { lines, now, reread } = yield* started(Deferred.await(slow), Effect.succeed("Fatal"))
      const first = yield* Effect.forkChild(reread, { startImmediately: true })
      yield* reread
      yield* Deferred.succeed(slow, "Error")
      yield* Fiber.join(first)
      assert.strictEqual(yield* now, "Fatal")
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("stay, which is said, when the reading fails, dies or takes too long", () =>
    Effect.gen(function*() {
      const unreadable = new ConfigProvider.SourceError({ message: "the folder is gone" })
      const { lines, now, reread } = yield* started(
        Effect.fail(unreadable),
        Effect.die(new TypeError("no folder")),
        Effect.suspend((): Answer => {
          throw new RangeError("thrown")
        }),
        Effect.never,
        Effect.succeed("Warn")
      )
      yield* reread
      yield* reread
      yield* reread
      const hanging = yield* Effect.forkChild(reread, { startImmediately: true })
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(hanging)
      assert.deepStrictEqual(
        lines,
        ["the folder is gone", "TypeError: no folder", "RangeError: thrown", "it took longer than 10 seconds"].map(
          (why) => `[spillway] levels: what was read again is not followed: ${why}; the levels stay`
        )
      )
      assert.strictEqual(yield* now, "Info")
      yield* reread
      assert.strictEqual(yield* now, "Warn")
    }))

  it.effect("are not called wrong for a reading that another has overtaken", () =>
    Effect.gen(function*() {
      const slow = yield* Deferred.make<string>()
      const { lines, now, reread } = yield* started(Deferred.await(slow), Effect.succeed("Fatal"))
      const first = yield* Effect.forkChild(reread, { startImmediately: true })
      yield* reread
      yield* Deferred.succeed(slow, "loud")
      yield* Fiber.join(first)
      assert.strictEqual(yield* now, "Fatal")
      assert.deepStrictEqual(lines, [])
    }))
})
