import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import { eventName } from "../record/EventMessage.ts"
import type { Level } from "../record/level.ts"
import { isRecord } from "../record/plainData.ts"
import type { DeclaredEvent } from "./DeclaredEvent.ts"
import type { Field } from "./fields.ts"
import { sensitiveKeyword, withoutSensitive } from "./sensitive.ts"

/**
 * A JSON Schema of draft 2020-12.
 *
 * @category models
 * @since 0.1.0
 */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * An event as a catalogue has it.
 *
 * @category models
 * @since 0.1.0
 */
export interface CatalogueEntry {
  readonly name: string
  readonly level: Level
  readonly message: string
  readonly description: string | undefined
  /** What records of it have of the event: `event.name` and its fields, in the form they have in JSON. What is sensitive has `x-sensitive`. */
  readonly schema: JsonSchema
}

/**
 * Declared events as data, sorted by their names.
 *
 * @category models
 * @since 0.1.0
 */
export interface Catalogue {
  readonly events: ReadonlyArray<CatalogueEntry>
  /** What the Schemas of the events refer to as `#/$defs/…`. */
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

type AnySchema = Schema.Codec<unknown, unknown>

/** The catalogue of some events, the same in whatever order they come. Each name is there once. */
export const catalogueOf = (events: ReadonlyArray<DeclaredEvent>): Catalogue => {
  const sorted = events.toSorted((a, b) => compareNames(a.declaration.name, b.declaration.name))
  const [first, ...others] = sorted.map(recordOf)
  if (first === undefined) return { events: [], definitions: {} }
  const { definitions, schemas } = SchemaRepresentation.toJsonSchemaMultiDocument(
    SchemaRepresentation.toRepresentations([first, ...others]),
    { includeAnnotationKey: (key) => key === sensitiveKeyword }
  )
  return {
    events: sorted.map(({ declaration: { description, fields, level, message, name } }, i) => ({
      name,
      level,
      message,
      description,
      schema: withDescriptions(schemas[i] ?? {}, fields)
    })),
    definitions: sortedKeys(definitions)
  }
}

/** What a record has of an event, as a Schema of its form in JSON. */
const recordOf = ({ declaration: { fields, name } }: DeclaredEvent): SchemaAST.AST => {
  const struct = new SchemaAST.Objects([
    new SchemaAST.PropertySignature(eventName, new SchemaAST.Literal(name)),
    ...fields.map(({ ast, name }) => new SchemaAST.PropertySignature(name, withoutSensitive(ast)))
  ], [])
  return withoutSensitive(Schema.toCodecJson(Schema.make<AnySchema>(struct)).ast)
}

/** What fields are said to be: a Schema that has another form in JSON, or is withheld, does not bring it along. */
const withDescriptions = (schema: JsonSchema, fields: ReadonlyArray<Field>): JsonSchema => {
  const properties: Record<string, unknown> = isRecord(schema["properties"]) ? { ...schema["properties"] } : {}
  for (const { ast, name } of fields) {
    const description = ast.context?.annotations?.["description"] ?? SchemaAST.resolveDescription(ast)
    const field = properties[name]
    if (typeof description === "string" && isRecord(field)) properties[name] = { ...field, description }
  }
  return { ...schema, properties }
}

/** By code units: the same in every locale. */
const compareNames = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

export const sortedKeys = <A>(record: Readonly<Record<string, A>>): Readonly<Record<string, A>> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compareNames(a, b)))
