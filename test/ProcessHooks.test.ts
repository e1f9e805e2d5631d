import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer } from "effect"
import { Logging, MemorySink, ProcessHooks } from "../src/index.ts"

const events = ["SIGINT", "SIGTERM", "SIGHUP", "uncaughtExceptionMonitor", "exit"] as const
const listeners = (): ReadonlyArray<number> => events.map((event) => process.listenerCount(event))

/** A service of the program in the place of the runtime's: it does a little more when it is flushed. */
const wrapped = Layer.effect(
  Logging.Logging,
  Effect.map(
    Logging.Logging,
    (service) => Logging.Logging.of({ ...service, flush: Effect.andThen(service.flush, Effect.void) })
  )
)

const runtime = Logging.layer({ sinks: [MemorySink.make()] })

describe("the hooks of a process", () => {
  for (
    const [what, layer] of [
      ["of the runtime", runtime],
      ["that wraps the runtime's, merged with it", wrapped.pipe(Layer.provideMerge(runtime))]
    ] as const
  ) {
    it.effect(`are installed for a service ${what}, until it has ended`, () =>
      Effect.gen(function*() {
        const before = listeners()
        const during = yield* Effect.sync(listeners).pipe(
          Effect.provide(ProcessHooks.layer.pipe(Layer.provideMerge(layer)))
        )
        assert.deepStrictEqual(during, before.map((count) => count + 1))
        assert.deepStrictEqual(listeners(), before)
      }))
  }

  it.effect("are refused, in words, where a service has no runtime beside it", () =>
    Effect.gen(function*() {
      const before = listeners()
      const exit = yield* Effect.exit(Effect.void.pipe(
        Effect.provide(ProcessHooks.layer.pipe(Layer.provideMerge(wrapped.pipe(Layer.provide(runtime)))))
      ))
      assert.deepStrictEqual(exit, Exit.fail(new ProcessHooks.ProcessHooksError()))
      assert.match(new ProcessHooks.ProcessHooksError().message, /^no process hooks were installed: .*provideMerge/)
      assert.deepStrictEqual(listeners(), before)
    }))
})
