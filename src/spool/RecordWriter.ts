/// <reference types="node" />
import { appendContent } from "../encode/appendPacked.ts"
import { type Fragments, fragments } from "../encode/bytes/fragments.ts"
import { LineBuffer } from "../encode/bytes/LineBuffer.ts"
import { noEscape } from "../encode/bytes/lineEscapes.ts"
import { annotationsJson } from "../encode/contextTexts.ts"
import { messageJson } from "../encode/JsonRenderer.ts"
import { LogRecord, severityOf } from "../LogRecord.ts"
import { PlainObject } from "../record/plainData.ts"
import { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { headerBytes } from "./disk/frame.ts"
import { contextHoldsError, holdsError, type Mark, markErrors } from "./errorMarks.ts"
import { identityText } from "./recordIdentity.ts"

const closeBracket = 0x5d

/**
 * Writes records as lines of JSON, one array each:
 *
 * `[runtimeId, place, sampled, seq, time, level, fiberId, bytes, traceId, spanId, spans, cause, annotations, message]`
 *
 * When there is a cause or an error in it, marks stand before the first of them,
 * which say where the errors are.
 *
 * `runtimeId` is empty when it is that of the record before, `annotations` is `1` when
 * they are; a message that is `undefined` is left out.
 *
 * What stands between the numbers of a record and its message is copied from the one
 * before where both have it in common.
 */
class RecordWriter {
  private readonly buffer = new LineBuffer(noEscape)
  private readonly numbers = [0, 0, 0]
  private context: RecordContext | undefined = undefined
  private runtimeId = ""
  private between: Fragments | undefined = undefined
  private betweenOf: RecordOrigin | undefined = undefined
  private betweenAt = 0

  /** A frame whose header is still to be written, with some text in front of the records. It stands until the next one is written. */
  frame(records: ReadonlyArray<LogRecord>, before: string): Buffer {
    const { buffer } = this
    buffer.cut(0)
    buffer.appendBytes(noHeader)
    if (before.length > 0) buffer.append(before)
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!
      const begun = buffer.length
      const before = i === 0 ? "" : "\n"
      try {
        if (i > 0 && this.isLikeLast(record)) this.appendLike(record)
        else this.appendUnlike(record, before)
      } catch {
        buffer.cut(begun)
        this.appendWithheld(record, before)
      }
    }
    this.forget()
    const { byteLength, byteOffset, buffer: memory } = buffer.bytes
    return Buffer.from(memory, byteOffset, byteLength)
  }

  private forget(): void {
    this.buffer.forgetTexts()
    this.context = undefined
    this.runtimeId = ""
    this.between = undefined
    this.betweenOf = undefined
  }

  /** Whether a record has nothing to say in front of its message that is not a number or was said of the one before. */
  private isLikeLast({ cause, content, origin }: LogRecord): boolean {
    return origin.context === this.context && origin.runtimeId === this.runtimeId && cause === undefined &&
      content !== undefined && !holdsError(content)
  }

  private appendLike(record: LogRecord): void {
    const { buffer, numbers } = this
    numbers[0] = record.place
    numbers[1] = record.seq
    numbers[2] = record.bytes
    buffer.appendBetween(this.fragmentsOf(record), numbers)
    appendContent(buffer, record.content)
    buffer.appendByte(closeBracket)
  }

  private fragmentsOf(record: LogRecord): Fragments {
    const { offset, origin } = record
    if (this.between === undefined || origin !== this.betweenOf || offset !== this.betweenAt) {
      this.between = fragments([
        `\n["",`,
        `,${origin.sampled ?? null},`,
        `,${placeText(record)},`,
        `,${originText(record)},null,1,`
      ])
      this.betweenOf = origin
      this.betweenAt = offset
    }
    return this.between
  }

  private appendUnlike(record: LogRecord, before: string): void {
    const { context, runtimeId } = record.origin
    const annotations = context === this.context ? "1" : annotationsJson(context)
    this.buffer.append(before + lineOf(record, identityText(record, this.runtimeId), annotations))
    this.context = context
    this.runtimeId = runtimeId
  }

  // Captured records are plain data; only one made by hand can hold what JSON cannot.
  private appendWithheld(record: LogRecord, before: string): void {
    this.buffer.append(before + lineOf(withheld(record), identityText(record, this.runtimeId), "{}"))
    this.context = undefined
    this.runtimeId = record.origin.runtimeId
  }
}

const noHeader = new Uint8Array(headerBytes)
const writer = new RecordWriter()

/** Some records as a frame whose header is still to be written, with some text in front of them. It stands until the next call. */
export const frameOf = (records: ReadonlyArray<LogRecord>, before = ""): Buffer => writer.frame(records, before)

const lineOf = (record: LogRecord, identity: string, annotations: string): string => {
  const message = record.content === undefined ? undefined : messageJson(record)
  const marks = marksOf(record, annotations !== "1")
  return `[${marks === undefined ? "" : `${json(marks)},`}${identity},${record.seq},${
    placeText(record)
  },${record.bytes},${originText(record)},${json(record.cause)},${annotations}${
    message === undefined ? "" : `,${message}`
  }]`
}

const placeText = ({ fiberId, level, time }: LogRecord): string => `${time},${severityOf(level)},${fiberId}`

const originText = ({ spanId, spans, traceId }: LogRecord): string => `${json(traceId)},${json(spanId)},${json(spans)}`

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
      undefined,
      undefined,
      record.origin.runtimeId
    ),
    record.bytes,
    record.place
  )
