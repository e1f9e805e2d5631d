import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Redacted, Schema } from "effect"
import { LogEncoder, LogEvent, LogRecord } from "../../src/index.ts"
import { recordsOf } from "../support/capture.ts"

const secret = "hush-a7f3c9"

class CardDeclined extends Schema.TaggedError<CardDeclined>()("CardDeclined", {
  order: Schema.Int,
  at: Schema.Date,
  card: LogEvent.sensitive(Schema.String),
  holder: Schema.Struct({ name: Schema.String, key: Schema.RedactedFromValue(Schema.String) }),
  cause: Schema.Defect()
}) {
  override get message(): string {
    return `card ${this.card} was declined`
  }
}

const Declared = LogEvent.error(CardDeclined, {
  level: "Warn",
  description: "A card was not taken.",
  why: ({ order }) => `the bank refused order ${order}`,
  fix: "ask for another card"
})

class NoStock extends Schema.Error<NoStock>("@shop/NoStock")({ item: Schema.String, message: Schema.String }) {}
const OutOfStock = LogEvent.error(NoStock)

const declined = () =>
  new CardDeclined({
    order: 1042,
    at: new Date(0),
    card: secret,
    holder: { name: "Ada", key: Redacted.make(secret) },
    cause: new Error("timeout")
  })

const lineOf = (record: LogRecord.LogRecord): string =>
  [LogEncoder.json(), LogEncoder.pretty(), LogEncoder.logfmt()].map((encoder) => encoder.encode(record)).join("\n")

describe("a declared error", () => {
  it.effect("is an event with its type, its fields, why and how to mend it", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(Declared.log(declined()))
      assert.isDefined(record)
      const { annotations, level, message } = LogRecord.ordinary(record)
      const { cause: _, ...said } = annotations
      assert.deepStrictEqual({ level, message, said }, {
        level: "Warn",
        message: "card_declined",
        said: {
          "event.name": "card_declined",
          "error.type": "CardDeclined",
          order: 1042,
          at: "1970-01-01T00:00:00.000Z",
          card: "<redacted>",
          holder: { name: "Ada", key: "<redacted>" },
          "error.why": "the bank refused order 1042",
          "error.fix": "ask for another card"
        }
      })
      assert.notInclude(lineOf(record), secret)
    }))

  it.effect("is at Error and named after its class where nothing else is said", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(OutOfStock.log(new NoStock({ item: "book", message: "none left" })))
      assert.strictEqual(record?.level, "Error")
      assert.deepStrictEqual({ ...record?.annotations }, {
        "event.name": "no_stock",
        "error.type": "@shop/NoStock",
        item: "book",
        message: "none left"
      })
    }))

  it.effect("has its declared form in a cause, and in a message, whatever logs it", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(Effect.gen(function*() {
        yield* Effect.logError("failed", Cause.fail(declined()))
        yield* Effect.logError(declined())
        yield* Effect.logError("died", Cause.die(new Error("outer", { cause: declined() })))
      }))
      assert.strictEqual(records.length, 3)
      for (const record of records) {
        const line = lineOf(record)
        assert.notInclude(line, secret)
        for (
          const said of [
            "[withheld: a sensitive field is in it]",
            "1042",
            "the bank refused order 1042",
            "ask for another"
          ]
        ) {
          assert.include(line, said)
        }
      }
      const [first] = records
      const line = LogEncoder.json().encode(first!)
      assert.include(line, String.raw`holder: {\"name\":\"Ada\",\"key\":\"<redacted>\"}`)
      assert.include(line, "CardDeclined: [withheld")
    }))

  it.effect("keeps its message where no sensitive field is in it", () =>
    Effect.gen(function*() {
      const error = new NoStock({ item: "book", message: "none left" })
      const [record] = yield* recordsOf(Effect.logError("failed", Cause.fail(error)))
      assert.include(lineOf(record!), "none left")
    }))

  it.effect("hides what its functions say of a sensitive field, and what throws", () =>
    Effect.gen(function*() {
      class Leak extends Schema.TaggedError<Leak>()("Leak", { token: Schema.Redacted(Schema.String) }) {}
      const Leaked = LogEvent.error(Leak, {
        name: "token.leaked",
        why: ({ token }) => `the token ${Redacted.value(token)} is on a page`,
        fix: () => {
          throw new Error("no")
        }
      })
      const [record] = yield* recordsOf(Leaked.log(new Leak({ token: Redacted.make(secret) })))
      assert.deepStrictEqual({ ...record?.annotations }, {
        "event.name": "token.leaked",
        "error.type": "Leak",
        token: "<redacted>",
        "error.why": "[withheld: a sensitive field is in it]",
        "error.fix": "[threw]"
      })
    }))

  it("is in the catalogue, with all that its records have", () => {
    const { events } = LogEvent.catalogue([Declared])
    assert.deepInclude(events[0], { name: "card_declined", level: "Warn", description: "A card was not taken." })
    assert.deepStrictEqual(Object.keys(Object(events[0]?.schema["properties"])), [
      "event.name",
      "error.type",
      "order",
      "at",
      "card",
      "holder",
      "cause",
      "error.why",
      "error.fix"
    ])
  })

  it("is refused where it is no class of Schema, or has no name for an event", () => {
    assert.throws(
      // @ts-expect-error -- no class of Schema
      () => LogEvent.error(Error),
      RangeError,
      "LogEvent.error: errorClass must be a class that Schema.Error or Schema.TaggedError has made, got a function"
    )
    class Odd extends Schema.Error<Odd>("404")({ item: Schema.String }) {}
    assert.throws(() => LogEvent.error(Odd), RangeError, `got "404"`)
    assert.throws(() => LogEvent.error(NoStock, { why: "" }), RangeError, "LogEvent.error: why must be ")
  })
})
