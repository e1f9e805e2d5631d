import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { LogEvent } from "../../src/index.ts"

const { Boolean, Finite, Int, Literals, NullOr, Number, String, Struct, optional, optionalKey } = Schema

const catalogueOf = (fields: LogEvent.Fields, options: Partial<LogEvent.Options<{}>> = {}) =>
  LogEvent.catalogue([LogEvent.make("order.paid", { ...options, fields })])

const sentencesOf = (before: LogEvent.Catalogue, after: LogEvent.Catalogue): ReadonlyArray<string> =>
  LogEvent.compare(before, after).map(({ sentence }) => sentence)

const Card = Struct({ _tag: Schema.tag("card"), digits: String })
const Cash = Struct({ _tag: Schema.tag("cash") })

interface Tree {
  readonly label: string
  readonly below: ReadonlyArray<Tree>
}
const treeOf = (label: Schema.Codec<string>): Schema.Codec<Tree> => {
  const Tree: Schema.Codec<Tree> = Struct({
    label,
    below: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
  })
  return Tree
}

/** What a field was, what it is, and what that breaks. */
const rows: ReadonlyArray<
  readonly [string, Schema.ConstraintEncoder<unknown>, Schema.ConstraintEncoder<unknown>, ReadonlyArray<string>]
> = [
  ["the same", String, String, []],
  ["the same in another form of Schema", String, Schema.NonEmptyString, []],
  ["text that is a number", String, Finite, ["can be number, which it never was"]],
  ["a number that is text", Finite, String, ["can be string, which it never was"]],
  ["a number that is whole", Finite, Int, []],
  ["a whole number that has fractions", Int, Finite, ["can be number, which it never was"]],
  ["a finite number that need not be", Finite, Number, ["can be NaN or infinite, which it never was"]],
  ["a number that is finite", Number, Finite, []],
  ["a flag that is text", Boolean, String, ["can be string, which it never was"]],
  ["text that is one of some", String, Literals(["a", "b"]), []],
  ["one of some that is any text", Literals(["a", "b"]), String, ["can be string, which it never was"]],
  ["one of more", Literals(["a"]), Literals(["a", "b"]), [`can be "b", which it never was`]],
  ["one of fewer", Literals(["a", "b"]), Literals(["a"]), [`is never "b" any more`]],
  ["one of others", Literals(["a"]), Literals(["b"]), [`can be "b", which it never was`, `is never "a" any more`]],
  ["one of some in another order", Literals(["a", "b"]), Literals(["b", "a"]), []],
  ["a number of some", Literals([1, 2]), Literals([1]), ["is never 2 any more"]],
  ["an enum with a member more", Schema.Enum({ A: "a" }), Schema.Enum({ A: "a", B: 2 }), [
    "can be 2, which it never was"
  ]],
  ["something that may be null", String, NullOr(String), ["can be null, which it never was"]],
  ["something that is never null", NullOr(String), String, []],
  ["a union with a member more", Schema.Union([String, Boolean]), Schema.Union([String, Boolean, Int]), [
    "can be integer, which it never was"
  ]],
  ["a union with a member less", Schema.Union([String, Boolean]), String, []],
  ["something that may be anything", String, Schema.Unknown, ["can be anything, which it never was"]],
  ["something that was anything", Schema.Unknown, String, []],
  [
    "a lower bound that is lower",
    Int.check(Schema.isGreaterThanOrEqualTo(5)),
    Int.check(Schema.isGreaterThanOrEqualTo(1)),
    ["can be below 5"]
  ],
  [
    "a lower bound that is higher",
    Int.check(Schema.isGreaterThanOrEqualTo(1)),
    Int.check(Schema.isGreaterThanOrEqualTo(5)),
    []
  ],
  ["a bound that is gone", Finite.check(Schema.isLessThan(5)), Finite, ["can be at or above 5"]],
  ["a bound that is new", Finite, Finite.check(Schema.isLessThan(5)), []],
  [
    "an exclusive bound that holds the other",
    Finite.check(Schema.isLessThanOrEqualTo(5)),
    Finite.check(Schema.isLessThan(5)),
    []
  ],
  [
    "an inclusive bound in place of the other",
    Finite.check(Schema.isLessThan(5)),
    Finite.check(Schema.isLessThanOrEqualTo(5)),
    ["can be at or above 5"]
  ],
  ["longer text", String.check(Schema.isMaxLength(3)), String.check(Schema.isMaxLength(4)), ["can be longer than 3"]],
  ["shorter text", String.check(Schema.isMinLength(3)), String, ["can be shorter than 2"]],
  ["a number of another step", Finite.check(Schema.isMultipleOf(2)), Finite, ["need not have the multipleOf 2"]],
  ["text of a format", String, String.check(Schema.isUUID()), []],
  ["text of a pattern", String, String.check(Schema.isPattern(/^a/)), []],
  ["a big number, which is text", Schema.BigInt, String, [`need not have the pattern "^-?\\\\d+$"`]],
  ["a date that is a time", Schema.Date, Schema.DateTimeUtc, []],
  ["a date that is a number", Schema.Date, Schema.DateTimeUtcFromMillis, ["can be integer, which it never was"]],
  ["a list with other items", Schema.Array(Int), Schema.Array(String), ["[] can be string, which it never was"]],
  ["a list that is a value", Schema.Array(String), String, ["can be string, which it never was"]],
  ["a value that is a list", String, Schema.Array(String), ["can be array of string, which it never was"]],
  ["a list that may be empty", Schema.NonEmptyArray(Int), Schema.Array(Int), ["can have fewer items than 1"]],
  ["a pair with another second", Schema.Tuple([String, Int]), Schema.Tuple([String, String]), [
    "[1] can be string, which it never was"
  ]],
  ["a pair that is three", Schema.Tuple([String, Int]), Schema.Tuple([String, Int, Int]), [
    "can have more items than 2",
    "[2] is an item that was not there"
  ]],
  ["an object with a field less", Struct({ a: String, b: String }), Struct({ a: String }), [".b is removed"]],
  ["an object with a field more", Struct({ a: String }), Struct({ a: String, b: String }), []],
  ["an object with a field that may be missing", Struct({ a: String }), Struct({ a: optionalKey(String) }), [
    ".a was always there, and may be missing"
  ]],
  ["an object with a field that is there", Struct({ a: optionalKey(String) }), Struct({ a: String }), []],
  [
    "an object with a field of another type, far down",
    Struct({ a: Struct({ b: Schema.Array(Struct({ c: Int })) }) }),
    Struct({ a: Struct({ b: Schema.Array(Struct({ c: Finite })) }) }),
    [".a.b[].c can be number, which it never was"]
  ],
  ["a case more", Schema.Union([Card]), Schema.Union([Card, Cash]), ["can be object with _tag, which it never was"]],
  ["a case less", Schema.Union([Card, Cash]), Card, ["is never the object with _tag \"cash\" any more"]],
  ["a case with a field less", Schema.Union([Card, Cash]), Schema.Union([Struct({ _tag: Schema.tag("card") }), Cash]), [
    ".digits is removed"
  ]],
  ["a record with other values", Schema.Record(String, Int), Schema.Record(String, Finite), [
    ".* can be number, which it never was"
  ]],
  ["something recursive that is the same", treeOf(String), treeOf(String), []],
  ["something recursive that has changed", treeOf(String), treeOf(Literals(["a"])), []],
  ["something recursive that has changed for all", treeOf(Literals(["a"])), treeOf(String), [
    ".label can be string, which it never was"
  ]],
  ["something that is sensitive now", String, LogEvent.sensitive(String), ["is sensitive now, and never shown"]],
  ["something that is redacted now", String, Schema.RedactedFromValue(String), ["is sensitive now, and never shown"]],
  ["something that is not sensitive any more", LogEvent.sensitive(String), String, []],
  ["a part that is sensitive now", Struct({ a: String }), Struct({ a: LogEvent.sensitive(String) }), [
    ".a is sensitive now, and never shown"
  ]],
  ["something sensitive of another type", LogEvent.sensitive(String), Schema.Redacted(Int), []]
]

