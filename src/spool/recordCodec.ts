/// <reference types="node" />
import { levels, LogRecord } from "../LogRecord.ts"
import { LogSpans } from "../record/LogSpans.ts"
import { isRecord, plain, PlainObject } from "../record/plainData.ts"
import { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { causeOf, withLikelyErrors } from "./causeOf.ts"
import { restoreErrors } from "./errorMarks.ts"
import { identityFields, identityIn, type RecordIdentity } from "./recordIdentity.ts"

/**
 * The records of a payload that can be read; what is missing of `count` is lost. With
 * `identify` the lines are those of version 1, which do not say who they are.
 */
export const decodeRecords = (
  text: string,
  count: number,
  skip = 0,
  identify?: (index: number, seq: number) => RecordIdentity,
  isWanted: (index: number) => boolean = () => true
): Array<LogRecord> => {
  const records: Array<LogRecord> = []
  const memory: Memory = { context: undefined, runtimeId: undefined }
  let start = 0
  for (let i = 0; i < count && start <= text.length; i++) {
    const stop = text.indexOf("\n", start)
    const line = stop === -1 ? text.slice(start) : text.slice(start, stop)
    const record = decodeRecord(line, memory, identify && ((seq) => identify(i, seq)))
    if (record !== undefined && i >= skip && isWanted(i)) records.push(record)
    if (stop === -1) break
    start = stop + 1
  }
  return records
}

/** What a line may leave to the one before. */
interface Memory {
  context: RecordContext | undefined
  runtimeId: string | undefined
}

type Identify = ((seq: number) => RecordIdentity) | undefined

const decodeRecord = (line: string, memory: Memory, identify: Identify): LogRecord | undefined => {
  try {
    const fields: unknown = JSON.parse(line)
    if (Array.isArray(fields)) {
      const record = recordOf(fields, memory, identify)
      if (record !== undefined) return record
    }
  } catch {
    // Not JSON: a record that cannot be read is counted by its absence.
  }
  memory.context = undefined
  memory.runtimeId = undefined
  return undefined
}

// Objects become those a snapshot is made of, in which `__proto__` is a key like any other.
const recordOf = (line: ReadonlyArray<unknown>, memory: Memory, identify: Identify): LogRecord | undefined => {
  const marks: unknown = line[0]
  const isMarked = Array.isArray(marks)
  const unmarked = isMarked ? line.slice(1) : line
  const fields = (identify === undefined ? unmarked.slice(identityFields) : unmarked).map(plain)
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
  const identity = identify === undefined ? identityIn(unmarked, memory.runtimeId) : identify(seq)
  if (identity === undefined) return undefined
  memory.context = context
  memory.runtimeId = identity.runtimeId
  return new LogRecord(
    seq,
    time,
    message,
    Array.isArray(cause) ? isMarked ? causeOf(cause) : withLikelyErrors(causeOf(cause)) : undefined,
    new RecordOrigin(
      level,
      context,
      isRecord(spans) ? new LogSpans(spansOf(spans), time) : undefined,
      fiberId,
      typeof traceId === "string" ? traceId : undefined,
      typeof spanId === "string" ? spanId : undefined,
      identity.sampled,
      identity.runtimeId
    ),
    bytes,
    identity.place
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
