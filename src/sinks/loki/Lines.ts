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

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })

/** The lines of records. */
export class Lines {
  private readonly encoder: BatchEncoder

  constructor(encoder: BatchEncoder) {
    this.encoder = encoder
  }

  /** One for each record, in their order. */
  of(batch: ReadonlyArray<LogRecord>): ReadonlyArray<string> {
    const bytes = this.encoder.encodeBatch(batch)
    const lines = utf8.decode(bytes).split("\n")
    // The last of them is empty. An encoder for people writes several lines for some records.
    return lines.pop() === "" && lines.length === batch.length ? lines : this.byEnds(batch, bytes)
  }

  private byEnds(batch: ReadonlyArray<LogRecord>, bytes: Uint8Array): ReadonlyArray<string> {
    let from = 0
    // The encoder may use its memory again for each end.
    const all = bytes.slice()
    return batch.map((record) => {
      const end = this.encoder.endOf(record, all, from)
      const line = utf8.decode(all.subarray(from, end - 1))
      from = end
      return line
    })
  }

  /** The bytes of a line, without its end. */
  sizeOf(record: LogRecord): number {
    return this.encoder.encodeBatch([record]).length - 1
  }
}