describe("a field that is compared", () => {
  it("has more than fifty rows", () => {
    assert.isAtLeast(rows.length, 50)
  })

  for (const [what, before, after, broken] of rows) {
    it(`as ${what} ${broken.length === 0 ? "breaks nobody" : `breaks: ${broken.join("; ")}`}`, () => {
      const first = catalogueOf({ field: before })
      const second = catalogueOf({ field: after })
      const expected = broken.map((text) => {
        const [, at = "", said = ""] = /^((?:\.[^ ]*|\[[^ ]*)? ?)(.*)$/.exec(text) ?? []
        return `the field "field${at.trim()}" of "order.paid" ${said}`
      })
      assert.deepStrictEqual(sentencesOf(first, second), expected)
      assert.deepStrictEqual(sentencesOf(first, first), [])
      // What was written to a file and read again is compared as it was.
      const read = (catalogue: LogEvent.Catalogue): LogEvent.JsonSchema =>
        JSON.parse(JSON.stringify(LogEvent.toJsonSchema(catalogue)))
      assert.deepStrictEqual(
        LogEvent.compare(read(first), read(second)),
        LogEvent.compare(first, second)
      )
    })
  }
})

describe("events that are compared", () => {
  const before = catalogueOf({ a: String, b: optionalKey(String) }, { level: "Warn" })

  for (
    const [what, after, broken] of [
      ["another event", LogEvent.catalogue([LogEvent.make("order.sent", { fields: {} })]), [
        `the event "order.paid" is removed`
      ]],
      ["a field less that was always there", catalogueOf({ b: optionalKey(String) }, { level: "Warn" }), [
        `the field "a" of "order.paid" is removed`
      ]],
      ["a field less that may have been missing", catalogueOf({ a: String }, { level: "Warn" }), [
        `the field "b" of "order.paid" is removed`
      ]],
      ["a field that may be missing", catalogueOf({ a: optional(String), b: optionalKey(String) }, { level: "Warn" }), [
        `the field "a" of "order.paid" was always there, and may be missing`,
        `the field "a" of "order.paid" can be null, which it never was`
      ]],
      ["a field that is always there", catalogueOf({ a: String, b: String }, { level: "Warn" }), []],
      ["a field more", catalogueOf({ a: String, b: optionalKey(String), c: String }, { level: "Warn" }), []],
      ["fields in another order", catalogueOf({ b: optionalKey(String), a: String }, { level: "Warn" }), []],
      ["a higher level", catalogueOf({ a: String, b: optionalKey(String) }, { level: "Error" }), []],
      ["a lower level", catalogueOf({ a: String, b: optionalKey(String) }), [
        `the level of "order.paid" is Info and was Warn: where that is the lowest level, it comes no more`
      ]],
      ["another message", catalogueOf({ a: String, b: optionalKey(String) }, { level: "Warn", message: "paid" }), []]
    ] as const
  ) {
    it(`with ${what}: ${broken.length === 0 ? "nobody is broken" : "said"}`, () => {
      assert.deepStrictEqual(sentencesOf(before, after), [...broken])
    })
  }

  it("are told as data too", () => {
    assert.deepStrictEqual(LogEvent.compare(catalogueOf({ a: String }), catalogueOf({})), [{
      kind: "field removed",
      event: "order.paid",
      field: "a",
      sentence: `the field "a" of "order.paid" is removed`
    }])
  })

  it("are refused where they are none", () => {
    for (const wrong of [undefined, {}, { $schema: "https://json-schema.org/draft/2020-12/schema", oneOf: [{}] }]) {
      assert.throws(
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a program gives without types
        () => LogEvent.compare(wrong as LogEvent.JsonSchema, before),
        RangeError,
        "LogEvent.compare: before must be a catalogue, or a document of JSON Schema that was made of one"
      )
    }
  })
})
