/** The fields of an event as the nodes of their Schemas, however they were given. */
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as Check from "../options/check.ts"
import { shown } from "../options/shown.ts"
import { eventName } from "../record/EventMessage.ts"
import { isRecord } from "../record/plainData.ts"
import { isSensitive, sensitiveKey } from "./sensitive.ts"

export interface Field {
  readonly name: string
  readonly ast: SchemaAST.AST
}

export const aSchema = Check.satisfies("a Schema", Schema.isSchema)

/** What fields may be given as, for an option. */
export const someFields: Check.Check & { readonly required: true } = {
  expected: "a Schema.Struct, or an object with a Schema for each field",
  required: true,
  read(value) {
    if (!isRecord(value) && !Schema.isSchema(value)) return undefined
    const found = fieldsOf(value)
    return "problems" in found ? found : { value }
  }
}

/** The fields that were checked before. */
export const fieldsIn = (given: object): ReadonlyArray<Field> => {
  const found = fieldsOf(given)
  return "problems" in found ? [] : found.fields
}

type Found = { readonly fields: ReadonlyArray<Field> } | { readonly problems: ReadonlyArray<Check.Problem> }

const fieldsOf = (given: object): Found => Schema.isSchema(given) ? ofStruct(given.ast) : ofRecord(given)

const ofStruct = (ast: SchemaAST.AST): Found => {
  const problem = structProblem(ast)
  if (problem !== undefined || !SchemaAST.isObjects(ast)) return { problems: [{ at: "", text: String(problem) }] }
  const isAll = isSensitive(ast)
  return checked(ast.propertySignatures.map(({ name, type }) => [name, isAll ? hidden(type) : type]))
}

/** What an event cannot be made of: it is encoded field by field. */
const structProblem = (ast: SchemaAST.AST): string | undefined => {
  if (!SchemaAST.isObjects(ast)) return "must be a Schema.Struct, got another Schema"
  if (ast.indexSignatures.length > 0) return "must name every field, got a Schema of a record"
  if (ast.encoding !== undefined) return "must be a Schema.Struct that is not transformed, got one that is"
  if (ast.checks !== undefined || ast.encodingChecks !== undefined) {
    return "must have its checks on its fields, got a Schema.Struct with a check of its own"
  }
  return undefined
}

const ofRecord = (given: object): Found => {
  const entries: Array<readonly [PropertyKey, SchemaAST.AST]> = []
  const problems: Array<Check.Problem> = []
  for (const name of Reflect.ownKeys(given)) {
    const schema: unknown = Reflect.get(given, name)
    if (Schema.isSchema(schema)) entries.push([name, schema.ast])
    else problems.push({ at: `.${String(name)}`, text: `must be ${aSchema.expected}, got ${shown(schema)}` })
  }
  return problems.length === 0 ? checked(entries) : { problems }
}

const checked = (entries: ReadonlyArray<readonly [PropertyKey, SchemaAST.AST]>): Found => {
  const fields: Array<Field> = []
  const problems: Array<Check.Problem> = []
  for (const [name, ast] of entries) {
    const problem = nameProblem(name)
    if (problem !== undefined) problems.push({ at: "", text: problem })
    else if (typeof name === "string") fields.push({ name, ast })
  }
  return problems.length === 0 ? { fields } : { problems }
}

const nameProblem = (name: PropertyKey): string | undefined => {
  if (typeof name !== "string") return `must have names that are texts, got ${shown(name)}`
  if (name === "") return "must have a name for each field, got an empty one"
  // An object cannot be given one like any other.
  if (name === "__proto__") return `must not name a field "__proto__"`
  return name === eventName ? `must not name a field "${eventName}": that is the event's` : undefined
}

const hidden = (ast: SchemaAST.AST): SchemaAST.AST =>
  Schema.make<Schema.Codec<unknown>>(ast).annotate({ [sensitiveKey]: true }).ast
