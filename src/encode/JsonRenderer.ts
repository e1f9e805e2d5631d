import type { Level, LogRecord } from "../LogRecord.ts"
import { PackedMessage, shown } from "../record/PackedMessage.ts"
import type { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { appendContent } from "./appendPacked.ts"
import { BatchPlace } from "./bytes/BatchPlace.ts"
import { LineBuffer } from "./bytes/LineBuffer.ts"
import { jsonEscape } from "./bytes/lineEscapes.ts"
import { Passage } from "./bytes/Passage.ts"
import { UidWriter } from "./bytes/UidWriter.ts"
import { contextJson, type Extension, isExtension, keptJson } from "./contextTexts.ts"
import { escapeJson } from "./escapes.ts"
import { areFree, flatJson } from "./flatAnnotations.ts"
import type { JsonShape } from "./JsonShape.ts"
import { fragmentsOf, furtherFragmentsOf, innerFragmentsOf, namesOf, packedJson } from "./layoutJson.ts"
import { textAndData } from "./messageText.ts"

/** So many alike are worth a view of the bytes that they share. */
const manyAlike = 4

/**
 * Renders records as lines of JSON. In a batch, what records have in common is turned
 * into bytes once and then copied, together with the start of the next line: level and
 * time of the records of one millisecond, what those of one origin end with, or both.
 */
export class JsonRenderer {
  private readonly shape: JsonShape
  private readonly buffer = new LineBuffer(jsonEscape)
  private batch: object = {}
  private time = Number.NaN
  private level: Level | undefined = undefined
  private middle = ""
  /** The one that the batch has, and where. */
  private middleCopied: string | undefined = undefined
  private middleFrom = 0
  private middleTo = 0
  private readonly rest = new Passage()
  /** The record whose rest was appended last. */
  private restLike: LogRecord | undefined = undefined
  private readonly head = new Passage()
  private headOf: RecordContext | undefined = undefined
  private headMiddle = ""
  private readonly tail = new Passage()
  private readonly uid: UidWriter | undefined
  private tailOf = Number.NaN

  constructor(shape: JsonShape) {
    this.shape = shape
    this.uid = shape.uid === undefined ? undefined : new UidWriter(shape.uid)
  }

  line(record: LogRecord): string {
    const { isText, start } = this.shape
    const message = isText ? this.textJson(record.message) : messageJson(record)
    return escapeJson(start + message + this.uidOf(record) + this.restOf(record).slice(0, -start.length - 1))
  }

  lines(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { buffer, shape: { start } } = this
    this.reset()
    buffer.append(start)
    const begun = buffer.length
    for (let i = 0; i < batch.length;) {
      this.append(batch[i]!)
      i = this.appendAlike(batch, i + 1)
    }
    buffer.cut(buffer.length - begun)
    this.release()
    return buffer.bytes
  }

  private reset(): void {
    this.buffer.cut(0)
    this.batch = {}
    this.middleCopied = undefined
    this.tailOf = Number.NaN
    this.release()
  }

  /** Lets go of what the batch has left behind. */
  private release(): void {
    this.restLike = undefined
    this.headOf = undefined
    this.rest.forget()
    this.head.forget()
    this.tail.forget()
    this.buffer.forgetTexts()
  }

  /** Appends a record, whose line has been begun, and begins the next one. */
  private append(record: LogRecord): void {
    const { buffer, rest } = this
    const { cause, content, origin } = record
    this.appendMessage(record, content)
    if (cause === undefined && this.isExtended(origin.context)) return this.appendExtended(record, origin.context)
    const from = buffer.length
    this.appendMiddle(record)
    if (cause !== undefined) buffer.append(this.shape.failure(cause))
    this.appendOrigin(record)
    if (cause !== undefined) return
    rest.begin(from, buffer.length)
    this.restLike = record
  }

  private appendMiddle(record: LogRecord): void {
    const { buffer } = this
    const middle = this.middleOf(record)
    if (middle === this.middleCopied) return buffer.copy(this.middleFrom, this.middleTo)
    this.middleCopied = middle
    this.middleFrom = buffer.length
    buffer.append(middle)
    this.middleTo = buffer.length
  }

  /** Appends what the records of one origin have in common, and the duration of a log span in it. */
  private appendOrigin({ origin, time }: LogRecord): void {
    const { batch, buffer } = this
    const kept = origin.encoded
    if (!(kept instanceof BatchPlace) || kept.batch !== batch) return this.appendNewOrigin(origin, time)
    if (kept.duration < 0) return buffer.copy(kept.from, kept.to)
    buffer.copy(kept.from, kept.duration)
    buffer.appendJson(origin.spans?.duration(0, time))
    buffer.copy(kept.afterDuration, kept.to)
  }

  private appendNewOrigin(origin: RecordOrigin, time: number): void {
    const { batch, buffer, shape } = this
    const { context, encoded, spans } = origin
    const { lineEnd } = shape
    if (!lineEnd.isSimple(origin)) {
      return buffer.append(
        this.annotationsOf(context) + shape.spansOf(origin, time) + shape.end(origin) + shape.start
      )
    }
    const bytes = encoded instanceof BatchPlace ? encoded : new BatchPlace(batch)
    origin.encoded = bytes
    bytes.batch = batch
    bytes.from = buffer.length
    bytes.duration = -1
    if (!this.appendPackedOf(context)) buffer.append(this.annotationsOf(context))
    if (spans !== undefined) {
      lineEnd.appendLabel(buffer, spans)
      bytes.duration = buffer.length
      buffer.appendJson(spans.duration(0, time))
      bytes.afterDuration = buffer.length
    }
    lineEnd.append(buffer, origin)
    bytes.to = buffer.length
  }

  private appendMessage(record: LogRecord, content: unknown): void {
    const { buffer, shape } = this
    if (shape.isText && typeof content !== "string") buffer.append(this.textJson(record.message))
    else appendContent(buffer, content)
    this.uid?.append(buffer, record)
  }

  /**
   * Appends the records from a position on that share everything but the message
   * with the one whose rest was appended last. Gives the position of the next one.
   */
  private appendAlike(batch: ReadonlyArray<LogRecord>, from: number): number {
    const { buffer, rest, restLike } = this
    const until = endOfRun(batch, from, restLike)
    if (from === until) return from
    const { isText, uid } = this.shape
    const isSimple = !isText && uid === undefined
    let i = from
    if (isSimple && until - from >= manyAlike) i = buffer.appendShort(batch, from, until, rest.of(buffer))
    for (; i < until; i++) {
      const record = batch[i]!
      this.appendMessage(record, record.content)
      rest.copy(buffer)
    }
    return until
  }

  /** Whether what follows the message is some annotations that many records have, and the leaves of some more. */
  private isExtended(context: RecordContext): context is Extension {
    const { annotations, reserved } = this.shape
    if (annotations === undefined || !isExtension(context) || !context.own.layout.isShared) return false
    if (reserved === undefined) return true
    const { bound, own } = context
    return areFree(namesOf(own), reserved) &&
      (bound === this.headOf || areFree(Object.keys(bound.annotations), reserved))
  }

  /** Appends what follows the message of a record that has attributes of its own and shares the rest. */
  private appendExtended(record: LogRecord, { bound, own }: Extension): void {
    const { buffer, head, shape, tail } = this
    const middle = this.middleOf(record)
    const first = keptJson(bound)
    if (bound === this.headOf && middle === this.headMiddle) {
      buffer.appendBytes(head.of(buffer))
    } else {
      head.append(buffer, middle + this.headOfAnnotations(first))
      this.headOf = bound
      this.headMiddle = middle
    }
    const fragments = shape.reserved !== undefined
      ? innerFragmentsOf
      : first === "{}"
      ? fragmentsOf
      : furtherFragmentsOf
    buffer.appendBetween(fragments(own.layout), own.leaves)
    const { origin } = record
    const isAlike = endsAlike(origin)
    if (isAlike && origin.fiberId === this.tailOf) return buffer.appendBytes(tail.of(buffer))
    this.tailOf = isAlike ? origin.fiberId : Number.NaN
    if (isAlike && shape.lineEnd.isSimple(origin)) {
      const from = buffer.length
      shape.lineEnd.append(buffer, origin)
      tail.begin(from, buffer.length)
    } else {
      tail.append(buffer, shape.spansOf(origin, record.time) + shape.end(origin) + shape.start)
    }
  }

  /** The first annotations of an object that goes on. */
  private headOfAnnotations(first: string): string {
    const { annotations, reserved } = this.shape
    if (first === "{}") return annotations ?? ""
    return reserved === undefined ? `${annotations}${first.slice(0, -1)}` : `,${first.slice(1, -1)}`
  }

  /** What stands between the message of a record and that of the next. */
  private restOf(record: LogRecord): string {
    const { cause, origin, time } = record
    const { shape } = this
    return this.middleOf(record) + shape.failure(cause) + this.annotationsOf(origin.context) +
      shape.spansOf(origin, time) + shape.end(origin) + shape.start
  }

  /** Appends annotations that are packed; `false` when they are not, or are no object of their own. */
  private appendPackedOf({ bound, own }: RecordContext): boolean {
    const { buffer, shape: { annotations, reserved } } = this
    if (own === undefined || bound !== undefined || !own.layout.isShared) return false
    if (annotations === undefined || reserved !== undefined) return false
    buffer.append(annotations)
    buffer.appendBetween(fragmentsOf(own.layout), own.leaves)
    return true
  }

  private annotationsOf(context: RecordContext): string {
    const { annotations, reserved } = this.shape
    if (annotations === undefined) return ""
    if (reserved !== undefined) return flatJson(context, reserved, this.shape)
    return annotations + contextJson(context)
  }

  private middleOf({ level, time }: LogRecord): string {
    if (time !== this.time || level !== this.level) {
      this.time = time
      this.level = level
      this.middle = this.shape.levelAndTime(level, time)
    }
    return this.middle
  }

  private uidOf(record: LogRecord): string {
    const before = this.shape.uid
    return before === undefined ? "" : before + JSON.stringify(record.uid)
  }

  /** A message as one text, and its objects as a field after it. */
  private textJson(message: unknown): string {
    const { data, text } = textAndData(message)
    const before = this.shape.data
    const json = JSON.stringify(text)
    return data === undefined || before === undefined ? json : json + before + JSON.stringify(data)
  }
}

/** The position of the first record that is unlike another in more than its message. */
const endOfRun = (batch: ReadonlyArray<LogRecord>, from: number, like: LogRecord | undefined): number => {
  if (like === undefined) return from
  const { offset, origin } = like
  let i = from
  for (; i < batch.length; i++) {
    const record = batch[i]!
    if (record.origin !== origin || record.offset !== offset || record.cause !== undefined) break
  }
  return i
}

/** Whether records of this origin end like all others of their fiber. */
const endsAlike = ({ spanId, spans, traceId }: RecordOrigin): boolean =>
  spans === undefined && traceId === undefined && spanId === undefined

/** The message of a record as JSON. */
export const messageJson = (record: LogRecord): string => {
  const { content } = record
  return content instanceof PackedMessage ? packedJson(content) : JSON.stringify(shown(content)) ?? "null"
}
