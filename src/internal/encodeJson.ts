import type { Level, LogRecord, RecordOrigin } from "../LogRecord.ts"
import { causeText } from "./causeText.ts"
import { escapeJson, Timestamps } from "./text.ts"
import { Utf8Buffer } from "./Utf8Buffer.ts"

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
      start + (JSON.stringify(record.message) ?? "null") + this.restOf(record).slice(0, -start.length - 1)
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
    for (let i = 0; i < batch.length; i++) {
      const record = batch[i]!
      const { message } = record
      if (typeof message === "string") buffer.appendQuoted(message)
      else buffer.append(JSON.stringify(message) ?? "null")
      if (record.origin === origin && record.offset === offset && record.cause === undefined) {
        buffer.repeat(from, to)
        continue
      }
      from = buffer.length
      buffer.append(this.restOf(record))
      to = buffer.length
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
