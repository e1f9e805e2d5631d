import type { LogRecord } from "../LogRecord.ts"

/** Where to split a batch so that both parts have about as many bytes, and at least one record. */
export const middleByBytes = (batch: ReadonlyArray<LogRecord>): number => {
  const half = batch.reduce((sum, record) => sum + record.bytes, 0) / 2
  let bytes = 0
  for (let i = 0; i < batch.length - 1; i++) {
    bytes += batch[i]!.bytes
    if (bytes >= half) return i + 1
  }
  return batch.length - 1
}

/** Records in batches of so many records and about so many bytes at most, in order. */
export const batchesOf = (
  records: ReadonlyArray<LogRecord>,
  mostRecords: number,
  mostBytes: number
): ReadonlyArray<ReadonlyArray<LogRecord>> => {
  const batches: Array<Array<LogRecord>> = []
  let last: Array<LogRecord> | undefined
  let bytes = 0
  for (const record of records) {
    if (last === undefined || last.length >= mostRecords || bytes >= mostBytes) {
      last = []
      bytes = 0
      batches.push(last)
    }
    last.push(record)
    bytes += record.bytes
  }
  return batches
}
