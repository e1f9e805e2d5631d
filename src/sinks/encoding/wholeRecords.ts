import type { LogRecord } from "../../LogRecord.ts"

/** Encodes the batches of a sink. */
export interface BatchEncoder {
  /** The bytes of a batch, each record ended by a line break; a view, until the next call. */
  readonly encodeBatch: (batch: ReadonlyArray<LogRecord>) => Uint8Array
  /** Where a record ends in bytes that this encoder gave, of which it begins at `from`. */
  readonly endOf: (record: LogRecord, bytes: Uint8Array, from: number) => number
}

/** So many records at the head of a batch, how many bytes they take, and where the next one ends. */
export interface Whole {
  readonly records: number
  readonly size: number
  readonly next: number
}

/** How many records at the head of a batch are whole in the first `written` of its bytes. */
export const wholeRecords = (
  batch: ReadonlyArray<LogRecord>,
  encoder: BatchEncoder,
  bytes: Uint8Array,
  written: number
): Whole => {
  let size = 0
  for (let i = 0; i < batch.length; i++) {
    const next = encoder.endOf(batch[i]!, bytes, size)
    if (next > written) return { records: i, size, next }
    size = next
  }
  return { records: batch.length, size, next: size }
}
