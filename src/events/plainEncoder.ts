/**
 * Encoders for the Schemas that most fields have. Each is a function that does what
 * Effect's parser would do, without the Effect, the exits and the issues that it makes on
 * the way: a log call has no time for them.
 */
import * as SchemaAST from "effect/SchemaAST"
import { isWithheld, withheld } from "./sensitive.ts"

/** What an encoder gives for a value that the Schema does not take. */
export const refused = Symbol("refused")

/** The form in JSON of a value, as `Schema.toCodecJson` has it, or {@link refused}. It may throw what code of the program throws. */
export type PlainEncoder = (value: unknown) => unknown

/** An encoder for a Schema that is plain enough, or nothing. */
export const plainEncoder = (ast: SchemaAST.AST): PlainEncoder | undefined => {
  if (isWithheld(ast)) return () => withheld
  if (ast.encoding !== undefined || ("encodingChecks" in ast && ast.encodingChecks !== undefined)) return undefined
  const encoder = unchecked(ast)
  const { checks } = ast
  if (encoder === undefined || checks === undefined) return encoder
  return (value) => {
    const encoded = encoder(value)
    return encoded !== refused && passAll(checks, value, ast) ? encoded : refused
  }
}

const isPlain = ({ checks, encoding }: SchemaAST.AST): boolean => checks === undefined && encoding === undefined

const noOptions: SchemaAST.ParseOptions = {}

const passAll = <A>(checks: ReadonlyArray<SchemaAST.Check<A>>, value: A, ast: SchemaAST.AST): boolean => {
  for (let i = 0; i < checks.length; i++) {
    const check = checks[i]!
    const passes = check._tag === "Filter"
      ? check.run(value, ast, noOptions) === undefined
      : passAll(check.checks, value, ast)
    if (!passes) return false
  }
  return true
}

const unchecked = (ast: SchemaAST.AST): PlainEncoder | undefined => {
  switch (ast._tag) {
    // What a log call copies of any value it copies of this one.
    case "Unknown":
    case "Any":
      return (value) => value
    case "String":
      return (value) => typeof value === "string" ? value : refused
    case "Boolean":
      return (value) => typeof value === "boolean" ? value : refused
    case "Number":
      return (value) => typeof value === "number" ? Number.isFinite(value) ? value : String(value) : refused
    case "Null":
      return (value) => value === null ? value : refused
    case "Undefined":
      return (value) => value === undefined ? null : refused
    case "Literal": {
      const { literal } = ast
      return typeof literal === "bigint" ? undefined : (value) => value === literal ? literal : refused
    }
    case "Enum": {
      const values = new Set<unknown>(ast.enums.map(([, value]) => value))
      return (value) => values.has(value) ? value : refused
    }
    case "Objects":
      return objectEncoder(ast)
    case "Arrays":
      return arrayEncoder(ast)
    case "Union":
      return unionEncoder(ast)
    default:
      return undefined
  }
}

interface Property {
  readonly name: string
  readonly isOptional: boolean
  /** The type of values that are their own encoded form, or nothing. */
  readonly quick: "string" | "boolean" | undefined
  readonly encode: PlainEncoder
}

const objectEncoder = (ast: SchemaAST.Objects): PlainEncoder | undefined => {
  if (ast.indexSignatures.length > 0 || ast.propertySignatures.length === 0) return undefined
  const properties: Array<Property> = []
  for (const { name, type } of ast.propertySignatures) {
    const encode = plainEncoder(type)
    // Of these every object has one, of its own or not.
    if (encode === undefined || typeof name !== "string" || name in Object.prototype) return undefined
    properties.push({ name, isOptional: SchemaAST.isOptional(type), quick: quickOf(type), encode })
  }
  const count = properties.length
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refused
    const source: Readonly<Record<string, unknown>> = Object(value)
    const out: Record<string, unknown> = {}
    for (let i = 0; i < count; i++) {
      const property = properties[i]!
      const { name } = property
      const given = source[name]
      if (typeof given === property.quick) {
        out[name] = given
        continue
      }
      if (given === undefined && !(name in source)) {
        if (property.isOptional) continue
        return refused
      }
      const encoded = property.encode(given)
      if (encoded === refused) return refused
      out[name] = encoded
    }
    return out
  }
}

const quickOf = (ast: SchemaAST.AST): Property["quick"] =>
  !isPlain(ast) ? undefined : SchemaAST.isString(ast) ? "string" : SchemaAST.isBoolean(ast) ? "boolean" : undefined

const arrayEncoder = ({ elements, rest }: SchemaAST.Arrays): PlainEncoder | undefined => {
  const encode = elements.length === 0 && rest.length === 1 ? plainEncoder(rest[0]!) : undefined
  if (encode === undefined) return undefined
  return (value) => {
    if (!Array.isArray(value)) return refused
    const out: Array<unknown> = []
    for (let i = 0; i < value.length; i++) {
      const encoded = encode(value[i])
      if (encoded === refused) return refused
      out.push(encoded)
    }
    return out
  }
}

const unionEncoder = ({ options, types }: SchemaAST.Union): PlainEncoder | undefined => {
  if (options?.mode === "oneOf") return undefined
  const literals = types.map((type): unknown => SchemaAST.isLiteral(type) && isPlain(type) ? type.literal : undefined)
  if (literals.every((literal) => literal !== undefined && typeof literal !== "bigint")) {
    return (value) => literals.includes(value) ? value : refused
  }
  const encoders: Array<PlainEncoder> = []
  for (const type of types) {
    const encode = plainEncoder(type)
    if (encode === undefined) return undefined
    encoders.push(encode)
  }
  return (value) => {
    for (const encode of encoders) {
      const encoded = encode(value)
      if (encoded !== refused) return encoded
    }
    return refused
  }
}
