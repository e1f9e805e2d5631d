import * as Clock from "effect/Clock"
import * as Inspectable from "effect/Inspectable"
import * as Logger from "effect/Logger"
import type * as Tracer from "effect/Tracer"
import { causeText, errorText } from "../encode/causeText.ts"
import type { LogRecord } from "../LogRecord.ts"
import { ErrorSnapshot } from "../record/ErrorSnapshot.ts"
import { PackedMessage, shown } from "../record/PackedMessage.ts"

type Call = Logger.Options<unknown>
type AnyLogger = Logger.Logger<unknown, unknown>

const TypeId = "~effect-spillway/addsSpanEvents"

/** The span of a call that takes events, by the rules of Effect's own logger. */
export const openSpan = ({ fiber }: Call): Tracer.Span | undefined => {
  const { span } = fiber.cache
  return span === undefined || span._tag === "ExternalSpan" || span.status._tag === "Ended" ? undefined : span
}

/**
 * Adds a log call to its span as an event, in the shape of Effect's own logger,
 * from the record: what is redacted in the log is redacted in the traces.
 */
export const addSpanEvent = (span: Tracer.Span, { fiber, logLevel }: Call, record: LogRecord): void => {
  const { cause, content, origin } = record
  // What stands for a record that could not be made says neither.
  const isOfCall = origin.fiberId === fiber.id && origin.level === logLevel
  const known = (isOfCall ? origin.attributes : undefined) ?? attributesOf(record, fiber.id, logLevel)
  if (isOfCall) origin.attributes = known
  // Each event has a copy: a tracer may add to it.
  const attributes = { ...known }
  if (cause !== undefined) attributes["effect.cause"] = causeText(cause)
  span.event(nameOf(content), fiber.getRef(Clock.Clock).currentTimeNanosUnsafe(), attributes)
}

const attributesOf = (
  { annotations }: LogRecord,
  fiberId: number,
  logLevel: Call["logLevel"]
): Record<string, unknown> => ({
  ...annotations,
  "effect.fiberId": fiberId,
  "effect.logLevel": logLevel.toUpperCase()
})

/** As Effect names one, which for plain data is JSON. The record keeps its message packed. */
const nameOf = (content: unknown): string => {
  if (content instanceof PackedMessage) return JSON.stringify(content.unpack(), undefined, 2)
  const message = shown(content)
  if (typeof message === "string") return message
  return message instanceof ErrorSnapshot ? errorText(message) : Inspectable.toStringUnknown(message)
}

/** A logger of the program that is kept, for what our levels let through. */
export const heldTo = (letsThrough: (call: Call) => boolean, logger: AnyLogger): AnyLogger => {
  const held = Logger.make<unknown, unknown>((call) => letsThrough(call) ? logger.log(call) : undefined)
  return isMarked(logger) ? marked(held) : held
}

/** Tells other runtimes that a logger adds span events. */
export const marked = <L extends AnyLogger>(logger: L): L => Object.assign(logger, { [TypeId]: TypeId })

const isMarked = (logger: AnyLogger): boolean => TypeId in logger

/**
 * The loggers of the program that a runtime keeps, and whether it adds span
 * events: unless asked otherwise, where there were some before. Effect's own
 * logger for them shows what is redacted and is never kept; beside another
 * runtime that adds them, they would be there twice.
 */
export const planSpanEvents = (
  existing: ReadonlySet<AnyLogger>,
  { merge, wanted }: { readonly merge: boolean; readonly wanted: boolean | undefined }
): { readonly adds: boolean; readonly kept: ReadonlyArray<AnyLogger> } => {
  const all = [...existing]
  const isOther = all.some(isMarked)
  return {
    adds: merge && isOther ? false : wanted ?? (isOther || existing.has(Logger.tracerLogger)),
    kept: merge ? all.filter((logger) => logger !== Logger.tracerLogger) : []
  }
}
