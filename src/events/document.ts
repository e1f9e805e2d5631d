/** A catalogue as one document of JSON Schema, and back. */
import { eventName } from "../record/EventMessage.ts"
import { type Level, levels } from "../record/level.ts"
import { isRecord } from "../record/plainData.ts"
import type { Catalogue, CatalogueEntry, JsonSchema } from "./catalogue.ts"

const dialect = "https://json-schema.org/draft/2020-12/schema"

/** One document, which the annotations of a record of any of the events are valid against. */
export const documentOf = ({ definitions, events }: Catalogue): JsonSchema => ({
  $schema: dialect,
  title: "Events",
  ...(events.length === 0 ? { not: {} } : { oneOf: events.map(entrySchema) }),
  ...(Object.keys(definitions).length > 0 && { $defs: definitions })
})

const entrySchema = ({ description, level, message, name, schema }: CatalogueEntry): JsonSchema => ({
  title: name,
  ...(description !== undefined && { description }),
  "x-level": level,
  "x-message": message,
  ...schema
})

/** The catalogue that a document was made of; nothing where it is another. */
export const catalogueIn = (document: unknown): Catalogue | undefined => {
  if (!isRecord(document) || document["$schema"] !== dialect) return undefined
  const { $defs = {}, oneOf = [] } = document
  if (!isRecord($defs) || !Array.isArray(oneOf)) return undefined
  const events: Array<CatalogueEntry> = []
  for (const one of oneOf) {
    const entry = entryIn(one)
    if (entry === undefined) return undefined
    events.push(entry)
  }
  const definitions: Record<string, JsonSchema> = {}
  for (const [name, schema] of Object.entries($defs)) {
    if (!isRecord(schema)) return undefined
    definitions[name] = schema
  }
  return { events, definitions }
}

const entryIn = (given: unknown): CatalogueEntry | undefined => {
  if (!isRecord(given)) return undefined
  const { description, title: name, "x-level": level, "x-message": message, ...schema } = given
  const { properties } = schema
  if (typeof name !== "string" || !isLevel(level) || typeof message !== "string") return undefined
  if (!isRecord(properties) || !(eventName in properties)) return undefined
  return { name, level, message, description: typeof description === "string" ? description : undefined, schema }
}

const isLevel = (u: unknown): u is Level => levels.some((level) => level === u)
