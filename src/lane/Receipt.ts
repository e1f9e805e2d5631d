import type { Acknowledge } from "../LogSink.ts"

/** What a write says of single records while it goes on. Nobody reads it when the write has ended. */
export class Receipt {
  /** The positions that are stored. */
  acknowledged: Set<number> | undefined = undefined

  readonly acknowledge: Acknowledge = (record) => {
    this.acknowledged ??= new Set()
    this.acknowledged.add(record)
  }
}
