import type { CauseReason } from "../record/CauseReason.ts"
import { CauseSnapshot, ErrorSnapshot, frameLines } from "../record/ErrorSnapshot.ts"
import { isRecord } from "../record/plainData.ts"
import { causeText, valueText } from "./causeText.ts"

/**
 * A failure whose fields have one type each, whatever failed: what an error has besides
 * them is in `fields`.
 */
export interface Failure {
  readonly kind?: CauseReason["kind"]
  readonly type?: string
  readonly message: string
  readonly tag?: string
  readonly stack?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly cause?: Failure
  readonly errors?: ReadonlyArray<Failure>
  readonly fiberId?: string
  readonly interruptor?: string
  readonly count?: number
}

/** The reasons of a cause as failures. */
export const failuresOf = (reasons: ReadonlyArray<CauseReason>): ReadonlyArray<Failure> => reasons.map(failureOf)

const failureOf = (reason: CauseReason): Failure => {
  switch (reason.kind) {
    case "Fail":
    case "Die":
      return { kind: reason.kind, ...valueFailure(reason.error, reason.frames) }
    case "Interrupt": {
      const { fiberId, frames = [], interruptor = [] } = reason
      return {
        kind: "Interrupt",
        message: fiberId === undefined ? "Interrupted" : `Interrupted by #${fiberId}`,
        ...(frames.length > 0 && { stack: frameLines(frames) }),
        ...(fiberId !== undefined && { fiberId: `#${fiberId}` }),
        ...(interruptor.length > 0 && { interruptor: frameLines(interruptor) })
      }
    }
    case "More":
      return { kind: "More", message: causeText([reason]), count: reason.count }
  }
}

/** What failed, which need not be an error. */
const valueFailure = (value: unknown, calls: ReadonlyArray<string> = []): Failure => {
  if (value instanceof ErrorSnapshot) return errorFailure(value, calls)
  const stack = calls.length > 0 && { stack: frameLines(calls) }
  if (value instanceof CauseSnapshot) {
    return { type: "Cause", message: causeText(value.reasons), ...stack, errors: failuresOf(value.reasons) }
  }
  return { type: typeOf(value), message: valueText(value), ...stack, ...(isRecord(value) && { fields: value }) }
}

const errorFailure = (error: ErrorSnapshot, calls: ReadonlyArray<string>): Failure => {
  const { cause, errors, message = "", name, properties, tag, title } = error
  const frames = [...error.frames, ...calls]
  const type = name ?? tag ?? "Error"
  return {
    type,
    message,
    ...(tag !== undefined && tag !== type && { tag }),
    ...(frames.length > 0 && { stack: `${title}\n${frameLines(frames)}` }),
    ...(Object.keys(properties).length > 0 && { fields: properties }),
    ...(cause !== undefined && { cause: valueFailure(cause) }),
    ...(errors !== undefined && { errors: errors.map((each) => valueFailure(each)) })
  }
}

const typeOf = (value: unknown): string => {
  if (value === null) return "null"
  return Array.isArray(value) ? "array" : typeof value
}
