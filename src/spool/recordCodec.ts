/// <reference types="node" />
import { annotationsJson } from "../encode/contextTexts.ts"
import { messageJson } from "../encode/JsonRenderer.ts"
import { levels, LogRecord, severityOf } from "../LogRecord.ts"
import { isRecord, plain, PlainObject } from "../record/plainData.ts"
import { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { causeOf, withLikelyErrors } from "./causeOf.ts"
import { contextHoldsError, holdsError, type Mark, markErrors, restoreErrors } from "./errorMarks.ts"

/**
 * Records as lines of JSON, one array each:
 *
 * `[seq, time, level, fiberId, bytes, traceId, spanId, spans, cause, annotations, message]`
 *
 * When there is a cause or an error in it, marks stand before the first of them,
 * which say where the errors are.
 *
 * `annotations` is `1` when they are those of the record before; a message that
 * is `undefined` is left out.
 */
export const encodeRecords = (records: ReadonlyArray<LogRecord>): string => {
  let context: RecordContext | undefined
  let text = ""
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!
    const own = record.origin.context
    let line: string
    try {
      line = encodeRecord(record, own === context ? "1" : annotationsJson(own))
      context = own
    } catch {
      // Captured records are plain data; only one made by hand can hold what JSON cannot.
      line = encodeRecord(withheld(record), "{}")
      context = undefined
    }
    text += i === 0 ? line : `\n${line}`
  }
  return text
}

const encodeRecord = (record: LogRecord, annotations: string): string => {
  const message = record.content === undefined ? undefined : messageJson(record)
  const marks = marksOf(record, annotations !== "1")
  return `[${marks === undefined ? "" : `${json(marks)},`}${record.seq},${record.time},${
    severityOf(record.level)
  },${record.fiberId},${record.bytes},${json(record.traceId)},${json(record.spanId)},${json(record.spans)},${
    json(record.cause)
  },${annotations}${message === undefined ? "" : `,${message}`}]`
}

const causeAt = 8
const annotationsAt = 9
const messageAt = 10

const marksOf = (record: LogRecord, withAnnotations: boolean): ReadonlyArray<Mark> | undefined => {
  const { cause, content, origin } = record
  const inAnnotations = withAnnotations && contextHoldsError(origin.context)
  const inMessage = holdsError(content)
  if (cause === undefined && !inAnnotations && !inMessage) return undefined
  const marks: Array<Mark> = []
  markErrors(cause, [causeAt], marks)
  if (inAnnotations) markErrors(record.annotations, [annotationsAt], marks)
  if (inMessage) markErrors(record.message, [messageAt], marks)
  return marks
}

const json = (u: unknown): string => u === undefined ? "null" : JSON.stringify(u)

const withheld = (record: LogRecord): LogRecord =>
  new LogRecord(
    record.seq,
    record.time,
    "[record withheld: it could not be encoded]",
    undefined,
    new RecordOrigin(
      record.level,
      new RecordContext(new PlainObject(), 0),
      undefined,
      record.fiberId,
      undefined,
      undefined
    ),
    record.bytes
  )

/** The records of a payload that can be read; what is missing of `count` is lost. */
export const decodeRecords = (text: string, count: number, skip = 0): Array<LogRecord> => {
  const records: Array<LogRecord> = []
  const memory: Memory = { context: undefined }
  let start = 0
  for (let i = 0; i < count && start <= text.length; i++) {
    const stop = text.indexOf("\n", start)
    const line = stop === -1 ? text.slice(start) : text.slice(start, stop)
    const record = decodeRecord(line, memory)
    if (record !== undefined && i >= skip) records.push(record)
    if (stop === -1) break
    start = stop + 1
  }
  return records
}

interface Memory {
  context: RecordContext | undefined
}

const decodeRecord = (line: string, memory: Memory): LogRecord | undefined => {
  try {
    const fields: unknown = JSON.parse(line)
    if (Array.isArray(fields)) {
      const record = recordOf(fields, memory)
      if (record !== undefined) return record
    }
  } catch {
    // Not JSON: a record that cannot be read is counted by its absence.
  }
  memory.context = undefined
  return undefined
}

// Objects become those a snapshot is made of, in which `__proto__` is a key like any other.
const recordOf = (line: ReadonlyArray<unknown>, memory: Memory): LogRecord | undefined => {
  const marks: unknown = line[0]
  const isMarked = Array.isArray(marks)
  const fields = (isMarked ? line.slice(1) : line).map(plain)
  if (isMarked) restoreErrors(fields, marks)
  const [seq, time, order, fiberId, bytes, traceId, spanId, spans, cause, annotations, message] = fields
  const level = typeof order === "number" ? levels[order] : undefined
  const context = annotations === 1
    ? memory.context
    : isRecord(annotations)
    ? new RecordContext(annotations, 0)
    : undefined
  if (
    level === undefined || context === undefined || !isFinite(seq) || !isFinite(time) || !isFinite(fiberId) ||
    !isFinite(bytes)
  ) return undefined
  memory.context = context
  return new LogRecord(
    seq,
    time,
    message,
    Array.isArray(cause) ? isMarked ? causeOf(cause) : withLikelyErrors(causeOf(cause)) : undefined,
    new RecordOrigin(
      level,
      context,
      isRecord(spans) ? spansOf(spans) : undefined,
      fiberId,
      typeof traceId === "string" ? traceId : undefined,
      typeof spanId === "string" ? spanId : undefined
    ),
    bytes
  )
}

const spansOf = (spans: Readonly<Record<string, unknown>>): Record<string, number> => {
  const out = new PlainObject<number>()
  for (const key of Object.keys(spans)) {
    const value = spans[key]
    if (isFinite(value)) out[key] = value
  }
  return out
}

export const isFinite = (u: unknown): u is number => Number.isFinite(u)
