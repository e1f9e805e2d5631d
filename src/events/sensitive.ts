import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** What stands in a record in place of a value that is sensitive. */
export const withheld = "<redacted>"

/** The annotation of a Schema whose values never leave the program. */
export const sensitiveKey = "~effect-spillway/sensitive"

/** The keyword of a JSON Schema of what is withheld. */
export const sensitiveKeyword = "x-sensitive"

/** The name by which Effect knows its Schema of a `Redacted`, at any version of it. */
const redactedId = "effect/schema/Redacted"

const withholding = new SchemaTransformation.Transformation<unknown, typeof withheld>(
  SchemaGetter.forbidden(() => "sensitive"),
  SchemaGetter.transform(() => withheld)
)

/** Takes anything, and is encoded as the word that stands for it. */
const anySensitive = Schema.Unknown.pipe(
  Schema.encodeTo(Schema.Literal(withheld).annotate({ [sensitiveKeyword]: true }), withholding)
)
const anySensitiveKey = Schema.optionalKey(anySensitive)

/** Whether it is what {@link withoutSensitive} puts in place of a sensitive part. */
export const isWithheld = (ast: SchemaAST.AST): boolean =>
  ast.encoding?.length === 1 && ast.encoding[0].transformation === anySensitive.ast.encoding?.[0]?.transformation

/** Whether a Schema says itself that its values are sensitive, or what they are encoded as does. */
export const isSensitive = (ast: SchemaAST.AST): boolean =>
  isAnnotated(ast.annotations) || isAnnotated(ast.context?.annotations) ||
  (ast.checks ?? []).some(isSensitiveCheck) || (ast.encoding ?? []).some(({ to }) => isSensitive(to)) ||
  (SchemaAST.isDeclaration(ast) && isOfRedacted(ast)) ||
  // Their parts cannot be withheld one by one.
  (SchemaAST.isTemplateLiteral(ast) && ast.parts.some(isSensitive)) ||
  (SchemaAST.isObjects(ast) && ast.indexSignatures.some(({ parameter }) => isSensitive(parameter)))

const isAnnotated = (annotations: Schema.Annotations.Annotations | undefined): boolean =>
  annotations?.[sensitiveKey] === true

const isSensitiveCheck = (check: SchemaAST.Check<never>): boolean =>
  isAnnotated(check.annotations) || (check._tag === "FilterGroup" && check.checks.some(isSensitiveCheck))

const isOfRedacted = ({ annotations }: SchemaAST.Declaration): boolean => {
  const representation = annotations?.["representation"]
  return typeof representation === "object" && representation !== null && "id" in representation &&
    representation.id === redactedId
}

/**
 * The same Schema, whose sensitive parts take anything and are encoded as a word that says
 * nothing of it. It is what Effect encodes with: no code of ours is to look for secrets in
 * what was encoded.
 */
export const withoutSensitive = (ast: SchemaAST.AST): SchemaAST.AST => {
  const known = rewritten.get(ast)
  if (known !== undefined) return known
  const found = rewrite(ast)
  rewritten.set(ast, found)
  rewritten.set(found, found)
  return found
}

const rewritten = new WeakMap<SchemaAST.AST, SchemaAST.AST>()

const rewrite = (ast: SchemaAST.AST): SchemaAST.AST => {
  if (isWithheld(ast)) return ast
  if (isSensitive(ast)) return SchemaAST.isOptional(ast) ? anySensitiveKey.ast : anySensitive.ast
  const parts = rewrittenParts(ast)
  const encoding = ast.encoding?.map((link) => {
    const to = withoutSensitive(link.to)
    return to === link.to ? link : new SchemaAST.Link(to, link.transformation)
  })
  const isSame = parts === undefined && (encoding ?? []).every((link, i) => link === ast.encoding?.[i])
  return isSame ? ast : changed(ast, { ...parts, ...(encoding && { encoding }) })
}

/** What of a Schema has sensitive parts below it, and is another therefore. */
const rewrittenParts = (ast: SchemaAST.AST): object | undefined => {
  switch (ast._tag) {
    case "Declaration": {
      const typeParameters = ast.typeParameters.map(withoutSensitive)
      return isEach(typeParameters, ast.typeParameters) ? undefined : { typeParameters }
    }
    case "Arrays": {
      const elements = ast.elements.map(withoutSensitive)
      const rest = ast.rest.map(withoutSensitive)
      return isEach(elements, ast.elements) && isEach(rest, ast.rest) ? undefined : { elements, rest }
    }
    case "Objects": {
      const properties = ast.propertySignatures.map(({ type }) => withoutSensitive(type))
      const indexes = ast.indexSignatures.map(({ type }) => withoutSensitive(type))
      return isEach(properties, ast.propertySignatures.map(({ type }) => type)) &&
          isEach(indexes, ast.indexSignatures.map(({ type }) => type))
        ? undefined
        : {
          propertySignatures: ast.propertySignatures.map(({ name }, i) =>
            new SchemaAST.PropertySignature(name, properties[i]!)
          ),
          indexSignatures: ast.indexSignatures.map(({ parameter }, i) =>
            new SchemaAST.IndexSignature(parameter, indexes[i]!)
          )
        }
    }
    case "Union": {
      const types = ast.types.map(withoutSensitive)
      return isEach(types, ast.types) ? undefined : { types }
    }
    case "Suspend": {
      const { thunk } = ast
      let found: SchemaAST.AST | undefined
      return { thunk: () => found ??= withoutSensitive(thunk()) }
    }
    default:
      return undefined
  }
}

const isEach = (some: ReadonlyArray<SchemaAST.AST>, others: ReadonlyArray<SchemaAST.AST>): boolean =>
  some.every((one, i) => one === others[i])

/** A node with other parts. Each kind has a constructor of its own, whose arguments would be all there is to copy. */
const changed = <A extends SchemaAST.AST>(ast: A, parts: object): A => {
  const copy: object = Object.create(Object.getPrototypeOf(ast))
  return Object.assign(copy, ast, parts)
}
