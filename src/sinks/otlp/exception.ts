import { exceptionOf } from "../../encode/exception.ts"
import type { LogRecord } from "../../LogRecord.ts"
import type { Attribute } from "./attributes.ts"

/**
 * What a record says of an exception, by the conventions for exceptions in logs (Semantic
 * Conventions 1.45, `exceptions/exceptions-logs`, stable).
 */
export const exceptionAttributes = (record: LogRecord): ReadonlyArray<Attribute> | undefined => {
  const exception = exceptionOf(record)
  if (exception === undefined) return undefined
  const fields: ReadonlyArray<Attribute> = [
    ["exception.type", exception.type],
    ["exception.message", exception.message],
    ["exception.stacktrace", exception.stack]
  ]
  return fields.filter(([, text]) => text !== undefined && text !== "")
}
