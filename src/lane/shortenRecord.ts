import { causeText } from "../encode/causeText.ts"
import { type CauseReason, LogRecord } from "../LogRecord.ts"
import { PlainObject } from "../record/plainData.ts"
import { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { plural, shortened } from "../record/text.ts"

const shortMessage = 4096
const shortContext = 4096

/** A record cut down to what any destination should take; its identity and time stay. One that is as short stays itself. */
export const shortenRecord = (record: LogRecord): LogRecord => {
  const text = typeof record.message === "string" ? record.message : JSON.stringify(record.message) ?? ""
  const short = shortened(text, shortMessage)
  if (short === text && record.cause === undefined && record.origin.context.bytes <= shortContext) return record
  const { context, fiberId, level, runtimeId, sampled, spanId, spans, traceId } = record.origin
  return new LogRecord(
    record.seq,
    record.time,
    short === text ? record.message : short,
    record.cause && shortCause(record.cause),
    context.bytes <= shortContext
      ? record.origin
      : new RecordOrigin(level, withheldContext(context), spans, fiberId, traceId, spanId, sampled, runtimeId),
    Math.min(record.bytes, 2 * shortMessage + shortContext),
    record.place
  )
}

/** What failed first, by its size, and how many reasons there were besides. */
const shortCause = (reasons: ReadonlyArray<CauseReason>): ReadonlyArray<CauseReason> => {
  const [first, ...rest] = reasons
  const short: Array<CauseReason> = []
  if (first !== undefined) {
    short.push("error" in first ? { ...first, error: withheld(causeText([first])), frames: undefined } : first)
  }
  const last = rest.at(-1)
  const count = last?.kind === "More" ? rest.length - 1 + last.count : rest.length
  if (count > 0) short.push({ kind: "More", count })
  return short
}

const withheld = (text: string): string => `[truncated: ${text.length} ${plural(text.length, "character")}]`

const withheldContext = (context: RecordContext): RecordContext => {
  const annotations = new PlainObject()
  for (const key of Object.keys(context.annotations)) {
    annotations[key] = withheld(JSON.stringify(context.annotations[key]) ?? "")
  }
  return new RecordContext(annotations, shortContext)
}
