import { messageLogfmt } from "../../encode/LogfmtRenderer.ts"
import * as LogEncoder from "../../LogEncoder.ts"
import type { LogRecord } from "../../LogRecord.ts"
import { encodersOf, type SinkEncoders } from "../encoding/format.ts"
import { ownEncoder } from "../encoding/ownEncoder.ts"
import type { BatchEncoder } from "../encoding/wholeRecords.ts"

/** What the lines of a sink are. */
export type LineFormat = "json" | "logfmt" | LogEncoder.LogEncoder

const beside: LogEncoder.JsonFields = {
  level: false,
  timestamp: false,
  annotations: false,
  spans: false,
  fiberId: false,
  traceId: false,
  spanId: false
}

const logfmtBeside: SinkEncoders = {
  make: () => ownEncoder(LogEncoder.fromRenderer(messageLogfmt)),
  countedIn: (sink) => sink
}

/** How lines are encoded: all of a record, or what stands beside its structured metadata. */
export const lineEncoders = (format: LineFormat, isBeside: boolean, uid: boolean): SinkEncoders => {
  if (format === "logfmt" && isBeside) return logfmtBeside
  if (format === "json") return encodersOf(LogEncoder.json(isBeside ? { fields: beside } : { uid }))
  return encodersOf(format, { uid })
}

const lineBreak = 0x0a

/** The bytes of some lines, until the next are asked for, and where each of them ends, without its break. */
export interface EncodedLines {
  readonly bytes: Uint8Array
  readonly ends: ReadonlyArray<number>
}

/** The lines of records. */
export class Lines {
  private readonly encoder: BatchEncoder
  /** The lines of a batch that was measured, which is written next. */
  private measured: { readonly batch: ReadonlyArray<LogRecord>; readonly lines: EncodedLines } | undefined = undefined

  constructor(encoder: BatchEncoder) {
    this.encoder = encoder
  }

  /** One for each record, in their order. */
  of(batch: ReadonlyArray<LogRecord>): EncodedLines {
    const { measured } = this
    this.measured = undefined
    return measured?.batch === batch ? measured.lines : this.encoded(batch)
  }

  /** Whether none of them has more bytes, without its end. */
  areWithin(batch: ReadonlyArray<LogRecord>, mostBytes: number): boolean {
    const lines = this.encoded(batch)
    let from = 0
    for (const end of lines.ends) {
      if (end - from > mostBytes) return false
      from = end + 1
    }
    this.measured = { batch, lines }
    return true
  }

  private encoded(batch: ReadonlyArray<LogRecord>): EncodedLines {
    const bytes = this.encoder.encodeBatch(batch)
    const ends = breaksIn(bytes)
    // An encoder for people writes several lines for some records.
    return ends.length === batch.length ? { bytes, ends } : this.byEnds(batch, bytes)
  }

  private byEnds(batch: ReadonlyArray<LogRecord>, encoded: Uint8Array): EncodedLines {
    // The encoder may use its memory again for each end.
    const bytes = encoded.slice()
    let from = 0
    const ends = batch.map((record) => {
      from = this.encoder.endOf(record, bytes, from)
      return from - 1
    })
    return { bytes, ends }
  }

  /** The bytes of a line, without its end. */
  sizeOf(record: LogRecord): number {
    this.measured = undefined
    return this.encoder.encodeBatch([record]).length - 1
  }
}

const breaksIn = (bytes: Uint8Array): ReadonlyArray<number> => {
  const breaks: Array<number> = []
  for (let at = bytes.indexOf(lineBreak); at !== -1; at = bytes.indexOf(lineBreak, at + 1)) breaks.push(at)
  return breaks
}
