import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, FileSystem, Layer, ManagedRuntime, Scheduler, Scope } from "effect"
import { ConsoleSink, FileSink, Logging, LogSink, MemorySink } from "../../src/index.ts"

const messages = (content: string): ReadonlyArray<unknown> =>
  content.split("\n").slice(0, -1).map((line) => JSON.parse(line).message)

describe("Effect.runSync", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("builds a runtime of console and file, which is used and closed like any other", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        const path = `${folder}/logs/app.ndjson`
        const runtime = ManagedRuntime.make(Logging.layer({
          sinks: [ConsoleSink.make({ minimumLevel: "Fatal" }), FileSink.make({ path, required: true })]
        }))
        runtime.runSync(Effect.logInfo("in runSync"))
        yield* Effect.promise(() => runtime.runPromise(Effect.logInfo("afterwards")))
        yield* runtime.disposeEffect
        assert.deepStrictEqual(messages(yield* fs.readFileString(path)), ["in runSync", "afterwards"])
      }))

    it.effect("says there that a required file cannot be opened", () =>
      Effect.gen(function*() {
        const layer = Logging.layer({ sinks: [FileSink.make({ path: "/", required: true })] })
        const exit = Effect.runSyncExit(Layer.buildWithScope(layer, yield* Effect.scope))
        assert.isTrue(Exit.isFailure(exit))
        if (Exit.isFailure(exit)) assert.instanceOf(Cause.squash(exit.cause), LogSink.RequiredSinkError)
      }))
  })

  it.effect("builds lanes that work in turns of the event loop", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make({ name: "inner" })
      const modes: Array<string> = []
      const sink = LogSink.make({
        name: "watched",
        batchWindow: 0,
        write: (batch) =>
          Effect.flatMap(Scheduler.Scheduler, ({ executionMode }) => {
            modes.push(executionMode)
            return memory.write(batch)
          })
      })
      const scope = yield* Scope.make()
      const source = Effect.succeed(sink)
      const context = Effect.runSync(Layer.buildWithScope(Logging.layer({ sinks: [source, source] }), scope))
      yield* Effect.provideContext(Effect.logInfo("one"), context)
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(memory.records.map(({ message }) => message), ["one", "one"])
      assert.deepStrictEqual(modes, ["async", "async"])
    }))

  it.effect("cannot wait for the code of a spool, and the runtime is there a little later", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make({ spool: { directory: "/dev/null/spool", mode: "overflow" } })
      const runtime = ManagedRuntime.make(Logging.layer({ sinks: [memory], diagnostics: () => {} }))
      const exit = runtime.runSyncExit(Effect.logInfo("one"))
      assert.isTrue(Exit.isFailure(exit))
      if (Exit.isFailure(exit)) assert.instanceOf(Cause.squash(exit.cause), Cause.AsyncFiberError)
      yield* Effect.promise(() => runtime.runPromise(Effect.logInfo("two")))
      yield* runtime.disposeEffect
      assert.include(memory.records.map(({ message }) => message), "two")
    }))
})
