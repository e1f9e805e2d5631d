import type { LogRecord } from "../../LogRecord.ts"

/** The entries of one stream in a request, which are sorted by their time. */
export class Stream {
  /** Its labels as JSON. */
  readonly labels: string
  private readonly batch: ReadonlyArray<LogRecord>
  private readonly order: (a: LogRecord, b: LogRecord) => number
  /** Where its records stand in the batch. */
  private readonly positions: Array<number> = []
  private last: LogRecord | undefined = undefined
  private isSorted = true

  constructor(
    labels: string,
    batch: ReadonlyArray<LogRecord>,
    order: (a: LogRecord, b: LogRecord) => number
  ) {
    this.labels = labels
    this.batch = batch
    this.order = order
  }

  /** Adds the record at a position. */
  add(position: number): void {
    const record = this.batch[position]!
    if (this.last !== undefined && this.order(this.last, record) > 0) this.isSorted = false
    this.last = record
    this.positions.push(position)
  }

  /** Where its records stand in the batch, by their times. */
  sorted(): ReadonlyArray<number> {
    const { batch, order, positions } = this
    return this.isSorted ? positions : positions.toSorted((a, b) => order(batch[a]!, batch[b]!))
  }
}
