import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Fiber, Logger, Redacted, Schema, SchemaGetter, Stream } from "effect"
import { inspect } from "node:util"
import { LogEncoder, LogEvent, Logging, type LogRecord } from "../../src/index.ts"
import { JsonLogs } from "../../src/sinks/otlp/JsonLogs.ts"
import { ProtobufLogs } from "../../src/sinks/otlp/ProtobufLogs.ts"
import { recordsOf } from "../support/capture.ts"
import { samplesOf, secretNumber, secretText } from "./randomSchemas.ts"

const rules = { flatten: true, uid: true, mostAttributes: 128, mostText: Infinity }
const emitter = { resource: [["service.name", "test"]], scope: { name: "test", version: "1" } } as const

/** All that a record becomes anywhere. */
const textsOf = (record: LogRecord.LogRecord): ReadonlyArray<string> => [
  ...[LogEncoder.json(), LogEncoder.logfmt(), LogEncoder.pretty()].map((encoder) => encoder.encode(record)),
  Buffer.from(new ProtobufLogs(emitter, rules).encode([record])).toString("latin1"),
  Buffer.from(new JsonLogs(emitter, rules).encode([record])).toString("utf8"),
  JSON.stringify(record),
  inspect(record, { depth: Infinity, showHidden: true })
]

const assertSilent = (texts: ReadonlyArray<string>): void => {
  for (const text of texts) {
    assert.notInclude(text, secretText)
    assert.notInclude(text, String(secretNumber))
    // A part of it would say something too: what is cut or quoted.
    assert.notInclude(text, "a7f3c9")
  }
}

const perEvent = 8

describe("a secret in a field of an event", () => {
  for (let seed = 0; seed < 40; seed++) {
    it.effect(`is in nothing that leaves the program: schemas of seed ${seed}`, () =>
      Effect.gen(function*() {
        const samples = samplesOf(seed, perEvent, true)
        const fields = Object.fromEntries(samples.map(({ schema }, i) => [`f${i}`, schema]))
        const given = Object.fromEntries(samples.map(({ value }, i) => [`f${i}`, value]))
        const Event = LogEvent.make("some.secret", { fields })
        const shown: Array<string> = []
        const other = Logger.make(({ message }) => {
          shown.push(inspect(message, { depth: Infinity }), JSON.stringify(message), String(message))
        })
        const records = yield* recordsOf(
          Effect.gen(function*() {
            const { logger, records: live } = yield* Logging.Logging
            const watching = yield* Effect.forkChild(
              Stream.runCollect(Stream.take(live(), 2)),
              { startImmediately: true }
            )
            yield* Event.log(given)
            Event.write(logger, given)
            for (const element of yield* Fiber.join(watching)) {
              if (element._tag === "Record") assertSilent(textsOf(element.record))
            }
            yield* Event.log(given).pipe(Effect.provide(Logger.layer([other, Logger.consolePretty()])))
          }),
          { limits: { recordBytes: 256 * 1024 } }
        )
        assert.strictEqual(records.length, 2)
        for (const record of records) {
          assertSilent(textsOf(record))
          assert.strictEqual(Object.keys(record.annotations).length, perEvent + 1)
        }
        assertSilent(shown)
        assert.strictEqual(shown.length, 3)
      }))
  }

  it.effect("is hidden whatever it is, at any depth, and all else is shown", () =>
    Effect.gen(function*() {
      const User = Schema.Struct({ name: Schema.String, token: LogEvent.sensitive(Schema.String) })
      const Event = LogEvent.make("user.seen", {
        fields: {
          users: Schema.Array(User),
          phrase: Schema.RedactedFromValue(Schema.String),
          // What it is made of is sensitive, and is itself made of a text that is not.
          pin: Schema.StringFromBase64.pipe(
            Schema.decodeTo(
              LogEvent.sensitive(Schema.String).pipe(
                Schema.decodeTo(Schema.Finite, { decode: SchemaGetter.Number(), encode: SchemaGetter.String() })
              )
            )
          ),
          none: Schema.optionalKey(LogEvent.sensitive(Schema.String)),
          nothing: Schema.NullOr(LogEvent.sensitive(Schema.String))
        }
      })
      const [record] = yield* recordsOf(
        Event.log({ users: [{ name: "ada", token: "t" }], phrase: Redacted.make("p"), pin: 4711, nothing: null })
      )
      assert.deepStrictEqual(JSON.parse(JSON.stringify(record?.annotations)), {
        "event.name": "user.seen",
        users: [{ name: "ada", token: "<redacted>" }],
        phrase: "<redacted>",
        pin: "<redacted>",
        nothing: "<redacted>"
      })
    }))

  it.effect("of a struct that is sensitive as a whole is each of its fields", () =>
    Effect.gen(function*() {
      const Event = LogEvent.make("user.whole", {
        fields: LogEvent.sensitive(Schema.Struct({ name: Schema.String, age: Schema.Number }))
      })
      const [record] = yield* recordsOf(Event.log({ name: "ada", age: 36 }))
      assert.deepStrictEqual({ ...record?.annotations }, {
        "event.name": "user.whole",
        name: "<redacted>",
        age: "<redacted>"
      })
    }))

  it.effect("is also hidden in what a class says of its form in JSON", () =>
    Effect.gen(function*() {
      class Card {
        readonly number: string
        constructor(number: string) {
          this.number = number
        }
      }
      const CardSchema = Schema.instanceOf(Card, {
        toCodecJson: () =>
          Schema.link<Card>()(Schema.Struct({ number: LogEvent.sensitive(Schema.String) }), {
            decode: SchemaGetter.transform(({ number }) => new Card(number)),
            encode: SchemaGetter.transform(({ number }) => ({ number }))
          })
      })
      const Event = LogEvent.make("card.seen", { fields: { card: CardSchema } })
      const [record] = yield* recordsOf(Event.log({ card: new Card(secretText) }))
      assertSilent(record === undefined ? [] : textsOf(record))
      assert.isDefined(record)
    }))

  it.effect("is not in a cause that is logged with it, as far as the cause has it redacted", () =>
    Effect.gen(function*() {
      const Event = LogEvent.make("user.failed", { fields: { token: LogEvent.sensitive(Schema.String) } })
      const [record] = yield* recordsOf(
        Event.log({ token: secretText }, Cause.fail({ token: Redacted.make(secretText) }))
      )
      assert.isDefined(record)
      assertSilent(textsOf(record))
      assert.strictEqual(record.cause?.length, 1)
    }))
})

describe("a sensitive Schema", () => {
  it("is the same Schema else: it decodes and encodes as before", () => {
    const Secret = LogEvent.sensitive(Schema.NumberFromString)
    assert.strictEqual(Schema.decodeSync(Secret)("12"), 12)
    assert.strictEqual(Schema.encodeSync(Secret)(12), "12")
  })
})
