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
  private readonly sink: { readonly recordLimit?: RecordLimit | undefined }
  /** What each shortened record was; nothing in a lane that has shortened none. */
  private originals: WeakMap<LogRecord, LogRecord> | undefined = undefined

  constructor(sink: { readonly recordLimit?: RecordLimit | undefined }) {
    this.sink = sink
  }

  shorten(record: LogRecord): LogRecord {
    const short = shortenRecord(record)
    if (short === record) return record
    this.originals ??= new WeakMap()
    this.originals.set(short, record)
    return short
  }

  private isShortened(record: LogRecord): boolean {
    return this.originals?.has(record) === true
  }

  /** Whether nothing can be left out of it, or was already. */
  isShort(record: LogRecord): boolean {
    return this.isShortened(record) || shortenRecord(record) === record
  }

  /** Records as they were logged, which is how somebody else takes them. */
  asLogged(records: ReadonlyArray<LogRecord>): ReadonlyArray<LogRecord> {
    const { originals } = this
    return originals === undefined ? records : records.map((record) => originals.get(record) ?? record)
  }

  /** What a batch becomes that has not been written before; nothing when it stays as it is. */
  fit(batch: ReadonlyArray<LogRecord>): Fitted | undefined {
    const { recordLimit: limit } = this.sink
    if (limit === undefined || allFit(batch, limit)) return undefined
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

const allFit = (batch: ReadonlyArray<LogRecord>, { allFit }: RecordLimit): boolean => {
  try {
    return allFit?.(batch) === true
  } catch {
    return false
  }
}
