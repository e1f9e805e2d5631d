import type { JsonFields, JsonOptions } from "./jsonOptions.ts"

const allFields = [
  "message",
  "data",
  "level",
  "timestamp",
  "cause",
  "annotations",
  "spans",
  "fiberId",
  "traceId",
  "spanId",
  "uid"
] as const satisfies ReadonlyArray<keyof JsonFields>

export type Field = (typeof allFields)[number]

/** The name of a field; `false` when it is left out. */
export const nameOf = (field: Field, { fields }: JsonOptions): string | false => fields?.[field] ?? field

/** The names that fields of our own have side by side in one line, and which fields those are. */
export const namesOf = (options: JsonOptions): ReadonlyMap<Field, string> => {
  const names = new Map<Field, string>()
  for (const field of allFields) {
    const name = nameOf(field, options)
    const stands = (field !== "data" || options.message === "text") &&
      (field !== "annotations" || options.annotations !== "flat") &&
      (field !== "uid" || options.uid === true)
    if (stands && name !== false) names.set(field, name)
  }
  return names
}
