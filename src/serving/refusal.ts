/** Which fields of a request an HttpApi has refused, without what they were. */
import * as SchemaIssue from "effect/SchemaIssue"
import { isObject } from "../record/plainData.ts"
import { shortened } from "../record/text.ts"

type Issue = SchemaIssue.Issue

const schemaError = "~effect/http-api/HttpApiError/HttpApiSchemaError"

/** So many refused fields are named, in so many bytes. */
const most = 5
const longest = 512

/**
 * What an error of an HttpApi says of the part of a request that its Schema has refused: the client is told
 * nothing of it. The values are left out, because they may be secrets. Total: an error may be anything.
 */
export const refusedIn = (error: unknown): string | undefined => {
  try {
    if (!isObject(error) || !(schemaError in error)) return undefined
    const { cause, kind } = error
    const issue = isObject(cause) ? cause["issue"] : undefined
    if (!SchemaIssue.isIssue(issue)) return undefined
    const said = [...fieldsOf(issue, "")]
    const more = said.length > most ? "; …" : ""
    return shortened(`${String(kind)}: ${said.slice(0, most).join("; ")}${more}`, longest)
  } catch {
    return undefined
  }
}

function* fieldsOf(issue: Issue, path: string): Generator<string> {
  switch (issue._tag) {
    case "Pointer":
      return yield* fieldsOf(issue.issue, issue.path.reduce((text: string, key) => `${text}${pathTo(key)}`, path))
    case "Encoding":
      return yield* fieldsOf(issue.issue, path)
    case "Composite":
    case "AnyOf":
      if (issue.issues.length === 0) break
      for (const each of issue.issues) yield* fieldsOf(each, path)
      return undefined
    default:
  }
  yield path === "" ? wordsOf(issue) : `${path} ${wordsOf(issue)}`
}

const pathTo = (key: PropertyKey): string => `[${typeof key === "string" ? JSON.stringify(key) : String(key)}]`

/** Effect's own words, of an issue that is made anew: a Schema may report its input, and a check make its message of it. */
const wordsOf = (issue: Issue): string => SchemaIssue.defaultLeafHook(withoutValue(issue))

const withoutValue = (issue: Issue): SchemaIssue.Leaf => {
  switch (issue._tag) {
    case "MissingKey":
      return new SchemaIssue.MissingKey(undefined)
    case "UnexpectedKey":
      return new SchemaIssue.UnexpectedKey(issue.ast)
    case "InvalidType":
    case "AnyOf":
      return new SchemaIssue.InvalidType(issue.ast)
    case "Filter": {
      const expected = issue.filter.annotations?.["expected"]
      return new SchemaIssue.InvalidValue(typeof expected === "string" ? { expected } : undefined)
    }
    default:
      return new SchemaIssue.InvalidValue(undefined)
  }
}
