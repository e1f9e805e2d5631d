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
import * as Schema from "effect/Schema"
import { type Catalogue, catalogueOf, type JsonSchema } from "./events/catalogue.ts"
import { type BreakingChange, breakingChanges } from "./events/compare.ts"
import { DeclaredError } from "./events/DeclaredError.ts"
import { DeclaredEvent } from "./events/DeclaredEvent.ts"
import { catalogueIn, documentOf } from "./events/document.ts"
import { registerForm } from "./events/errorForms.ts"
import { aSchema, fieldsIn, someFields } from "./events/fields.ts"
import { pageOf } from "./events/markdown.ts"
import { aName, nameOfClass } from "./events/names.ts"
import { contested, isOther, register, registered, saidTwice } from "./events/registry.ts"
import { sensitiveKey } from "./events/sensitive.ts"
import * as Check from "./options/check.ts"
import { checkArgument, checkOptions } from "./options/checkOptions.ts"
import { type LevelInput, levelOf } from "./options/level.ts"
import { EventMessage } from "./record/EventMessage.ts"
import { type Level, lowerCase } from "./record/level.ts"
import { isRecord } from "./record/plainData.ts"

export type { Catalogue, CatalogueEntry, JsonSchema } from "./events/catalogue.ts"
export type { BreakingChange } from "./events/compare.ts"

const TypeId = "~effect-spillway/LogEvent"

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
  readonly [TypeId]: unknown
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
  return declared(event)
}

/**
 * What {@link error} is told of a class of errors `E`.
 *
 * @category options
 * @since 0.1.0
 */
export interface ErrorOptions<E> {
  /**
   * The name of the event.
   *
   * @default the identifier of the class, in lower case and with `_` between its words
   */
  readonly name?: string | undefined
  /**
   * The level of its records.
   *
   * @default "Error"
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
  /**
   * Why it happens: a text, or what a function says of an error.
   *
   * @default none
   */
  readonly why?: string | ((error: E) => string) | undefined
  /**
   * How to mend it: a text, or what a function says of an error.
   *
   * @default none
   */
  readonly fix?: string | ((error: E) => string) | undefined
}

/**
 * A class that `Schema.Error` or `Schema.TaggedError` has made.
 *
 * @category models
 * @since 0.1.0
 */
export interface ErrorClass<E> {
  new(...args: ReadonlyArray<never>): E
  readonly identifier: string
  readonly fields: Fields
}

/**
 * Declares a class of errors as an event, whose records have `error.type`, the fields of
 * the error, and `error.why` and `error.fix` where these are given.
 *
 * **Details**
 *
 * From then on an error of the class is shown so in causes too: its fields by their
 * Schemas, sensitive ones hidden, with `error.why` and `error.fix`. A message, or what `why` and
 * `fix` say, is withheld where the text of a sensitive field stands in it.
 *
 * Throws a `RangeError` for what is no such class, and as {@link make} does.
 *
 * @category constructors
 * @since 0.1.0
 */
