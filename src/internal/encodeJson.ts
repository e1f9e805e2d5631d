import type { Level, LogRecord } from "../LogRecord.ts"
import { causeText } from "./causeText.ts"
import { Timestamps } from "./text.ts"

/**
 * Renders records as JSON. What neighbouring records share (time and level,
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
  private text = ""
  private textJson = `""`
  private tailOf: LogRecord | undefined = undefined
  private tail = ""

  render(record: LogRecord): string {
    const message = record.message
    let json: string
    if (typeof message === "string") {
      if (message !== this.text) {
        this.text = message
        this.textJson = JSON.stringify(message)
      }
      json = this.textJson
    } else {
      json = JSON.stringify(message) ?? "null"
    }
    if (record.time !== this.time || record.level !== this.level) this.renderMiddle(record)
    const cause = record.cause === undefined ? "" : `,"cause":${JSON.stringify(causeText(record.cause))}`
    return `{"message":` + json + this.middle + cause + this.tailFor(record)
  }

  private renderMiddle(record: LogRecord): void {
    this.time = record.time
    this.level = record.level
    this.middle = `,"level":"${record.level.toUpperCase()}","timestamp":"${this.timestamps.format(record.time)}"`
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
    this.tail = `${context.json}${spans},"fiberId":"#${record.fiberId}"${traceId}${spanId}}`
    return this.tail
  }
}
