import type { LogRecord } from "../LogRecord.ts"
import type { Acknowledge } from "../LogSink.ts"

/** What a write says of single records while it goes on. Nobody reads it when the write has ended. */
export class Receipt {
  /** The positions that are stored. */
  acknowledged: Set<number> | undefined = undefined

  readonly acknowledge: Acknowledge = (record) => {
    this.acknowledged ??= new Set()
    this.acknowledged.add(record)
  }

  /** The records of the batch that are not stored, as far as the write has said. */
  openOf(batch: ReadonlyArray<LogRecord>): ReadonlyArray<LogRecord> {
    const { acknowledged } = this
    return acknowledged === undefined ? batch : batch.filter((_, position) => !acknowledged.has(position))
  }
}
