import type { LogRecord } from "../LogRecord.ts"
import type { RecordLimit } from "../LogSink.ts"
import { shortenRecord } from "./shortenRecord.ts"

/** A batch of which each record is as large as the sink takes it, and those that are too large even when they are short. */
interface Fitted {
  readonly batch: ReadonlyArray<LogRecord>
  readonly tooLarge: ReadonlyArray<LogRecord>
}

/** The records of a lane that are larger than its sink takes: each is shortened once. */
export class LargeRecords {
  private readonly limit: RecordLimit | undefined
  private readonly originals = new WeakMap<LogRecord, LogRecord>()

  constructor(limit: RecordLimit | undefined) {
    this.limit = limit
  }

  shorten(record: LogRecord): LogRecord {
    const short = shortenRecord(record)
    this.originals.set(short, record)
    return short
  }

  isShortened(record: LogRecord | undefined): boolean {
    return record !== undefined && this.originals.has(record)
  }

  /** The record as it was logged. */
  originalOf(record: LogRecord): LogRecord {
    return this.originals.get(record) ?? record
  }

  /** What a batch becomes that has not been written before; nothing when it stays as it is. */
  fit(batch: ReadonlyArray<LogRecord>): Fitted | undefined {
    const { limit } = this
    if (limit === undefined) return undefined
    const tooLarge: Array<LogRecord> = []
    let fitted: Array<LogRecord> | undefined
    for (const [position, record] of batch.entries()) {
      if (fits(record, limit)) continue
      fitted ??= batch.slice()
      const short = this.isShortened(record) ? record : this.shorten(record)
      fitted[position] = short
      if (short === record || !fits(short, limit)) tooLarge.push(short)
    }
    return fitted && { batch: fitted, tooLarge }
  }
}

/** What cannot be measured is sent as it is: the destination says whether it takes it. */
const fits = (record: LogRecord, { maxBytes, sizeOf }: RecordLimit): boolean => {
  try {
    return !(sizeOf(record) > maxBytes)
  } catch {
    return true
  }
}
