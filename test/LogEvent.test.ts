import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Deferred, Effect, References, Schema, SchemaGetter } from "effect"
import { Ledger, LogEvent, Logging, LogRecord, MemorySink } from "../src/index.ts"
import { recordsOf } from "./support/capture.ts"

const UserSignedIn = LogEvent.make("user.signed_in", {
  level: "warn",
  message: "somebody signed in",
  fields: Schema.Struct({ user: Schema.String, tries: Schema.optionalKey(Schema.Int) })
})

/** What the record of an event has of some fields, given as they are. */
const saidOf = (fields: LogEvent.Fields, given: unknown) =>
  Effect.gen(function*() {
    const Event: LogEvent.LogEvent<never> = LogEvent.make("some.event", { fields })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a program gives without types
    const [record] = yield* recordsOf(Event.log(given as never))
    const { "event.name": _, ...said } = LogRecord.ordinary(record!).annotations
    return said
  })

class Money extends Schema.Class<Money>("Money")({ amount: Schema.Number, currency: Schema.String }) {}

interface Comment {
  readonly text: string
  readonly answers: ReadonlyArray<Comment>
}
const Comment: Schema.Codec<Comment> = Schema.Struct({
  text: Schema.String,
  answers: Schema.Array(Schema.suspend((): Schema.Codec<Comment> => Comment))
})

const throwing = {
  get field(): string {
    throw new Error("no")
  }
}
const revoked = Proxy.revocable({}, {})
revoked.revoke()

class Rates extends Context.Service<Rates, { readonly rate: number }>()("test/Rates") {}

describe("a declared event", () => {
  it.effect("is a record with its level, its message, its name and its fields behind the annotations", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(
        UserSignedIn.log({ user: "ada", tries: 2 }, Cause.fail("expired")).pipe(
          Effect.annotateLogs({ tenant: "acme", user: "of the fiber" })
        )
      )
      assert.isDefined(record)
      const { annotations, cause, level, message } = LogRecord.ordinary(record)
      assert.deepStrictEqual({ annotations, level, message }, {
        annotations: { tenant: "acme", user: "ada", "event.name": "user.signed_in", tries: 2 },
        level: "Warn",
        message: "somebody signed in"
      })
      assert.strictEqual(cause?.length, 1)
    }))

  it.effect("is at Info, and its message is its name, where nothing else is said", () =>
    Effect.gen(function*() {
      const Started = LogEvent.make("app.started", { fields: {} })
      const [record] = yield* recordsOf(Started.log({}))
      assert.deepStrictEqual([record?.level, record?.message], ["Info", "app.started"])
      assert.deepStrictEqual({ ...record?.annotations }, { "event.name": "app.started" })
    }))

  it.effect("is written by the direct logger, with its attributes", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(Effect.gen(function*() {
        const { logger } = yield* Logging.Logging
        UserSignedIn.write(logger.with({ part: "auth" }), { user: "ada" }, { request: 7 })
      }))
      assert.strictEqual(record?.level, "Warn")
      assert.deepStrictEqual({ ...record?.annotations }, {
        part: "auth",
        request: 7,
        "event.name": "user.signed_in",
        user: "ada"
      })
    }))

  it.effect("is not encoded where its level is off", () =>
    Effect.gen(function*() {
      let reads = 0
      const Event = LogEvent.make("some.event", { level: "Debug", fields: { field: Schema.String } })
      const given = {
        get field() {
          reads++
          return "x"
        }
      }
      const records = yield* recordsOf(Event.log(given))
      assert.deepStrictEqual([records.length, reads], [0, 0])
      const more = yield* recordsOf(Effect.provideService(Event.log(given), References.MinimumLogLevel, "All"), {
        minimumLevel: "All"
      })
      assert.deepStrictEqual([more.length, reads], [1, 1])
    }))

  it.effect("needs nothing and fails with nothing", () =>
    Effect.gen(function*() {
      const logged: Effect.Effect<void> = UserSignedIn.log({ user: "ada" })
      yield* logged
      // @ts-expect-error -- a field that is not declared
      yield* UserSignedIn.log({ user: "ada", other: 1 })
      // @ts-expect-error -- a field of another type
      yield* UserSignedIn.log({ user: 1 })
      // @ts-expect-error -- a field is missing
      yield* UserSignedIn.log({ tries: 1 })
      const needing = Schema.Number.pipe(Schema.encodeTo(Schema.Number, {
        decode: SchemaGetter.passthrough(),
        encode: SchemaGetter.transformEffect((n: number) => Effect.map(Rates, ({ rate }) => n * rate))
      }))
      // @ts-expect-error -- to encode it takes a service
      const Priced = LogEvent.make("item.priced", { fields: { price: needing } })
      const [record] = yield* recordsOf(Priced.log({ price: 2 }))
      assert.strictEqual(record?.annotations["price"], "[not encoded: expected number]")
    }))
})

