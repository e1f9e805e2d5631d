import * as SchemaAST from "effect/SchemaAST"
import { shortened } from "../record/text.ts"
import { isSensitive, withheld } from "./sensitive.ts"

const longest = 120
const deepest = 2

/** What a Schema expects, in a few words that come from the Schema alone. */
export const expectedOf = (ast: SchemaAST.AST): string => shortened(described(ast, 0), longest)

const described = (ast: SchemaAST.AST, depth: number): string => {
  if (isSensitive(ast)) return withheld
  const checks = (ast.checks ?? []).map(({ annotations }) => annotations?.expected ?? annotations?.description)
  return [
    SchemaAST.resolveIdentifier(ast) ?? kindOf(ast, depth),
    ...checks.filter((check) => typeof check === "string")
  ].join(", ")
}

const kindOf = (ast: SchemaAST.AST, depth: number): string => {
  switch (ast._tag) {
    case "Literal":
      return typeof ast.literal === "string" ? JSON.stringify(ast.literal) : String(ast.literal)
    case "Enum":
      return ast.enums.map(([, value]) => JSON.stringify(value)).join(" | ")
    case "Union":
      return depth > deepest
        ? "union"
        : ast.types.length === 0
        ? "nothing"
        : ast.types.map((type) => described(type, depth + 1)).join(" | ")
    case "Arrays":
      return depth > deepest || ast.rest.length !== 1 || ast.elements.length > 0
        ? "array"
        : `array of ${described(ast.rest[0]!, depth + 1)}`
    case "Objects":
      return depth > deepest ? "object" : objectOf(ast, depth)
    case "Declaration":
      return words(ast.annotations?.["expected"]) ?? words(ast.annotations?.["title"]) ?? "value of a class"
    case "UniqueSymbol":
      return "symbol"
    case "Suspend":
      return "object"
    default:
      return ast._tag.toLowerCase()
  }
}

const objectOf = ({ propertySignatures }: SchemaAST.Objects, depth: number): string => {
  const fields = propertySignatures.map(({ name, type }) =>
    `${String(name)}${SchemaAST.isOptional(type) ? "?" : ""}: ${described(type, depth + 1)}`
  )
  return fields.length === 0 ? "object" : `{ ${fields.join(", ")} }`
}

const words = (u: unknown): string | undefined => typeof u === "string" ? u : undefined
