import type { CauseReason, LogRecord } from "../LogRecord.ts"
import { ErrorSnapshot } from "../record/ErrorSnapshot.ts"
import { close, open, PackedMessage } from "../record/PackedMessage.ts"
import { causeText, errorText } from "./causeText.ts"
import { failuresOf } from "./failures.ts"

/** What a record says of an exception, for formats that have fields for one. */
export interface Exception {
  readonly type: string | undefined
  readonly message: string | undefined
  /** All that happened: the other reasons of a cause, and what each error was caused by. */
  readonly stack: string
  /** The part of the message that it is. */
  readonly part: ErrorSnapshot | undefined
}

/** The exception of a record: that of its cause, or else an error that is its message or one of several. */
export const exceptionOf = ({ cause, content }: LogRecord): Exception | undefined => {
  const reason = cause && decisive(cause)
  if (cause !== undefined && reason !== undefined) return exception(reason, causeText(cause), undefined)
  if (typeof content === "string") return undefined
  const part = errorIn(content)
  return part && exception({ kind: "Fail", error: part }, errorText(part), part)
}

/** What failed comes before what was interrupted for that. */
const decisive = (reasons: ReadonlyArray<CauseReason>): CauseReason | undefined =>
  reasons.find((reason) => "error" in reason) ?? reasons[0]

const exception = (reason: CauseReason, stack: string, part: ErrorSnapshot | undefined): Exception => {
  const [failure] = failuresOf([reason])
  const type = failure?.type ?? (reason.kind === "Interrupt" ? "InterruptError" : undefined)
  return { type, message: failure?.message, stack, part }
}

const errorIn = (content: unknown): ErrorSnapshot | undefined => {
  if (content instanceof ErrorSnapshot) return content
  if (content instanceof PackedMessage) return content.layout.isList ? errorOfList(content) : undefined
  return Array.isArray(content) ? content.find((part) => part instanceof ErrorSnapshot) : undefined
}

/** Of the leaves only those are messages that lie in no object. */
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
