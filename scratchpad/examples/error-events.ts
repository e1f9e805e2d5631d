import { NodeRuntime } from "@effect/platform-node"
import { Effect, Schema } from "effect"
import { ConsoleSink, LogEvent, Logging } from "../../src/index.ts"

class CardDeclined extends Schema.TaggedError<CardDeclined>()("CardDeclined", {
  order: Schema.Int,
  card: LogEvent.sensitive(Schema.String)
}) {}

const Declined = LogEvent.error(CardDeclined, {
  level: "Warn",
  why: ({ order }) => `the bank refused order ${order}`,
  fix: "ask for another card"
})

const pay = Effect.fail(new CardDeclined({ order: 1042, card: "4111111111111111" }))

const program = pay.pipe(Effect.catch((error) => Declined.log(error)))

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
