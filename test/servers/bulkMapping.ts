/**
 * The dynamic mapping of an index (Elasticsearch 9, "Dynamic field mapping", "Numeric field types", "Mapping limit settings").
 *
 * | A document is answered with | when |
 * | --- | --- |
 * | 400 `document_parsing_exception` | a field has another type than the first document with it, a number is larger than its type, or a name is blank |
 * | 400 `illegal_argument_exception` | more than 20 objects are in each other (`index.mapping.depth.limit`), or the index would have more than 1,000 fields (`index.mapping.total_fields.limit`) |
 */
import { isRecord } from "../../src/record/plainData.ts"
import { isTimestamp } from "./bulkRules.ts"

export interface Failed {
  readonly type: string
  readonly reason: string
}

export type Kind = "object" | "text" | "long" | "float" | "boolean" | "date"

const mostDepth = 20
const mostFields = 1000

/** The types of an index with those of a document that fits them, or why it does not. */
export const withTypesOf = (
  source: Readonly<Record<string, unknown>>,
  before: ReadonlyMap<string, Kind>,
  id: string
): Map<string, Kind> | Failed => {
  const types = new Map(before)

  const visit = (path: string, value: unknown, depth: number): Failed | undefined => {
    if (value === null) return undefined
    if (Array.isArray(value)) return first(value, (item) => visit(path, item, depth))
    const kind = types.get(path)
    if (!isRecord(value)) {
      if (kind === "object") {
        const of = `object mapping for [${path}] tried to parse field [${path}] as object`
        return parsing(`[1:42] ${of}, but found a concrete value`)
      }
      const type = kind ?? kindOf(value)
      if (!fits(type, value)) return mismatch(path, type, value)
      types.set(path, type)
      return undefined
    }
    if (depth > mostDepth) {
      return limit(`mapping depth [${mostDepth}]`)
    }
    if (kind !== undefined && kind !== "object") return mismatch(path, kind, value)
    if (path !== "") types.set(path, "object")
    return first(Object.entries(value), ([name, field]) => visitNamed(path, name, field, depth))
  }

  const visitNamed = (path: string, name: string, value: unknown, depth: number): Failed | undefined => {
    const [head = "", ...rest] = name.split(".")
    if (head.trim() === "") return parsing(`[1:42] field name cannot contain only whitespace: ['${name}']`)
    const at = path === "" ? head : `${path}.${head}`
    return visit(at, rest.length === 0 ? value : { [rest.join(".")]: value }, depth + 1)
  }

  const mismatch = (path: string, kind: Kind, value: unknown): Failed =>
    parsing(
      `[1:42] failed to parse field [${path}] of type [${kind}] in document with id '${id}'. ` +
        `Preview of field's value: '${typeof value === "string" ? value : JSON.stringify(value)}'`
    )

  return visit("", source, 0) ?? (types.size > mostFields ? limit(`total fields [${mostFields}]`) : types)
}

const limit = (of: string): Failed => ({
  type: "illegal_argument_exception",
  reason: `Limit of ${of} has been exceeded`
})

const parsing = (reason: string): Failed => ({ type: "document_parsing_exception", reason })

const first = <A>(items: ReadonlyArray<A>, find: (item: A) => Failed | undefined): Failed | undefined => {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

const kindOf = (value: unknown): Kind => {
  if (typeof value === "number") return /^-?\d+$/.test(JSON.stringify(value)) ? "long" : "float"
  return typeof value === "boolean" ? "boolean" : "text"
}

const fits = (kind: Kind, value: unknown): boolean => {
  switch (kind) {
    case "text":
      return true
    case "long":
      return isNumber(value) && Math.abs(Number(value)) < 2 ** 63
    case "float":
      return isNumber(value) && Number.isFinite(Math.fround(Number(value)))
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false"
    case "date":
      return isTimestamp(value)
    case "object":
      return false
  }
}

const isNumber = (value: unknown): boolean =>
  typeof value !== "boolean" && value !== "" && Number.isFinite(Number(value))
