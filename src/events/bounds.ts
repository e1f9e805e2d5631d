/** What a JSON Schema says of values of one kind: how far they go, and of what form they are. */
import type { JsonSchema } from "./catalogue.ts"

/** Keywords of bounds; whether a larger one takes more. */
const bounds: ReadonlyArray<readonly [keyword: string, takesMore: "larger" | "smaller", what: string]> = [
  ["minimum", "smaller", "be below"],
  ["exclusiveMinimum", "smaller", "be at or below"],
  ["minLength", "smaller", "be shorter than"],
  ["minItems", "smaller", "have fewer items than"],
  ["minProperties", "smaller", "have fewer properties than"],
  ["maximum", "larger", "be above"],
  ["exclusiveMaximum", "larger", "be at or above"],
  ["maxLength", "larger", "be longer than"],
  ["maxItems", "larger", "have more items than"],
  ["maxProperties", "larger", "have more properties than"]
]

const forms = ["pattern", "format", "multipleOf"]

/** What values of the second Schema can be that those of the first could not. */
export const loosened = (before: JsonSchema, after: JsonSchema): ReadonlyArray<string> => {
  const found: Array<string> = []
  for (const [keyword, takesMore, what] of bounds) {
    const was = before[keyword]
    const is = after[keyword]
    if (typeof was !== "number" || isHeldBy(keyword, was, after)) continue
    if (typeof is !== "number" || (takesMore === "larger" ? is > was : is < was)) found.push(`can ${what} ${was}`)
  }
  for (const keyword of forms) {
    const was = before[keyword]
    if (was !== undefined && was !== after[keyword]) found.push(`need not have the ${keyword} ${JSON.stringify(was)}`)
  }
  return found
}

/** Whether a bound is kept by the other one of its side, which may be exclusive or not. */
const isHeldBy = (keyword: string, was: number, after: JsonSchema): boolean => {
  const { exclusiveMaximum, exclusiveMinimum, maximum, minimum } = after
  switch (keyword) {
    case "minimum":
      return typeof exclusiveMinimum === "number" && exclusiveMinimum >= was
    case "exclusiveMinimum":
      return typeof minimum === "number" && minimum > was
    case "maximum":
      return typeof exclusiveMaximum === "number" && exclusiveMaximum <= was
    case "exclusiveMaximum":
      return typeof maximum === "number" && maximum < was
    default:
      return false
  }
}
