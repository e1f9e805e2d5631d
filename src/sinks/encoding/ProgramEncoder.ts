import { describeDefect } from "../../diagnostics/describe.ts"
import { visible } from "../../encode/escapes.ts"
import * as LogEncoder from "../../LogEncoder.ts"
import type { LogRecord } from "../../LogRecord.ts"
import { shown } from "../../options/shown.ts"
import { unawaited } from "../../options/unawaited.ts"
import type { Marks } from "./Marks.ts"
import type { BatchEncoder } from "./wholeRecords.ts"

const lineBreak = 0x0a

/** The longest line, in UTF-16 units: of much longer ones there is no text or memory for a batch. */
const longestLine = 16 * 1024 * 1024

/** What an encoder of a program gives for a record: a line, or what is wrong with it. */
export type Encoded = { readonly line: string } | { readonly problem: string }

/** Has an encoder of a program encode a record. Total, whatever the encoder does. */
export const encodedBy = (encoder: Pick<LogEncoder.LogEncoder, "encode">, record: LogRecord): Encoded => {
  try {
    const line: unknown = unawaited(encoder.encode(record))
    if (typeof line === "string") return isLine(line) ? { line } : { problem: problemOf(line) }
    return { problem: `gave ${shown(line)}` }
  } catch (error) {
    return { problem: `threw ${visible(describeDefect(error)).toWellFormed()}` }
  }
}

const isLine = (text: string): boolean =>
  text !== "" && text.length <= longestLine && !text.includes("\n") && !text.includes("\r") && text.isWellFormed()

const problemOf = (text: string): string => {
  if (text === "") return "gave an empty text"
  if (text.length > longestLine) return `gave a text of ${text.length} characters`
  return text.isWellFormed() ? "gave a text with a line break" : "gave a text with half a character"
}

/**
 * An encoder of a program, for the batches of a sink. Its text for a record is
 * asked for once, because another time it may be another.
 *
 * A record that it does not encode is written as a marker: the line of JSON that
 * it would be by default, which says why.
 */
export class ProgramEncoder implements BatchEncoder {
  private readonly encoder: LogEncoder.LogEncoder
  private readonly marks: Marks
  private readonly lines = LogEncoder.fromRenderer((record) => this.lineOf(record))
  private readonly markers = LogEncoder.json()

  constructor(encoder: LogEncoder.LogEncoder, marks: Marks) {
    this.encoder = encoder
    this.marks = marks
  }

  readonly encodeBatch = (batch: ReadonlyArray<LogRecord>): Uint8Array => this.lines.encodeBatch(batch)

  readonly endOf = (_: LogRecord, bytes: Uint8Array, from: number): number => bytes.indexOf(lineBreak, from) + 1

  private lineOf(record: LogRecord): string {
    const encoded = encodedBy(this.encoder, record)
    if ("line" in encoded) {
      this.marks.remove(record)
      return encoded.line
    }
    this.marks.add(record, encoded.problem)
    return `${this.markers.encode(record).slice(0, -1)},"notEncoded":${JSON.stringify(encoded.problem)}}`
  }
}
