import type { Level, LogRecord } from "../LogRecord.ts"
import { PackedMessage, shown } from "../record/PackedMessage.ts"
import type { RecordContext, RecordOrigin } from "../record/RecordOrigin.ts"
import { LineBuffer } from "./bytes/LineBuffer.ts"
import { Passage } from "./bytes/Passage.ts"
import { causeText } from "./causeText.ts"
import { annotationsJson, type Extension, isExtension, keptJson } from "./contextTexts.ts"
import { escapeJson } from "./escapes.ts"
import { fragmentsOf, furtherFragmentsOf, packedJson } from "./layoutJson.ts"
import { Timestamps } from "./Timestamps.ts"

const start = "{\"message\":"

/**
 * Renders records as lines of JSON. What follows the message is rendered once
 * for neighbours that share it: records of one millisecond and one origin.
 *
 * In a batch it is not even turned into bytes again but copied from the line
 * before, together with the start of the next line.
 */
export class JsonRenderer {
  private readonly timestamps = new Timestamps()
  private readonly buffer = new LineBuffer(escapeJson)
  private time = Number.NaN
  private level: Level | undefined = undefined
  private middle = ""
  private readonly rest = new Passage()
  /** The record whose rest was appended last. */
  private restLike: LogRecord | undefined = undefined
  private readonly head = new Passage()
  private headOf: RecordContext | undefined = undefined
  private headMiddle = ""
  private readonly tail = new Passage()
  private tailOf = Number.NaN

  line(record: LogRecord): string {
    return escapeJson(
      start + messageJson(record) + this.restOf(record).slice(0, -start.length - 1)
    )
  }

  lines(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { buffer } = this
    this.reset()
    buffer.append(start)
    for (let i = 0; i < batch.length;) {
      this.append(batch[i]!)
      i = this.appendAlike(batch, i + 1)
    }
    buffer.cut(buffer.length - start.length)
    this.release()
    return buffer.bytes
  }

  private reset(): void {
    this.buffer.cut(0)
    this.tailOf = Number.NaN
    this.release()
  }

  /** Lets go of what the batch has left behind. */
  private release(): void {
    this.restLike = undefined
    this.headOf = undefined
    this.buffer.forgetTexts()
  }

  /** Appends a record, whose line has been begun, and begins the next one. */
  private append(record: LogRecord): void {
    const { buffer, rest, restLike } = this
    const { content, origin } = record
    this.appendMessage(content)
    if (record.cause !== undefined) {
      buffer.append(this.restOf(record))
    } else if (restLike !== undefined && origin === restLike.origin && record.offset === restLike.offset) {
      buffer.appendBytes(rest.of(buffer))
    } else if (isExtension(origin.context) && origin.context.own.layout.isShared) {
      this.appendExtended(record, origin.context)
    } else {
      rest.append(buffer, this.restOf(record))
      this.restLike = record
    }
  }

  private appendMessage(content: unknown): void {
    const { buffer } = this
    if (!(content instanceof PackedMessage)) buffer.appendJson(content)
    else if (content.layout.isShared) buffer.appendBetween(fragmentsOf(content.layout), content.leaves)
    else buffer.append(packedJson(content))
  }

  /**
   * Appends the records from a position on that share everything but the message
   * with the one whose rest was appended last. Gives the position of the next one.
   */
  private appendAlike(batch: ReadonlyArray<LogRecord>, from: number): number {
    const { buffer, rest, restLike } = this
    const until = endOfRun(batch, from, restLike)
    if (from === until) return from
    const after = rest.of(buffer)
    for (let i = buffer.appendShort(batch, from, until, after); i < until; i++) {
      this.appendMessage(batch[i]!.content)
      buffer.appendBytes(after)
    }
    return until
  }

  /** Appends what follows the message of a record that has attributes of its own and shares the rest. */
  private appendExtended(record: LogRecord, { bound, own }: Extension): void {
    const { buffer, head, tail } = this
    const middle = this.middleOf(record)
    const first = keptJson(bound)
    if (bound === this.headOf && middle === this.headMiddle) {
      buffer.appendBytes(head.of(buffer))
    } else {
      head.append(buffer, `${middle},"annotations":${first === "{}" ? "" : first.slice(0, -1)}`)
      this.headOf = bound
      this.headMiddle = middle
    }
    buffer.appendBetween(first === "{}" ? fragmentsOf(own.layout) : furtherFragmentsOf(own.layout), own.leaves)
    const { origin } = record
    if (origin.fiberId === this.tailOf && endsAlike(origin)) {
      buffer.appendBytes(tail.of(buffer))
    } else {
      tail.append(buffer, tailOf(origin))
      this.tailOf = endsAlike(origin) ? origin.fiberId : Number.NaN
    }
  }

  /** What stands between the message of a record and that of the next. */
  private restOf(record: LogRecord): string {
    const { cause, origin } = record
    const { context } = origin
    const annotations = context.own === undefined ? keptJson(context) : annotationsJson(context)
    const failure = cause === undefined ? "" : `,"cause":${JSON.stringify(causeText(cause))}`
    return `${this.middleOf(record)}${failure},"annotations":${annotations}${tailOf(origin)}`
  }

  private middleOf({ level, time }: LogRecord): string {
    if (time !== this.time || level !== this.level) {
      this.time = time
      this.level = level
      this.middle = `,"level":"${level.toUpperCase()}","timestamp":"${this.timestamps.format(time)}"`
    }
    return this.middle
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
const endsAlike = ({ spans, traceId }: RecordOrigin): boolean => spans === undefined && traceId === undefined

const tailOf = ({ fiberId, spanId, spans, traceId }: RecordOrigin): string => {
  const durations = spans === undefined ? "{}" : JSON.stringify(spans)
  const trace = traceId === undefined ? "" : `,"traceId":${JSON.stringify(traceId)}`
  const span = spanId === undefined ? "" : `,"spanId":${JSON.stringify(spanId)}`
  return `,"spans":${durations},"fiberId":"#${fiberId}"${trace}${span}}\n${start}`
}

/** The message of a record as JSON. */
export const messageJson = ({ content }: LogRecord): string =>
  content instanceof PackedMessage ? packedJson(content) : JSON.stringify(shown(content)) ?? "null"
