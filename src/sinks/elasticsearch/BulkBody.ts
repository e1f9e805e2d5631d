import { LineBuffer } from "../../encode/bytes/LineBuffer.ts"
import { jsonEscape } from "../../encode/bytes/lineEscapes.ts"
import { Passage } from "../../encode/bytes/Passage.ts"
import { UidWriter } from "../../encode/bytes/UidWriter.ts"
import { exceptionOf } from "../../encode/exception.ts"
import { textAndData } from "../../encode/messageText.ts"
import { Timestamps } from "../../encode/Timestamps.ts"
import type { LogRecord } from "../../LogRecord.ts"
import type { ErrorSnapshot } from "../../record/ErrorSnapshot.ts"
import { lowerCase } from "../../record/level.ts"
import type { RecordContext, RecordOrigin } from "../../record/RecordOrigin.ts"
import type { DatedIndex } from "./DatedIndex.ts"
import { fieldsJson } from "./fieldsJson.ts"

/** How records become documents. */
export interface Mapping {
  /** The field that holds the annotations. */
  readonly annotations: string
  /** Fields that every document has. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly time: "nanos" | "millis"
  /** The index of each document, where it is not said for all of them. */
  readonly index: DatedIndex | undefined
}

/** In place of a time that is none, or that a server does not take: one outside of the years 0 to 9999. */
const noTime = "1970-01-01T00:00:00.000Z"

/**
 * Writes records as the body of a bulk request: a line with an action and a line with a document for each. The
 * action is always `create`, the only one that data streams take, and the id is the uid, by which a document
 * that is there already is known. Names are those of ECS.
 */
export class BulkBody {
  private readonly mapping: Mapping
  private readonly end: string
  private readonly buffer = new LineBuffer(jsonEscape)
  private readonly timestamps = new Timestamps()
  private readonly annotations = new WeakMap<RecordContext, string>()
  private readonly uid: UidWriter
  /** What the documents of one origin end with in a request. */
  private readonly ends = new Map<RecordOrigin, Passage>()

  constructor(mapping: Mapping) {
    this.mapping = mapping
    const fields = fieldsJson(mapping.fields)
    this.end = fields === "{}" ? "}\n" : `,${fields.slice(1)}\n`
    this.uid = new UidWriter(mapping.index === undefined ? `{"create":{"_id":` : `,"_id":`)
  }

  /** A view, until the next call. */
  encode(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { buffer } = this
    buffer.cut(0)
    for (let i = 0; i < batch.length; i++) this.append(batch[i]!)
    buffer.forgetTexts()
    this.ends.clear()
    return buffer.bytes
  }

  private append(record: LogRecord): void {
    const { buffer, mapping: { index } } = this
    const { cause, level, message, time } = record
    if (index !== undefined) buffer.append(`{"create":{"_index":${index.of(time)}`)
    this.uid.append(buffer, record)
    buffer.append(`}}\n{"@timestamp":"${this.timeOf(record)}","log.level":"${lowerCase[level]}","message":`)
    if (cause === undefined && typeof message === "string") buffer.appendJson(message)
    else buffer.append(messageAndError(record))
    this.appendEnd(record)
  }

  private appendEnd(record: LogRecord): void {
    const { buffer, ends } = this
    const { origin } = record
    const known = ends.get(origin)
    if (known !== undefined) return known.copy(buffer)
    const passage = new Passage()
    passage.append(buffer, this.annotationsOf(origin.context) + originOf(record) + this.end)
    // How long a log span has lasted differs from record to record.
    if (origin.spans === undefined) ends.set(origin, passage)
  }

  private timeOf({ place, time }: LogRecord): string {
    const iso = this.timestamps.format(time)
    if (iso.length !== noTime.length) return noTime
    // A field that is a `date` takes nine digits too, and keeps three.
    return this.mapping.time === "millis" ? iso : `${iso.slice(0, -1)}${String(1_000_000 + place).slice(1)}Z`
  }

  /** What many records have is made once. */
  private annotationsOf(context: RecordContext): string {
    const known = this.annotations.get(context)
    if (known !== undefined) return known
    const json = fieldsJson(context.annotations)
    const field = json === "{}" ? "" : `,${JSON.stringify(this.mapping.annotations)}:${json}`
    if (context.bound === undefined) this.annotations.set(context, field)
    return field
  }
}

/** A message as text, so that the field has one type; its objects stand beside it, and its error as such. */
const messageAndError = (record: LogRecord): string => {
  const { data, text } = textAndData(record.message)
  const exception = exceptionOf(record)
  const rest = data && without(data, exception?.part)
  let json = JSON.stringify(text)
  if (rest !== undefined) json += `,"data":${fieldsJson(rest)}`
  if (exception === undefined) return json
  const { message: said, stack, type } = exception
  if (type !== undefined) json += `,"error.type":${JSON.stringify(type)}`
  if (said !== undefined) json += `,"error.message":${JSON.stringify(said)}`
  return `${json},"error.stack_trace":${JSON.stringify(stack)}`
}

/** The fields but an error that has fields of its own; nothing where there are none. */
const without = (
  data: Readonly<Record<string, unknown>>,
  part: ErrorSnapshot | undefined
): Readonly<Record<string, unknown>> | undefined => {
  const others = part === undefined ? data : Object.fromEntries(Object.entries(data).filter(([, u]) => u !== part))
  return Object.keys(others).length === 0 ? undefined : others
}

/** Where in the program a record is from. */
const originOf = ({ fiberId, spanId, spans, traceId }: LogRecord): string => {
  let json = traceId === undefined ? "" : `,"trace.id":${JSON.stringify(traceId)}`
  if (spanId !== undefined) json += `,"span.id":${JSON.stringify(spanId)}`
  const fiber = fiberId === 0 ? "" : `,"fiberId":${JSON.stringify(fiberId)}`
  const effect = spans === undefined ? fiber : `${fiber},"log_spans":${listOf(spans)}`
  return effect === "" ? json : `${json},"effect":{${effect.slice(1)}}`
}

/** As a list: names that programs make up as they go would each be a field of the index, and meet others. */
const listOf = (spans: Readonly<Record<string, number>>): string =>
  JSON.stringify(Object.entries(spans).map(([name, millis]) => ({ name, millis })))
