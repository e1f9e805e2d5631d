import { NodeRuntime } from "@effect/platform-node"
import { Effect, Redacted } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

const program = Effect.gen(function*() {
  const cart = { items: ["book"], customer: { email: "a@example.org", password: "hunter2" } }
  yield* Effect.logInfo("checkout", cart)
  cart.items.push("lamp")

  yield* Effect.logInfo("connect").pipe(Effect.annotateLogs({ key: Redacted.make("s3cr3t"), iban: "GB33BUKB2020" }))
  yield* Effect.logInfo("upload", { body: "x".repeat(100) })
})

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "json" })],
  redact: { keys: ["iban"] },
  limits: { fieldBytes: 32 }
})

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
