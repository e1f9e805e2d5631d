import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Fiber, Stream } from "effect"
import { Logging, MemorySink } from "../../src/index.ts"

const watching = Effect.gen(function*() {
  const { records } = yield* Logging.Logging
  yield* Stream.runForEach(records({ scope: "billing", capacity: 2 }), (element) =>
    element._tag === "Record"
      ? Console.log(element.record.level, JSON.stringify(element.record.message))
      : Console.log(`... ${element.count} more`))
})

const billing = Effect.gen(function*() {
  yield* Effect.logInfo("invoice sent", { password: "hunter2" })
  yield* Effect.forEach([2, 3, 4, 5], (invoice) => Effect.logInfo(`invoice ${invoice} sent`), { discard: true })
}).pipe(Effect.annotateLogs({ scope: "billing" }))

const program = Effect.gen(function*() {
  const watcher = yield* Effect.forkChild(watching, { startImmediately: true })
  yield* Effect.logInfo("not watched")
  yield* billing
  const { shutdown } = yield* Logging.Logging
  yield* shutdown
  yield* Fiber.join(watcher)
})

program.pipe(Effect.provide(Logging.layer({ sinks: [MemorySink.make()] })), NodeRuntime.runMain)
