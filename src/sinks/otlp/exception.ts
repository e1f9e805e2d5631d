import { causeText, errorText } from "../../encode/causeText.ts"
import { failuresOf } from "../../encode/failures.ts"
import type { CauseReason, LogRecord } from "../../LogRecord.ts"
import { ErrorSnapshot } from "../../record/ErrorSnapshot.ts"
import { close, open, PackedMessage } from "../../record/PackedMessage.ts"
import type { Attribute } from "./attributes.ts"

/**
 * What a record says of an exception, by the conventions for exceptions in logs (Semantic
 * Conventions 1.45, `exceptions/exceptions-logs`, stable): that of its cause, or of an error
 * that is its message or one of them. The stack has all that happened: the other reasons, and
 * what each error was caused by.
 */
export const exceptionOf = ({ cause, content }: LogRecord): ReadonlyArray<Attribute> | undefined => {
  if (cause !== undefined) return attributes(decisive(cause), causeText(cause))
  if (typeof content === "string") return undefined
  const error = errorIn(content)
  return error && attributes({ kind: "Fail", error }, errorText(error))
}

/** What failed comes before what was interrupted for that. */
const decisive = (reasons: ReadonlyArray<CauseReason>): CauseReason | undefined =>
  reasons.find((reason) => "error" in reason) ?? reasons[0]

const attributes = (reason: CauseReason | undefined, stack: string): ReadonlyArray<Attribute> | undefined => {
  if (reason === undefined) return undefined
  const [failure] = failuresOf([reason])
  const type = failure?.type ?? (reason.kind === "Interrupt" ? "InterruptError" : undefined)
  const fields: ReadonlyArray<Attribute> = [
    ["exception.type", type],
    ["exception.message", failure?.message],
    ["exception.stacktrace", stack]
  ]
  return fields.filter(([, text]) => text !== undefined && text !== "")
}

/** An error that is the message, or one of several. */
const errorIn = (content: unknown): ErrorSnapshot | undefined => {
  if (content instanceof ErrorSnapshot) return content
  if (content instanceof PackedMessage) return content.layout.isList ? errorOfList(content) : undefined
  return Array.isArray(content) ? content.find((item) => item instanceof ErrorSnapshot) : undefined
}

const errorOfList = ({ layout: { steps }, leaves }: PackedMessage): ErrorSnapshot | undefined => {
  let depth = 0
  let leaf = 0
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]
    if (step === open) depth++
    else if (step === close) depth--
    else if (steps[i + 1] !== open) {
      const value = leaves[leaf++]
      if (depth === 0 && value instanceof ErrorSnapshot) return value
    }
  }
  return undefined
}
