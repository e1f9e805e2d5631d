import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { LogEvent } from "../../src/index.ts"

class Money extends Schema.Class<Money>("Money")({ amount: Schema.Finite, currency: Schema.String }) {}

const OrderPaid = LogEvent.make("order.paid", {
  level: "Warn",
  message: "an order\nwas paid",
  description: "The money | has arrived.",
  fields: {
    order: Schema.Int.annotate({ description: "Its number" }),
    total: Money,
    how: Schema.Literals(["card", "cash"]),
    iban: LogEvent.sensitive(Schema.String).annotate({ description: "Of the payer" }),
    note: Schema.optionalKey(Schema.NumberFromString).annotateKey({ description: "Of | the payer" })
  }
})
const AppStarted = LogEvent.make("app.started", { fields: {} })
const OrderSent = LogEvent.make("order.sent", { fields: { total: Money } })

const all = [OrderPaid, AppStarted, OrderSent]

describe("LogEvent.catalogue", () => {
  it("is the same, byte for byte, in whatever order events are declared and given", () => {
    const [first, ...others] = [all, all.toReversed(), [OrderSent, OrderPaid, AppStarted, OrderPaid]].map((some) => {
      const catalogue = LogEvent.catalogue(some)
      return [JSON.stringify(LogEvent.toJsonSchema(catalogue)), LogEvent.toMarkdown(catalogue)]
    })
    for (const other of others) assert.deepStrictEqual(other, first)
    assert.deepStrictEqual(LogEvent.catalogue(all).events.map(({ name }) => name), [
      "app.started",
      "order.paid",
      "order.sent"
    ])
  })

  it("has all that were declared in the process, where none are given", () => {
    assert.includeMembers(LogEvent.catalogue().events.map(({ name }) => name), all.map(({ name }) => name))
  })

  it("goes by the last declaration of a name, as a module that is loaded again makes one", () => {
    LogEvent.make("order.returned", { fields: { order: Schema.String } })
    LogEvent.make("order.returned", { fields: { order: Schema.Boolean } })
    const found = LogEvent.catalogue().events.find(({ name }) => name === "order.returned")
    assert.deepInclude(found?.schema["properties"], { order: { type: "boolean" } })
  })

  it("refuses two different events of one name, and takes one that is given twice", () => {
    const again = LogEvent.make("app.started", { fields: {} })
    assert.strictEqual(LogEvent.catalogue([AppStarted, again]).events.length, 1)
    const other = LogEvent.make("app.started", { fields: { port: Schema.Int } })
    assert.throws(
      () => LogEvent.catalogue([AppStarted, other]),
      RangeError,
      `LogEvent.catalogue: two different events are declared with the name "app.started"; give one of them another name`
    )
  })
})

describe("LogEvent.toJsonSchema", () => {
  it("has each event with its fields as a record has them", () => {
    assert.deepStrictEqual(LogEvent.toJsonSchema(LogEvent.catalogue(all)), {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "Events",
      oneOf: [
        {
          title: "app.started",
          "x-level": "Info",
          "x-message": "app.started",
          type: "object",
          properties: { "event.name": { type: "string", enum: ["app.started"] } },
          required: ["event.name"],
          additionalProperties: true
        },
        {
          title: "order.paid",
          description: "The money | has arrived.",
          "x-level": "Warn",
          "x-message": "an order\nwas paid",
          type: "object",
          properties: {
            "event.name": { type: "string", enum: ["order.paid"] },
            order: {
              type: "integer",
              minimum: -9007199254740991,
              maximum: 9007199254740991,
              description: "Its number"
            },
            total: { $ref: "#/$defs/MoneyEncoded" },
            how: { type: "string", enum: ["card", "cash"] },
            iban: { type: "string", enum: ["<redacted>"], "x-sensitive": true, description: "Of the payer" },
            note: { type: "string", description: "Of | the payer" }
          },
          required: ["event.name", "order", "total", "how", "iban"],
          additionalProperties: true
        },
        {
          title: "order.sent",
          "x-level": "Info",
          "x-message": "order.sent",
          type: "object",
          properties: {
            "event.name": { type: "string", enum: ["order.sent"] },
            total: { $ref: "#/$defs/MoneyEncoded" }
          },
          required: ["event.name", "total"],
          additionalProperties: true
        }
      ],
      $defs: {
        MoneyEncoded: {
          type: "object",
          properties: { amount: { type: "number" }, currency: { type: "string" } },
          required: ["amount", "currency"],
          additionalProperties: true
        }
      }
    })
  })

  it("takes nothing where there are no events", () => {
    assert.deepStrictEqual(LogEvent.toJsonSchema(LogEvent.catalogue([])), {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "Events",
      not: {}
    })
  })
})

describe("LogEvent.toMarkdown", () => {
  it("has a table of the fields of each event, and says what is sensitive", () => {
    assert.strictEqual(
      LogEvent.toMarkdown(LogEvent.catalogue([OrderPaid, AppStarted])),
      `# Events

## app.started

Level Info.

No fields.

## order.paid

The money | has arrived.

Level Warn, message “an order was paid”.

| Field | Type | There | About |
| --- | --- | --- | --- |
| \`order\` | integer | always | Its number |
| \`total\` | object with amount, currency | always |  |
| \`how\` | "card" or "cash" | always |  |
| \`iban\` | sensitive | always | Of the payer |
| \`note\` | string | may be missing | Of \\| the payer |
`
    )
  })
})