export const error = <E extends Error>(errorClass: ErrorClass<E>, options: ErrorOptions<E> = {}): LogEvent<E> => {
  checkArgument("LogEvent.error", "errorClass", anErrorClass, errorClass)
  const given = checkOptions<ErrorOptions<E>>("LogEvent.error", errorChecks, options)
  const name = given.name ?? nameOfClass(errorClass.identifier)
  checkArgument("LogEvent.error", "name", aName, name)
  const { _tag: _, ...fields } = errorClass.fields
  checkArgument("LogEvent.error", "fields", someFields, fields)
  const event = new DeclaredError(
    {
      name,
      level: levelOf(given.level ?? "Error"),
      message: given.message ?? name,
      description: given.description,
      fields: fieldsIn(fields)
    },
    errorClass.identifier,
    given.why,
    given.fix
  )
  registerForm(errorClass, event)
  return declared(event)
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

/**
 * Returns declared events as data: all that were declared in the process so far, or some.
 *
 * **Details**
 *
 * It is the same whatever the order of declaration. Where a name was declared several times,
 * as happens when a module is loaded again, the last one counts; among events that are given,
 * two of one name that are not the same are refused with a `RangeError`.
 *
 * @category catalogue
 * @since 0.1.0
 */
export const catalogue = (events?: ReadonlyArray<LogEvent<never>>): Catalogue => {
  if (events === undefined) return catalogueOf(registered())
  checkArgument("LogEvent.catalogue", "events", someEvents, events)
  const byName = new Map<string, DeclaredEvent>()
  for (const { [TypeId]: event, name } of events) {
    if (!(event instanceof DeclaredEvent)) continue
    const other = byName.get(name)
    if (other !== undefined && isOther(other, event)) {
      throw new RangeError(`LogEvent.catalogue: ${saidTwice(name)}`)
    }
    byName.set(name, event)
  }
  return catalogueOf(Array.from(byName.values()))
}

/**
 * Renders a catalogue as a page of Markdown, a section for each event. What is sensitive is
 * said to be so.
 *
 * @category catalogue
 * @since 0.1.0
 */
export const toMarkdown = (catalogue: Catalogue): string => {
  checkArgument("LogEvent.toMarkdown", "catalogue", aCatalogue, catalogue)
  return pageOf(catalogue)
}

/**
 * Renders a catalogue as one document of JSON Schema (draft 2020-12), as `oneOf` of the
 * events: the annotations of a record of any of them are valid against it, save fields that
 * are markers.
 *
 * **Details**
 *
 * Level and message are `x-level` and `x-message`, what is sensitive has `x-sensitive`.
 *
 * @category catalogue
 * @since 0.1.0
 */
export const toJsonSchema = (catalogue: Catalogue): JsonSchema => {
  checkArgument("LogEvent.toJsonSchema", "catalogue", aCatalogue, catalogue)
  return documentOf(catalogue)
}

/**
 * Returns what changed between two catalogues that breaks who reads the records. Each is a
 * catalogue, or the document that {@link toJsonSchema} has made of one.
 *
 * **Details**
 *
 * Two things break a reader: what could be looked for by its name and never comes any more,
 * and what could not be there before and may come now. So an event or a field that is removed
 * breaks, a value of an enumeration that is removed or added, a field that was always there
 * and may be missing, one that is sensitive now, a type or a bound that takes more, and a
 * level that is lower. Everything else does not: a new event or field, a field that is always
 * there now, `number` that is `integer`, text that is one of some values, an alternative
 * of a union that is gone, a tighter bound, another message.
 *
 * Throws a `RangeError` for what is no catalogue and no such document.
 *
 * @category catalogue
 * @since 0.1.0
 */
export const compare = (
  before: Catalogue | JsonSchema,
  after: Catalogue | JsonSchema
): ReadonlyArray<BreakingChange> => {
  checkArgument("LogEvent.compare", "before", comparable, before)
  checkArgument("LogEvent.compare", "after", comparable, after)
  return breakingChanges(read(before), read(after))
}

/**
 * What is wrong with the names of the events that were declared.
 *
 * @internal
 */
export const contradictions = (): ReadonlyArray<string> => contested().map(saidTwice)

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const declared = (event: DeclaredEvent): LogEvent<unknown> => {
  register(event)
  const { level, name } = event.declaration
  const logAt = Effect.logWithLevel(level)
  const method = lowerCase[level]
  return {
    [TypeId]: event,
    name,
    level,
    log: (fields, cause) =>
      cause === undefined ? logAt(new EventMessage(event, fields)) : logAt(new EventMessage(event, fields), cause),
    write: (logger, fields, attributes) => logger[method](new EventMessage(event, fields), attributes)
  }
}

const checks: Check.Checks<Options<Fields>> = {
  fields: someFields,
  level: Check.level,
  message: Check.text,
  description: Check.text
}

const said = Check.either(Check.text, Check.aSyncFunction)

const errorChecks: Check.Checks<ErrorOptions<never>> = {
  name: aName,
  level: Check.level,
  message: Check.text,
  description: Check.text,
  why: said,
  fix: said
}

const anErrorClass = Check.satisfies(
  "a class that Schema.Error or Schema.TaggedError has made",
  (value) =>
    typeof value === "function" && value.prototype instanceof Error && Schema.isSchema(value) &&
    "fields" in value && "identifier" in value && typeof value.identifier === "string"
)

const isEvent = (u: unknown): boolean => isRecord(u) && u[TypeId] instanceof DeclaredEvent

const someEvents = Check.listOf(Check.satisfies("an event that LogEvent.make has made", isEvent))

const isCatalogue = (u: unknown): u is Catalogue =>
  isRecord(u) && Array.isArray(u["events"]) && isRecord(u["definitions"])

const aCatalogue = Check.satisfies("a catalogue that LogEvent.catalogue has made", isCatalogue)

const comparable = Check.satisfies(
  "a catalogue, or a document of JSON Schema that was made of one",
  (value) => isCatalogue(value) || catalogueIn(value) !== undefined
)

const read = (given: Catalogue | JsonSchema): Catalogue =>
  isCatalogue(given) ? given : catalogueIn(given) ?? { events: [], definitions: {} }
