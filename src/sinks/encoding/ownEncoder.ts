import type { LogEncoder } from "../../LogEncoder.ts"
import type { BatchEncoder } from "./wholeRecords.ts"

const utf8 = new TextEncoder()

/** An encoder of ours, for the batches of a sink. It gives the same text for a record again. */
export const ownEncoder = ({ encode, encodeBatch }: LogEncoder): BatchEncoder => ({
  encodeBatch,
  endOf: (record, _, from) => from + utf8.encode(encode(record)).length + 1
})
