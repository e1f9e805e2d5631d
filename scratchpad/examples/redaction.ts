import { NodeRuntime } from "@effect/platform-node"
import { Effect, Redacted } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "json" })],
  redact: {
    keys: ["iban"],
    allow: ["pageToken"],
    isSensitive: (key) => key.startsWith("private_"),
    marker: "***"
  }
})

const program = Effect.logInfo("paid").pipe(Effect.annotateLogs({
  iban: "GB33BUKB2020",
  pageToken: "p2",
  private_note: "call back",
  DATABASE_URL: "postgres://app:hunter2@db/shop",
  key: Redacted.make("s3cr3t", { label: "KEY" }),
  payer: { name: "Ada", passwordHash: "9f86d0", hasPassword: true }
}))

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
