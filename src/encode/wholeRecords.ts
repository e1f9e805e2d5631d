import type { LogRecord } from "../LogRecord.ts"

/** So many records at the head of a batch, and how many bytes they take. */
export interface Whole {
  readonly records: number
  readonly size: number
}

/** How many records at the head of a batch fit into `written` bytes. */
export const wholeRecords = (
  batch: ReadonlyArray<LogRecord>,
  encoder: { encode(record: LogRecord): string },
  written: number
): Whole => {
  const utf8 = new TextEncoder()
  let size = 0
  for (let i = 0; i < batch.length; i++) {
    const next = size + utf8.encode(encoder.encode(batch[i]!)).length + 1
    if (next > written) return { records: i, size }
    size = next
  }
  return { records: batch.length, size }
}
