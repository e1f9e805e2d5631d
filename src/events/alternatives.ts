/** A JSON Schema as the kinds of values that it takes, which two are compared by. */
import { isRecord } from "../record/plainData.ts"
import type { JsonSchema } from "./catalogue.ts"

export type Definitions = Readonly<Record<string, JsonSchema>>

/** One kind of value. */
export type Alternative =
  | { readonly kind: "any" }
  | { readonly kind: "literal"; readonly literal: unknown; readonly isSensitive: boolean }
  /** `integer` is of numbers, `not finite` are the three texts that JSON has for numbers that it has not. */
  | { readonly kind: Scalar; readonly schema: JsonSchema }
  | { readonly kind: "array" | "object"; readonly schema: JsonSchema }

export type Scalar = "string" | "number" | "integer" | "boolean" | "null" | "not finite"

const kinds = ["string", "number", "integer", "boolean", "null", "array", "object"] as const

/** What a Schema takes; nothing of `not`. References are followed, one that leads to itself takes anything. */
export const alternativesOf = (
  schema: JsonSchema,
  definitions: Definitions,
  seen: ReadonlyArray<string> = []
): ReadonlyArray<Alternative> => {
  const { $ref, allOf, anyOf, const: constant, enum: values, not, oneOf, type } = schema
  if (typeof $ref === "string") {
    const name = nameIn($ref)
    const target = definitions[name]
    return target === undefined || seen.includes(name)
      ? [{ kind: "any" }]
      : alternativesOf(target, definitions, [...seen, name])
  }
  const some = anyOf ?? oneOf
  if (Array.isArray(some)) {
    return some.filter(isRecord).flatMap((each) =>
      isNotFinite(each) ? [{ kind: "not finite", schema: each } as const] : alternativesOf(each, definitions, seen)
    )
  }
  if (Array.isArray(values)) {
    return values.map((literal: unknown) => ({ kind: "literal", literal, isSensitive: schema["x-sensitive"] === true }))
  }
  if (constant !== undefined) return [{ kind: "literal", literal: constant, isSensitive: false }]
  if (isRecord(not) && Object.keys(not).length === 0) return []
  const kind = kinds.find((each) => each === type)
  if (kind !== undefined) return [{ kind, schema: Array.isArray(allOf) ? merged(schema, allOf) : schema }]
  if (Array.isArray(allOf)) return alternativesOf(merged(schema, allOf), definitions, seen)
  return [{ kind: "any" }]
}

/** The parts of an `allOf`, which a check that does not fit into its Schema is in. */
const merged = (schema: JsonSchema, allOf: ReadonlyArray<unknown>): JsonSchema => {
  const whole: Record<string, unknown> = Object.assign({}, ...allOf.filter(isRecord), schema)
  delete whole["allOf"]
  return whole
}

const nameIn = ($ref: string): string =>
  decodeURIComponent($ref.replace("#/$defs/", "")).replaceAll("~1", "/").replaceAll("~0", "~")

const isNotFinite = ({ enum: values }: JsonSchema): boolean =>
  Array.isArray(values) && values.length === 3 &&
  ["NaN", "Infinity", "-Infinity"].every((each) => values.includes(each))

/** A kind of value in a word or a few. */
export const nameOf = (alternative: Alternative, definitions: Definitions): string => {
  switch (alternative.kind) {
    case "any":
      return "anything"
    case "literal":
      return alternative.isSensitive ? "sensitive" : JSON.stringify(alternative.literal)
    case "not finite":
      return "NaN or infinite"
    case "array":
      return arrayName(alternative.schema, definitions)
    case "object":
      return objectName(alternative.schema)
    default:
      return alternative.kind
  }
}

const arrayName = ({ items }: JsonSchema, definitions: Definitions): string => {
  if (!isRecord(items) || "$ref" in items) return "array"
  return `array of ${namesOf(items, definitions)}`
}

const objectName = ({ properties, required }: JsonSchema): string => {
  if (!isRecord(properties)) return "object"
  const names = Object.keys(properties)
  const needed: ReadonlyArray<unknown> = Array.isArray(required) ? required : []
  return `object with ${names.map((name) => needed.includes(name) ? name : `${name}?`).join(", ")}`
}

/** All that a Schema takes, in a few words. */
export const namesOf = (schema: JsonSchema, definitions: Definitions): string => {
  const names = alternativesOf(schema, definitions).map((each) => nameOf(each, definitions))
  return names.length === 0 ? "nothing" : [...new Set(names)].join(" or ")
}
