import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as SchemaIssue from "effect/SchemaIssue"
import { codeOf } from "../node/codeOf.ts"
import { shortened } from "../record/text.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"

const longest = 256

/** What went wrong, in words. Total: an error is the program's own object, and may throw when it is read. */
const orElse = <A>(read: () => A, otherwise: A): A => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** The first line of a cause. */
export const describeCause = (cause: Cause.Cause<unknown>): string =>
  orElse(() => withoutCredentials(Cause.pretty(cause).split("\n", 1).join("")), "an error that cannot be read")

/** All of a cause, with the stacks of its errors and with what caused them. */
export const explainCause = (cause: Cause.Cause<unknown>): string =>
  orElse(() => withoutCredentials(Cause.pretty(cause)), "an error that cannot be read")

/** The message of an error, and those of what caused it. */
export const describeError = (error: unknown): string =>
  orElse(() => {
    const known = errorOf(error)
    if (known !== undefined) return withCauses(shortened(known.message, longest), known)
    return typeof error === "string" ? shortened(error, longest) : "an error without a message"
  }, "an error that cannot be read")

/** The name and the message of a defect; of what is no error its type, since it could hold anything. */
export const describeDefect = (defect: unknown): string =>
  orElse(
    () => defect instanceof Error ? shortened(`${defect.name}: ${defect.message}`, longest) : typeof defect,
    "unknown defect"
  )

const mostCauses = 3

/** Errors that quote what they could not read: the body of an answer, say. */
const quoting = new Set(["SchemaError", "SyntaxError"])

/**
 * A message with what caused its error behind it, where that says more. Of a cause
 * nothing but the first line of its message is shown, and nothing at all of what is no
 * error: it could be an answer with its body.
 */
export const withCauses = (message: string, error: unknown): string => {
  let said = message
  let current = error
  for (let i = 0; i < mostCauses; i++) {
    const cause = orElse(() => causeOf(current), undefined)
    if (cause === undefined) break
    said = orElse(() => behind(said, cause), said)
    current = cause
  }
  return said
}

const causeOf = (error: unknown): Error | undefined => {
  const cause = error instanceof Error ? error.cause : undefined
  const found = Cause.isCause(cause) ? Cause.squash(cause) : cause
  return errorOf(found)
}

const errorOf = (value: unknown): Error | undefined => {
  if (value instanceof Error) return value
  return value instanceof Config.ConfigError ? errorOfConfig(value) : undefined
}

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/** Names what is missing or bad, and never its value, which could be a secret. */
const errorOfConfig = ({ cause }: Config.ConfigError): Error => {
  if (cause._tag === "SourceError") return cause
  const places = issuesOf(cause.issue).issues.map(({ path = [] }) => path.map(String).join("."))
  return new Error(`the configuration lacks ${[...new Set(places)].join(", ")}, or has no valid value there`)
}

const behind = (said: string, cause: Error): string => {
  const code = codeOf(cause)
  if (code !== undefined && said.includes(code)) return said
  const [line] = cause.message.split("\n", 1)
  const more = quoting.has(cause.name) ? cause.name : shortened(line === "" ? code ?? "" : line ?? "", longest)
  return more === "" || said.includes(more) ? said : `${said}: ${more}`
}
