import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { shortened } from "../record/text.ts"

const longest = 80

/** A value as an error shows it: a text or a number itself, anything else by its kind, since it could hold anything. */
export const shown = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return JSON.stringify(shortened(value, longest))
    case "function":
      return "a function"
    case "symbol":
      return "a symbol"
    case "bigint":
      return `${value}n`
    case "object":
      return kindOf(value)
    default:
      return String(value)
  }
}

const kindOf = (value: object | null): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array"
  if (Redacted.isRedacted(value)) return "a Redacted"
  if (Effect.isEffect(value)) return "an Effect"
  try {
    if (Reflect.get(value, Symbol.toStringTag) === "Module") return "a module"
    const { name } = value.constructor
    if (name === "Object" || name === "") return "an object"
    return `an object of ${shortened(name, longest)}`
  } catch {
    return "an object"
  }
}
