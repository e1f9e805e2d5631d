/** A catalogue as a page. */
import { eventName } from "../record/EventMessage.ts"
import { isRecord } from "../record/plainData.ts"
import { namesOf } from "./alternatives.ts"
import type { Catalogue, CatalogueEntry, JsonSchema } from "./catalogue.ts"

/** One heading for each event, with a table of its fields. */
export const pageOf = (catalogue: Catalogue): string =>
  ["# Events\n", ...catalogue.events.map((entry) => sectionOf(entry, catalogue))].join("\n")

const sectionOf = (entry: CatalogueEntry, { definitions }: Catalogue): string => {
  const { description, level, message, name, schema } = entry
  const lines = [`## ${name}`, ""]
  if (description !== undefined) lines.push(inLine(description), "")
  lines.push(message === name ? `Level ${level}.` : `Level ${level}, message “${inLine(message)}”.`, "")
  const fields = Object.entries(isRecord(schema["properties"]) ? schema["properties"] : {})
    .filter(([field]) => field !== eventName)
  if (fields.length === 0) return [...lines, "No fields.", ""].join("\n")
  lines.push("| Field | Type | There | About |", "| --- | --- | --- | --- |")
  const required: ReadonlyArray<unknown> = Array.isArray(schema["required"]) ? schema["required"] : []
  for (const [field, type] of fields) {
    const types = isRecord(type) ? type : {}
    const there = required.includes(field) ? "always" : "may be missing"
    const cells = [code(field), namesOf(types, definitions), there, aboutOf(types)]
    lines.push(`| ${cells.map(inCell).join(" | ")} |`)
  }
  return [...lines, ""].join("\n")
}

const aboutOf = ({ description }: JsonSchema): string => typeof description === "string" ? description : ""

const inLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim()

const inCell = (text: string): string => inLine(text).replaceAll("|", "\\|")

const code = (text: string): string => text.includes("`") ? text : `\`${text}\``
