import { NodeRuntime } from "@effect/platform-node"
import { Effect, Schema } from "effect"
import { ConsoleSink, LogEvent, Logging } from "../../src/index.ts"

const OrderPaid = LogEvent.make("order.paid", {
  message: "an order was paid",
  description: "The money has arrived.",
  fields: {
    order: Schema.Int,
    method: Schema.Literals(["card", "invoice"]),
    paidAt: Schema.Date,
    note: Schema.optionalKey(Schema.String),
    iban: Schema.RedactedFromValue(Schema.String),
    payer: Schema.Struct({ name: Schema.String, email: LogEvent.sensitive(Schema.String) })
  }
})

const decoded = Schema.decodeUnknownSync(Schema.RedactedFromValue(Schema.String))

const program = OrderPaid.log({
  order: 1042,
  method: "card",
  paidAt: new Date(0),
  iban: decoded("GB33BUKB2020"),
  payer: { name: "Ada", email: "ada@example.org" }
}).pipe(Effect.annotateLogs({ tenant: "acme" }))

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })

program.pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
