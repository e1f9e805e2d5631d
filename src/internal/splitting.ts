import { LogRecord, RecordContext, RecordOrigin } from "../LogRecord.ts"
import { PlainObject } from "./plainData.ts"
import { prefixWithin } from "./text.ts"

const shortMessage = 4096
const shortContext = 4096

/** Where to split a batch so that both parts have about as many bytes, and at least one record. */
export const middleByBytes = (batch: ReadonlyArray<LogRecord>): number => {
  const half = batch.reduce((sum, record) => sum + record.bytes, 0) / 2
  let bytes = 0
  for (let i = 0; i < batch.length - 1; i++) {
    bytes += batch[i]!.bytes
    if (bytes >= half) return i + 1
  }
  return batch.length - 1
}

/** Records in batches of so many records and about so many bytes at most, in order. */
export const batchesOf = (
  records: ReadonlyArray<LogRecord>,
  mostRecords: number,
  mostBytes: number
): ReadonlyArray<ReadonlyArray<LogRecord>> => {
  const batches: Array<Array<LogRecord>> = []
  let last: Array<LogRecord> | undefined
  let bytes = 0
  for (const record of records) {
    if (last === undefined || last.length >= mostRecords || bytes >= mostBytes) {
      last = []
      bytes = 0
      batches.push(last)
    }
    last.push(record)
    bytes += record.bytes
  }
  return batches
}

/** A record cut down to what any destination should take; its identity and time stay. */
export const shortened = (record: LogRecord): LogRecord => {
  const text = typeof record.message === "string" ? record.message : JSON.stringify(record.message) ?? ""
  const message = text.length <= shortMessage
    ? record.message
    : `${prefixWithin(text, shortMessage)}…[truncated: ${text.length} characters]`
  const { context, fiberId, level, spanId, spans, traceId } = record.origin
  const first = record.cause?.[0]
  return new LogRecord(
    record.seq,
    record.time,
    message,
    first === undefined ? undefined : [first.kind === "Interrupt" ? first : { kind: first.kind, error: "[truncated]" }],
    context.bytes <= shortContext
      ? record.origin
      : new RecordOrigin(level, withheldContext(context), spans, fiberId, traceId, spanId),
    Math.min(record.bytes, 2 * shortMessage + shortContext)
  )
}

const withheldContext = (context: RecordContext): RecordContext => {
  const annotations = new PlainObject()
  for (const key of Object.keys(context.annotations)) annotations[key] = "[truncated]"
  return new RecordContext(annotations, shortContext)
}
