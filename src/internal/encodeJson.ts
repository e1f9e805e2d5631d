import type { Level, LogRecord, RecordOrigin } from "../LogRecord.ts"
import { causeText } from "./causeText.ts"
import { close, type Fragments, item, type Layout, open, Packed, shown } from "./Layout.ts"
import { escapeJson, Timestamps } from "./text.ts"
import { fragments, Utf8Buffer } from "./Utf8Buffer.ts"

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
  private readonly buffer = new Utf8Buffer(escapeJson)
  private time = Number.NaN
  private level: Level | undefined = undefined
  private middle = ""

  line(record: LogRecord): string {
    return escapeJson(
      start + messageJson(record) + this.restOf(record).slice(0, -start.length - 1)
    )
  }

  lines(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { buffer } = this
    buffer.cut(0)
    buffer.append(start)
    let origin: RecordOrigin | undefined
    let offset = 0
    let from = 0
    let to = 0
    let rest: Uint8Array | undefined
    for (let i = 0; i < batch.length; i++) {
      const record = batch[i]!
      const { content } = record
      if (content instanceof Packed) buffer.appendBetween(fragmentsOf(content.layout), content.leaves)
      else buffer.appendJson(content)
      if (record.origin === origin && record.offset === offset && record.cause === undefined) {
        buffer.appendBytes(rest ??= buffer.between(from, to))
        continue
      }
      from = buffer.length
      buffer.append(this.restOf(record))
      to = buffer.length
      rest = undefined
      origin = record.cause === undefined ? record.origin : undefined
      offset = record.offset
    }
    buffer.cut(buffer.length - start.length)
    return buffer.bytes
  }

  /** What stands between the message of a record and that of the next. */
  private restOf(record: LogRecord): string {
    const { cause, origin } = record
    const tail = origin.json ??= tailOf(origin)
    return cause === undefined
      ? this.middleOf(record) + tail
      : `${this.middleOf(record)},"cause":${JSON.stringify(causeText(cause))}${tail}`
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

const tailOf = ({ context, fiberId, spanId, spans, traceId }: RecordOrigin): string => {
  context.json ??= JSON.stringify(context.annotations)
  const durations = spans === undefined ? "{}" : JSON.stringify(spans)
  const trace = traceId === undefined ? "" : `,"traceId":${JSON.stringify(traceId)}`
  const span = spanId === undefined ? "" : `,"spanId":${JSON.stringify(spanId)}`
  return `,"annotations":${context.json},"spans":${durations},"fiberId":"#${fiberId}"${trace}${span}}\n${start}`
}

/** The message of a record as JSON. */
export const messageJson = ({ content }: LogRecord): string => {
  if (!(content instanceof Packed)) return JSON.stringify(shown(content)) ?? "null"
  const pieces = piecesOf(content.layout)
  let text = pieces[0]!
  for (let i = 0; i < content.leaves.length; i++) text += JSON.stringify(shown(content.leaves[i])) + pieces[i + 1]!
  return text
}

const fragmentsOf = (layout: Layout): Fragments => layout.json ??= fragments(piecesOf(layout).map(escapeJson))

/** What stands in JSON before, between and after the leaves. */
const piecesOf = ({ isList, steps }: Layout): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  let piece = isList ? "[" : ""
  let isFirst = true
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!
    if (step === open) {
      piece += "{"
      isFirst = true
    } else if (step === close) {
      piece += "}"
      isFirst = false
    } else {
      if (!isFirst) piece += ","
      isFirst = false
      if (step !== item) piece += `${JSON.stringify(step)}:`
      if (steps[i + 1] === open) continue
      pieces.push(piece)
      piece = ""
    }
  }
  pieces.push(isList ? `${piece}]` : piece)
  return pieces
}
