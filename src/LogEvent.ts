/**
 * Declared events: what a program says that others count on, with a name, a level and a
 * Schema for every field.
 *
 * What is logged is checked by the compiler, encoded by the Schema in the log call, and
 * sensitive fields never leave the program.
 *
 * **Example** (Declaring an event)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { LogEvent, Logging, MemorySink } from "effect-spillway"
 *
 * const UserSignedIn = LogEvent.make("user.signed_in", {
 *   fields: {
 *     user: Schema.String,
 *     method: Schema.Literals(["password", "passkey"]),
 *     address: LogEvent.sensitive(Schema.String)
 *   }
 * })
 *
 * const memory = MemorySink.make()
 * await UserSignedIn.log({ user: "ada", method: "passkey", address: "192.0.2.7" }).pipe(
 *   Effect.provide(Logging.layer({ sinks: [memory] })),
 *   Effect.runPromise
 * )
 *
 * memory.records[0]!.message // => "user.signed_in"
 * memory.records[0]!.annotations
 * // => { "event.name": "user.signed_in", user: "ada", method: "passkey", address: "<redacted>" }
 * ```
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { DeclaredEvent } from "./events/DeclaredEvent.ts"
import { aSchema, fieldsIn, someFields } from "./events/fields.ts"
import { aName } from "./events/names.ts"
import { sensitiveKey } from "./events/sensitive.ts"
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions } from "./options/checkOptions.ts"
import { type LevelInput, levelOf } from "./options/level.ts"
import { EventMessage } from "./record/EventMessage.ts"
import type { Level } from "./record/level.ts"

/**
 * Schemas by the names of fields. They are encoded in the log call, and so may need no
 * services.
 *
 * @category models
 * @since 0.1.0
 */
export interface Fields {
  readonly [name: PropertyKey]: Schema.ConstraintEncoder<unknown>
}

/**
 * What {@link make} is told of an event.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options<F extends Fields> {
  /**
   * What it says: a `Schema.Struct`, or an object with a Schema for each field.
   */
  readonly fields: F | Schema.Struct<F>
  /**
   * The level of its records.
   *
   * @default "Info"
   */
  readonly level?: LevelInput | undefined
  /**
   * The message of its records: a text that is always the same.
   *
   * @default its name
   */
  readonly message?: string | undefined
  /**
   * What it means, for the catalogue.
   *
   * @default none
   */
  readonly description?: string | undefined
}

/**
 * A logger for code outside Effect, as far as events need one: the one of the runtime.
 *
 * @category models
 * @since 0.1.0
 */
export type Writer = {
  readonly [K in Lowercase<Level>]: (message: unknown, attributes?: Readonly<Record<string, unknown>>) => void
}

/**
 * A declared event: `A` is what a log call of it is given.
 *
 * @category models
 * @since 0.1.0
 */
export interface LogEvent<in A> {
  readonly name: string
  readonly level: Level
  /**
   * Logs it. The record has the annotations of the fiber, and behind them `event.name` and
   * the fields as the Schema encodes them to JSON. An `undefined` field that may be missing
   * is left out, one that is not declared is dropped, as Schema does it.
   *
   * A field that its Schema does not take, or whose encoding throws or is not done at once,
   * is a marker that says what was expected, never what was given, and the record is counted
   * as `marked`. The call never fails. It is lost where any other log call is.
   */
  readonly log: (fields: A, cause?: Cause.Cause<unknown>) => Effect.Effect<void>
  /** Logs it from outside Effect, with further attributes if given. */
  readonly write: (
    logger: Writer,
    fields: A,
    attributes?: Readonly<Record<string, unknown>>
  ) => void
}

/**
 * Declares an event.
 *
 * **Details**
 *
 * Its name is in lower case, its parts are joined by dots: `"user.signed_in"`. Whatever the
 * Schema, a `Redacted` value stays redacted at any depth, and so does what is
 * {@link sensitive}.
 *
 * Throws a `RangeError` for a name or an option that is not what it must be, and for a
 * struct that is transformed or has a check of its own: an event is encoded field by field.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <const F extends Fields>(
  name: string,
  options: Options<F>
): LogEvent<Schema.Struct.Type<F>> => {
  checkArgument("LogEvent.make", "name", aName, name)
  const given = checkOptions<Options<Fields>>("LogEvent.make", checks, options)
  const event = new DeclaredEvent({
    name,
    level: levelOf(given.level ?? "Info"),
    message: given.message ?? name,
    description: given.description,
    fields: fieldsIn(given.fields)
  })
  const { level } = event.declaration
  const logAt = Effect.logWithLevel(level)
  const method = lowerCase[level]
  return {
    name,
    level,
    log: (fields, cause) =>
      cause === undefined ? logAt(new EventMessage(event, fields)) : logAt(new EventMessage(event, fields), cause),
    write: (logger, fields, attributes) => logger[method](new EventMessage(event, fields), attributes)
  }
}

/**
 * Marks a Schema as sensitive: in records its values are `<redacted>`, whatever they are, at
 * any depth of an event's fields.
 *
 * **Details**
 *
 * It annotates the Schema and changes nothing else. A Schema that is made of it is sensitive
 * as far as that goes: a number read from a sensitive text is, a struct with a sensitive
 * field is in that field. `Schema.Redacted` and `Schema.RedactedFromValue` are sensitive
 * without it.
 *
 * Throws a `RangeError` for what is no Schema.
 *
 * @category combinators
 * @since 0.1.0
 */
export const sensitive = <S extends Schema.Top>(schema: S): S["Rebuild"] => {
  checkArgument("LogEvent.sensitive", "schema", aSchema, schema)
  return schema.annotate({ [sensitiveKey]: true })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options<Fields>> = {
  fields: someFields,
  level: Check.level,
  message: Check.text,
  description: Check.text
}

const lowerCase: { readonly [K in Level]: Lowercase<K> } = {
  Trace: "trace",
  Debug: "debug",
  Info: "info",
  Warn: "warn",
  Error: "error",
  Fatal: "fatal"
}