describe("the fields of a declared event", () => {
  for (
    const [what, fields, given, expected] of [
      ["a field that is missing", { a: Schema.String, b: Schema.Number }, { a: "x" }, {
        a: "x",
        b: "[missing: expected number]"
      }],
      ["a field that may be missing", { a: Schema.optionalKey(Schema.String) }, {}, {}],
      ["a field that is undefined and may be missing", { a: Schema.optional(Schema.String) }, { a: undefined }, {}],
      ["a field that must be there and may be undefined", { a: Schema.UndefinedOr(Schema.String) }, { a: undefined }, {
        a: null
      }],
      ["fields that are not declared", { a: Schema.String }, { a: "x", b: 1, "event.name": "other" }, { a: "x" }],
      ["a value of another type", { a: Schema.Number }, { a: "12" }, { a: "[not encoded: expected number]" }],
      ["a value that a check refuses", { a: Schema.Int }, { a: 1.5 }, {
        a: "[not encoded: expected number, an integer]"
      }],
      ["a union", { a: Schema.Union([Schema.Number, Schema.Literal("none")]) }, { a: "none" }, { a: "none" }],
      ["none of a union", { a: Schema.Literals(["x", "y"]) }, { a: "z" }, { a: `[not encoded: expected "x" | "y"]` }],
      ["a struct in a struct", { a: Schema.Struct({ b: Schema.Struct({ c: Schema.Number }) }) }, {
        a: { b: { c: 1, d: 2 } }
      }, { a: { b: { c: 1 } } }],
      ["something wrong far within", { a: Schema.Struct({ b: Schema.Array(Schema.String) }) }, { a: { b: ["x", 1] } }, {
        a: "[not encoded: expected { b: array of string }]"
      }],
      ["a date", { a: Schema.Date, b: Schema.DateTimeUtc }, { a: new Date(0), b: new Date(0) }, {
        a: "1970-01-01T00:00:00.000Z",
        b: "[not encoded: expected DateTime.Utc]"
      }],
      ["a class", { a: Money }, { a: new Money({ amount: 1, currency: "EUR" }) }, {
        a: { amount: 1, currency: "EUR" }
      }],
      ["no instance of a class", { a: Money }, { a: { amount: 1, currency: "EUR" } }, {
        a: "[not encoded: expected Money]"
      }],
      ["a transformation", { a: Schema.NumberFromString }, { a: 12 }, { a: "12" }],
      ["a key that is only encoded when it is there", { a: Schema.OptionFromOptionalKey(Schema.String) }, {}, {}],
      ["a branded value", { a: Schema.String.pipe(Schema.brand("UserId")) }, { a: "x" }, { a: "x" }],
      ["a recursive value", { a: Comment }, { a: { text: "x", answers: [{ text: "y", answers: [] }] } }, {
        a: { text: "x", answers: [{ text: "y", answers: [] }] }
      }],
      ["numbers that JSON has not", { a: Schema.Number, b: Schema.BigInt }, { a: Infinity, b: 1n }, {
        a: "Infinity",
        b: "1"
      }],
      ["anything", { a: Schema.Unknown }, { a: new Map([["k", 1]]) }, { a: { k: 1 } }],
      ["names that every object has", { constructor: Schema.String, valueOf: Schema.optionalKey(Schema.String) }, {}, {
        constructor: "[missing: expected string]"
      }],
      ["a getter that throws", { field: Schema.String, b: Schema.Number }, throwing, {
        field: "[not encoded: it threw]",
        b: "[missing: expected number]"
      }],
      ["a proxy that was revoked", { a: Schema.String }, revoked.proxy, { a: "[not encoded: it threw]" }],
      ["no object at all", { a: Schema.String, b: Schema.optionalKey(Schema.String) }, null, {
        a: "[missing: expected string]"
      }],
      [
        "a check that throws",
        {
          a: Schema.String.check(Schema.makeFilter(() => {
            throw new Error("no")
          }))
        },
        { a: "x" },
        { a: "[not encoded: it threw]" }
      ],
      [
        "an encoding that throws",
        {
          a: Schema.String.pipe(Schema.encodeTo(Schema.String, {
            decode: SchemaGetter.passthrough(),
            encode: SchemaGetter.transform((): string => {
              throw new Error("no")
            })
          }))
        },
        { a: "x" },
        { a: "[not encoded: expected string]" }
      ],
      ["names that are secrets", { password: Schema.String }, { password: "hunter2" }, { password: "<redacted>" }]
    ] as const
  ) {
    it.effect(`have ${what}`, () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* saidOf(fields, given), expected)
      }))
  }

  it.effect("are markers where a value contains itself", () =>
    Effect.gen(function*() {
      const comment: { text: string; answers: Array<unknown> } = { text: "x", answers: [] }
      comment.answers.push(comment)
      const { a } = yield* saidOf({ a: Comment }, { a: comment })
      assert.match(String(a), /^\[not encoded: /)
    }))

  it.effect("are markers where to encode them takes time, and what goes on is ended", () =>
    Effect.gen(function*() {
      const ended = yield* Deferred.make<void>()
      const slow = Schema.String.pipe(Schema.encodeTo(Schema.String, {
        decode: SchemaGetter.passthrough(),
        encode: SchemaGetter.transformEffect((text: string) =>
          Effect.as(Effect.onInterrupt(Effect.never, () => Deferred.succeed(ended, undefined)), text)
        )
      }))
      const said = yield* saidOf({ a: slow, b: Schema.String }, { a: "x", b: "y" })
      assert.deepStrictEqual(said, { a: "[not encoded: expected string]", b: "y" })
      yield* Deferred.await(ended)
    }))

  it.effect("are encoded by an Effect that is done at once", () =>
    Effect.gen(function*() {
      const quick = Schema.String.pipe(Schema.encodeTo(Schema.String, {
        decode: SchemaGetter.passthrough(),
        encode: SchemaGetter.transformEffect((text: string) => Effect.as(Effect.yieldNow, `${text}!`))
      }))
      assert.deepStrictEqual(yield* saidOf({ a: quick }, { a: "x" }), { a: "x!" })
    }))

  it.effect("that are markers are counted by the record, in the books and in the report", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const report = yield* Effect.gen(function*() {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a program gives without types
        const wrong = { user: 1, tries: "2" } as never
        yield* UserSignedIn.log(wrong)
        yield* UserSignedIn.log({ user: "ada" })
        const { logger, shutdown, stats } = yield* Logging.Logging
        UserSignedIn.write(logger, wrong)
        assert.strictEqual((yield* stats).capture.marked, 2)
        return yield* shutdown
      }).pipe(
        Effect.provide(Logging.layer({ sinks: [MemorySink.make()], diagnostics: (line) => lines.push(line) }))
      )
      assert.deepStrictEqual([report.capture.marked, report.capture.accepted, report.balanced], [2, 3, true])
      assert.include(Ledger.format(report), "capture: 3 offered = 3 accepted + 0 filtered + 0 rejected, 2 marked")
      assert.include(
        lines.join(""),
        "2 records of events have a marker in place of a field that its Schema did not encode; " +
          "look for \"[not encoded: \" and \"[missing: \" in them, and mend what is logged"
      )
    }))
})

