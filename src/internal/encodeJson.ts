import type { Level, LogRecord } from "../LogRecord.ts"
import { causeText } from "./causeText.ts"
import { escapeJson, Timestamps } from "./text.ts"
import { Utf8Buffer } from "./Utf8Buffer.ts"

const start = "{\"message\":"

/**
 * Renders records as lines of JSON. What follows the message is rendered once
 * for neighbours that share it: records of one millisecond and one fiber.
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
  private tailOf: LogRecord | undefined = undefined
  private tail = ""
  private restOf: readonly [middle: string, tail: string] = ["", ""]
  private rest = ""

  line(record: LogRecord): string {
    return escapeJson(
      start + (JSON.stringify(record.message) ?? "null") + this.restFor(record).slice(0, -start.length - 1)
    )
  }

  lines(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { buffer } = this
    buffer.cut(0)
    buffer.append(start)
    let last = ""
    let from = 0
    let to = 0
    for (let i = 0; i < batch.length; i++) {
      const record = batch[i]!
      const { message } = record
      if (typeof message === "string") buffer.appendQuoted(message)
      else buffer.append(JSON.stringify(message) ?? "null")
      const rest = this.restFor(record)
      if (rest === last) {
        buffer.repeat(from, to)
      } else {
        from = buffer.length
        buffer.append(rest)
        to = buffer.length
        last = rest
      }
    }
    buffer.cut(buffer.length - start.length)
    return buffer.bytes
  }

  /** What stands between the message of a record and that of the next. */
  private restFor(record: LogRecord): string {
    const middle = this.middleFor(record)
    const tail = this.tailFor(record)
    if (record.cause !== undefined) return `${middle},"cause":${JSON.stringify(causeText(record.cause))}${tail}`
    if (middle !== this.restOf[0] || tail !== this.restOf[1]) {
      this.restOf = [middle, tail]
      this.rest = middle + tail
    }
    return this.rest
  }

  private middleFor({ level, time }: LogRecord): string {
    if (time !== this.time || level !== this.level) {
      this.time = time
      this.level = level
      this.middle = `,"level":"${level.toUpperCase()}","timestamp":"${this.timestamps.format(time)}"`
    }
    return this.middle
  }

  private tailFor(record: LogRecord): string {
    const last = this.tailOf
    if (
      last !== undefined && record.context === last.context && record.fiberId === last.fiberId &&
      record.spans === undefined && last.spans === undefined && record.traceId === last.traceId &&
      record.spanId === last.spanId
    ) {
      return this.tail
    }
    const context = record.context
    context.json ??= `,"annotations":${JSON.stringify(context.annotations)},"spans":`
    const spans = record.spans === undefined ? "{}" : JSON.stringify(record.spans)
    const traceId = record.traceId === undefined ? "" : `,"traceId":${JSON.stringify(record.traceId)}`
    const spanId = record.spanId === undefined ? "" : `,"spanId":${JSON.stringify(record.spanId)}`
    this.tailOf = record
    this.tail = `${context.json}${spans},"fiberId":"#${record.fiberId}"${traceId}${spanId}}\n${start}`
    return this.tail
  }
}
