/** Schemas of fields with a value each, in which secrets are planted, from a seed. */
import { Option, Redacted, Schema, SchemaGetter } from "effect"
import { LogEvent } from "../../src/index.ts"
import { randomOf } from "../sinks/otlp/randomRecords.ts"

type AnySchema = Schema.Codec<unknown, unknown>

export interface Sample {
  readonly schema: AnySchema
  readonly value: unknown
  /** Whether the Schema takes the value. */
  readonly isTaken: boolean
}

/** A text and a number that stand nowhere else. */
export const secretText = "hush-a7f3c9"
export const secretNumber = 730_619_552_844

class Account extends Schema.Class<Account>("Account")({
  id: Schema.String,
  key: LogEvent.sensitive(Schema.String),
  pin: Schema.RedactedFromValue(Schema.String)
}) {}

interface Tree {
  readonly label: string
  readonly below: ReadonlyArray<Tree>
}
const Tree: Schema.Codec<Tree> = Schema.Struct({
  label: LogEvent.sensitive(Schema.String),
  below: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))
})

const taken = (schema: Schema.Top, value: unknown): Sample => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it encodes is not looked at
  schema: schema as unknown as AnySchema,
  value,
  isTaken: true
})

/** Some samples; `isSecret` has the leaves be secrets, in the ways a program may say so. */
export const samplesOf = (seed: number, count: number, isSecret: boolean): ReadonlyArray<Sample> => {
  const below = randomOf(seed)
  const pick = <A>(some: ReadonlyArray<A>): A => some[below(some.length)]!

  const secret = (): Sample =>
    pick<() => Sample>([
      () => taken(LogEvent.sensitive(Schema.String), secretText),
      () => taken(LogEvent.sensitive(Schema.Number), secretNumber),
      () => taken(LogEvent.sensitive(Schema.NumberFromString), secretNumber),
      () => taken(LogEvent.sensitive(Schema.String).check(Schema.isMinLength(1)), secretText),
      () => taken(Schema.String.check(Schema.isMinLength(1)).pipe(LogEvent.sensitive), secretText),
      () => taken(Schema.String.pipe(Schema.brand("Secret"), LogEvent.sensitive), secretText),
      () =>
        taken(
          LogEvent.sensitive(Schema.String).pipe(
            Schema.decodeTo(Schema.Number, { decode: SchemaGetter.Number(), encode: SchemaGetter.String() })
          ),
          secretNumber
        ),
      () => taken(Schema.Redacted(Schema.String), Redacted.make(secretText)),
      () => taken(Schema.Redacted(Schema.String, { label: "key" }), Redacted.make(secretText, { label: "key" })),
      () => taken(Schema.RedactedFromValue(Schema.String), Redacted.make(secretText)),
      () =>
        taken(Schema.RedactedFromValue(Schema.FiniteFromString, { disallowEncode: true }), Redacted.make(secretNumber)),
      () => taken(Schema.Unknown, Redacted.make(secretText)),
      () => taken(Schema.TemplateLiteral(["tok-", LogEvent.sensitive(Schema.String)]), `tok-${secretText}`),
      () => taken(Account, new Account({ id: "a", key: secretText, pin: Redacted.make(secretText) })),
      () => taken(Tree, { label: secretText, below: [{ label: secretText, below: [] }] }),
      () => taken(Schema.Record(LogEvent.sensitive(Schema.String), Schema.Number), { [secretText]: 1 }),
      () =>
        taken(Schema.fromJsonString(Schema.Struct({ key: LogEvent.sensitive(Schema.String) })), { key: secretText }),
      () =>
        taken(
          Schema.Struct({ first: LogEvent.sensitive(Schema.String) }).pipe(Schema.encodeKeys({ first: "second" })),
          { first: secretText }
        ),
      // A value of another kind than was declared says nothing either.
      () => ({ ...taken(Schema.Number, secretText), isTaken: false }),
      () => ({ ...taken(Schema.Struct({ a: Schema.Int }), { a: secretText }), isTaken: false }),
      () => ({
        ...taken(Schema.String.check(Schema.makeFilter((text) => `${text} is wrong`)), secretText),
        isTaken: false
      }),
      () => ({ ...taken(Schema.Literals(["a", "b"]), secretText), isTaken: false })
    ])()

  const open = (): Sample =>
    pick<() => Sample>([
      () => taken(Schema.String, pick(["", "text", "größe"])),
      () => taken(Schema.Number, pick([0, 1.5, NaN, -Infinity])),
      () => taken(Schema.Finite, pick([0, -1])),
      () => taken(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 })), pick([0, 10])),
      () => ({ ...taken(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 })), 11), isTaken: false }),
      () => taken(Schema.Boolean, pick([true, false])),
      () => taken(Schema.Null, null),
      () => taken(Schema.Literals(["a", 1, true]), pick(["a", 1, true])),
      () => taken(Schema.Enum({ A: "a", B: 2 }), pick(["a", 2])),
      () => taken(Schema.BigInt, 12n),
      () => taken(Schema.Date, new Date(below(1e9))),
      () => taken(Schema.NumberFromString, below(100)),
      () => taken(Schema.String.pipe(Schema.brand("Id")), "id"),
      () => ({ ...taken(Schema.String, 1), isTaken: false })
    ])()

  const leaf = isSecret ? secret : open

  const sample = (depth: number): Sample => {
    if (depth === 0 || below(3) === 0) return leaf()
    const inner = sample(depth - 1)
    const { isTaken, schema, value } = inner
    const of = (schema: Schema.Top, value: unknown): Sample => ({ ...taken(schema, value), isTaken })
    return pick<() => Sample>([
      () => of(Schema.Array(schema), [value, value]),
      () => of(Schema.Tuple([Schema.String, schema]), ["first", value]),
      () => of(Schema.Struct({ one: schema, two: Schema.optionalKey(Schema.Number) }), { one: value }),
      () => of(Schema.Struct({ one: Schema.optional(schema) }), { one: value }),
      () => of(Schema.Record(Schema.String, schema), { key: value, other: value }),
      () => of(Schema.Union([schema, Schema.Struct({ kind: Schema.Literal("other") })]), value),
      () => of(Schema.NullOr(schema), value),
      () => of(Schema.Option(schema), Option.some(value)),
      () => of(Schema.suspend(() => schema), value),
      () => of(Schema.Struct({ one: schema }).check(Schema.makeFilter(() => true)), { one: value })
    ])()
  }

  return Array.from({ length: count }, () => sample(3))
}