describe("LogEvent.make", () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a program gives without types
  const declare = (name: string, options: unknown) => () => LogEvent.make(name, options as LogEvent.Options<{}>)
  const dotted = `name must be a name in lower case whose parts are joined by dots, like "user.signed_in"`
  const { String } = Schema
  for (
    const [what, declaring, problem] of [
      ["a name with capitals", declare("UserSignedIn", { fields: {} }), `${dotted}, got "UserSignedIn"`],
      ["a name that ends with a dot", declare("user.", { fields: {} }), `${dotted}, got "user."`],
      ["a field that is no Schema", declare("a", { fields: { b: "x" } }), `fields.b must be a Schema, got "x"`],
      [
        "no fields",
        declare("a", {}),
        "fields must be a Schema.Struct, or an object with a Schema for each field, got undefined"
      ],
      ["another Schema", declare("a", { fields: String }), "fields must be a Schema.Struct, got another Schema"],
      [
        "a Schema of a record",
        declare("a", { fields: Schema.Record(String, String) }),
        "fields must name every field, got a Schema of a record"
      ],
      [
        "a struct with a check",
        declare("a", { fields: Schema.Struct({ b: String }).check(Schema.makeFilter(() => true)) }),
        "fields must have its checks on its fields, got a Schema.Struct with a check of its own"
      ],
      [
        "a struct that is transformed",
        declare("a", { fields: Schema.Struct({ b: String }).pipe(Schema.encodeKeys({ b: "c" })) }),
        "fields must be a Schema.Struct that is not transformed, got one that is"
      ],
      [
        "the name of the event among the fields",
        declare("a", { fields: { "event.name": String } }),
        `fields must not name a field "event.name": that is the event's`
      ],
      [
        "a field that is a prototype",
        declare("a", { fields: Object.fromEntries([["__proto__", String]]) }),
        `not name a field "__proto__"`
      ],
      ["a name that is no text", declare("a", { fields: { [Symbol.iterator]: String } }), "got a symbol"],
      [
        "a level that is none",
        declare("a", { fields: {}, level: "loud" }),
        `level must be a level: Trace, Debug, Info, Warn, Error or Fatal, got "loud"`
      ],
      [
        "a blank message",
        declare("a", { fields: {}, message: " " }),
        `message must be a text that is not blank, got " "`
      ],
      ["an option it has not", declare("a", { fields: {}, levle: "Info" }), `no option "levle"; did you mean "level"?`]
    ] as const
  ) {
    it(`refuses ${what}`, () => {
      assert.throws(declaring, RangeError, problem)
    })
  }
})
