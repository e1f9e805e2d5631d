import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import { writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { Logging, MemorySink, ProcessHooks } from "../../src/index.ts"
import { temporary } from "./files.ts"
import { fixture, start } from "./program.ts"

const messages = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/"message":"([^"]+)"/g), ([, message]) => message!)

describe.concurrent("levels and signals", () => {
  it.live("SIGHUP has them read again, and says a bad value", () =>
    Effect.gen(function*() {
      const path = yield* temporary("LOGGING_LEVEL")
      writeFileSync(path, "Info")
      const program = yield* start(fixture("levels"), [dirname(path)])
      yield* program.until(/"message":"Info"/)
      writeFileSync(path, "Warn,billing=Debug")
      program.send("SIGHUP")
      yield* program.until(/"message":"Warn,billing=Debug"/)
      writeFileSync(path, "Warn,billing=loud")
      program.send("SIGHUP")
      yield* program.until(/LOGGING_LEVEL: expected one of .* for "billing", got "Warn,billing=loud"; the levels stay/)
      writeFileSync(path, "Error")
      writeFileSync(`${path}_CONSOLE`, "Debug")
      program.send("SIGHUP")
      yield* program.until(/"message":"Error"/)
      program.send("SIGTERM")
      const { signal, stderr, stdout } = yield* program.end
      assert.isNull(signal)
      assert.match(stderr, /"balanced":true/)
      assert.deepStrictEqual(messages(stdout), [
        "Info direct Info",
        "Info",
        "Warn,billing=Debug billing Debug",
        "Warn,billing=Debug",
        "Error Debug",
        "Error billing Debug",
        "Error direct Info",
        "Error"
      ])
    }))

  it.live("SIGUSR2 sets Debug for all, and takes it away again", () =>
    Effect.gen(function*() {
      const path = yield* temporary("LOGGING_LEVEL")
      writeFileSync(path, "Warn")
      const program = yield* start(fixture("levels"), [dirname(path)])
      yield* program.until(/"message":"Warn"/)
      program.send("SIGUSR2")
      yield* program.until(/"message":"Debug"/)
      program.send("SIGUSR2")
      yield* program.until(/"message":"Warn"[^]*"message":"Warn"/)
      program.send("SIGTERM")
      const { signal, stdout } = yield* program.end
      assert.isNull(signal)
      assert.deepStrictEqual(messages(stdout), [
        "Warn",
        "Debug Debug",
        "Debug billing Debug",
        "Debug direct Info",
        "Debug",
        "Warn"
      ])
    }))

  it.effect("SIGUSR2 is heard while a runtime asks for it, and not before", () =>
    Effect.gen(function*() {
      const before = process.listenerCount("SIGUSR2")
      const built = (options: ProcessHooks.Options) =>
        Effect.gen(function*() {
          const scope = yield* Scope.make()
          const layer = ProcessHooks.layerWith(options).pipe(
            Layer.provideMerge(Logging.layer({ sinks: [MemorySink.make()], diagnostics: () => {} }))
          )
          yield* Layer.buildWithScope(Layer.fresh(layer), scope)
          return Scope.close(scope, Exit.void)
        })
      const count = () => process.listenerCount("SIGUSR2") - before
      const closeFirst = yield* built({})
      assert.strictEqual(count(), 0)
      const [closeSecond, closeThird] = [yield* built({ toggleDebug: true }), yield* built({ toggleDebug: true })]
      assert.strictEqual(count(), 1)
      yield* closeSecond
      assert.strictEqual(count(), 1)
      yield* closeThird
      assert.strictEqual(count(), 0)
      yield* closeFirst
    }))
})
