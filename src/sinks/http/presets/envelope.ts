import { LineBuffer } from "../../../encode/bytes/LineBuffer.ts"
import { noEscape } from "../../../encode/bytes/lineEscapes.ts"
import type { JsonRenderer } from "../../../encode/JsonRenderer.ts"
import type { LogRecord } from "../../../LogRecord.ts"

/** What stands around the records of a request, each of which is an object of JSON. */
export interface Envelope {
  readonly open: string
  /** What begins a record, in place of the brace of its object. */
  readonly begin: string | ((record: LogRecord) => string)
  /** What stands behind the object of a record. */
  readonly end: string
  readonly between: string
  readonly close: string
}

/** An array whose objects all begin with some fields. */
export const arrayOf = (fields: Readonly<Record<string, unknown>> = {}): Envelope => ({
  open: "[",
  begin: beginning(fields),
  end: "",
  between: ",",
  close: "]"
})

/** The beginning of an object that has some fields already, and goes on. Those that are `undefined` are left out. */
export const beginning = (fields: Readonly<Record<string, unknown>>): string => {
  const json = JSON.stringify(fields)
  return json === "{}" ? "{" : `${json.slice(0, -1)},`
}

const lineBreak = 0x0a

/** Makes the bodies of requests, which are valid until the next one. */
export const enveloped = (
  { begin, between, close, end, open }: Envelope,
  renderer: JsonRenderer
): (batch: ReadonlyArray<LogRecord>) => Uint8Array => {
  const buffer = new LineBuffer(noEscape)
  return (batch) => {
    const lines = renderer.lines(batch)
    buffer.cut(0)
    buffer.append(open)
    let from = 0
    for (let i = 0; i < batch.length; i++) {
      const to = lines.indexOf(lineBreak, from)
      if (i > 0) buffer.append(between)
      buffer.append(typeof begin === "string" ? begin : begin(batch[i]!))
      buffer.appendBytes(lines.subarray(from + 1, to))
      buffer.append(end)
      from = to + 1
    }
    buffer.append(close)
    return buffer.bytes
  }
}
