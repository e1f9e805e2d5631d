import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { DeadLetters, Logging, LogSink } from "../../src/index.ts"

let strict = true

const archive = (letters: DeadLetters.DeadLetters): LogSink.LogSink =>
  LogSink.make({
    name: "archive",
    deadLetter: DeadLetters.into(letters),
    write: (batch) =>
      strict
        ? Effect.fail(LogSink.rejected("answered 400"))
        : Effect.forEach(batch, ({ message }) => Console.log("archived", message), { discard: true })
  })

const program = Effect.gen(function*() {
  const letters = yield* DeadLetters.open({ directory: "logs/spool", lane: "archive" })
  yield* Effect.gen(function*() {
    const { flush, replay } = yield* Logging.Logging
    yield* Effect.logInfo("invoice sent")
    yield* flush
    yield* Console.log(`${letters.records} refused`)

    strict = false
    const { lost, replayed } = yield* replay(letters)
    yield* Console.log(`${replayed} replayed, ${lost} lost, ${letters.records} left`)
  }).pipe(Effect.provide(Logging.layer({ sinks: [archive(letters)] })))
})

program.pipe(Effect.scoped, NodeRuntime.runMain)
