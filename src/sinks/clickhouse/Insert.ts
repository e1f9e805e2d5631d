import { LineBuffer } from "../../encode/bytes/LineBuffer.ts"
import { noEscape } from "../../encode/bytes/lineEscapes.ts"
import { causeText } from "../../encode/causeText.ts"
import { textAndData } from "../../encode/messageText.ts"
import { Timestamps } from "../../encode/Timestamps.ts"
import type { LogRecord } from "../../LogRecord.ts"

/**
 * Writes batches as statements of SQL with their rows behind them, one object of JSON each (`JSONEachRow`).
 *
 * What a column holds that is no text or number is JSON in a text: version 18.16 reads no objects, and later ones
 * have a type for them that not every server has.
 */
export class Insert {
  private readonly buffer = new LineBuffer(noEscape)
  private readonly timestamps = new Timestamps()
  private readonly statement: (batch: ReadonlyArray<LogRecord>) => string

  constructor(statement: (batch: ReadonlyArray<LogRecord>) => string) {
    this.statement = statement
  }

  /** The bytes of a batch, which are valid until the next one. */
  encode(batch: ReadonlyArray<LogRecord>): Uint8Array {
    const { buffer } = this
    buffer.cut(0)
    buffer.append(`${this.statement(batch)}\n`)
    for (const record of batch) buffer.append(`${this.row(record)}\n`)
    return buffer.bytes
  }

  private row({ annotations, cause, level, message, seq, spanId = "", time, traceId = "", uid }: LogRecord): string {
    const { data, text } = textAndData(message)
    return JSON.stringify({
      uid,
      seq,
      timestamp: this.timestamps.format(time),
      level: level.toUpperCase(),
      message: text,
      data: data === undefined ? "" : JSON.stringify(data),
      cause: cause === undefined ? "" : causeText(cause),
      trace_id: traceId,
      span_id: spanId,
      attributes: JSON.stringify(annotations)
    })
  }
}

/** A name as SQL has it, whatever is in it. */
export const quoted = (name: string): string => `\`${name.replaceAll(/[\\`]/g, "\\$&")}\``
