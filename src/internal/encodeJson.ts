import type { Level, LogRecord } from "../LogRecord.ts"
import { causeText } from "./causeText.ts"
import { Timestamps } from "./text.ts"

/**
 * Renders records as lines of JSON. What neighbouring records share (time and level,
 * annotations and fiber) is rendered once.
 *
 * The output may hold raw C1 characters and U+2028/9 inside strings: whoever
 * joins lines escapes them once for all (`escapeJson`).
 */
export class JsonRenderer {
  private readonly timestamps = new Timestamps()
  private time = Number.NaN
  private level: Level | undefined = undefined
  private middle = ""
  private text: string | undefined = undefined
  private head = ""
  private tailOf: LogRecord | undefined = undefined
  private tail = ""

  line(record: LogRecord): string {
    const cause = record.cause === undefined ? "" : `,"cause":${JSON.stringify(causeText(record.cause))}`
    return this.headFor(record) + cause + this.tailFor(record)
  }

  /** Message, level and time; the same for records of one millisecond that say the same. */
  private headFor(record: LogRecord): string {
    const { message } = record
    if (record.time !== this.time || record.level !== this.level) {
      this.time = record.time
      this.level = record.level
      this.text = undefined
      this.middle = flat(
        `,"level":"${record.level.toUpperCase()}","timestamp":"${this.timestamps.format(record.time)}"`
      )
    }
    if (typeof message !== "string") return `{"message":${JSON.stringify(message) ?? "null"}${this.middle}`
    if (message !== this.text) {
      this.text = message
      this.head = flat(`{"message":${JSON.stringify(message)}${this.middle}`)
    }
    return this.head
  }

  /** Annotations, spans, fiber and trace; the same for records of one fiber. */
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
    this.tail = flat(`${context.json}${spans},"fiberId":"#${record.fiberId}"${traceId}${spanId}}\n`)
    return this.tail
  }
}

/** Reading a character makes the engine join a string built of parts, once instead of at every use. */
const flat = (text: string): string => {
  text.charCodeAt(0)
  return text
}
