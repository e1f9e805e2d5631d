/**
 * What becomes of a batch after a write of it: the one place that knows what an
 * answer means. A pure table; the settlement of the lane carries the move out.
 *
 * | answer | the batch | move | the sink |
 * |---|---|---|---|
 * | stored | | deliver all | works |
 * | abandoned: neither answered nor interruptible | | give up, `unconfirmed` | fails |
 * | `Unavailable`, or died, or timed out | | deliver what is stored, keep the rest | fails |
 * | `Misconfigured` | | keep | fails |
 * | `TooLarge` | several records | split by bytes | refuses |
 * | | one | shorten it | refuses |
 * | | one that was shortened | give up, `too_large` | refuses |
 * | `Rejected`, with the records | | give these up, deliver the others | refuses |
 * | `Rejected` | several records | split in halves | refuses |
 * | | one | give up, `rejected_by_server` | refuses |
 * | `Closed` | | close the lane | refuses |
 */
import type { SinkError } from "../contract/SinkError.ts"
import { storedIn } from "../contract/storedIn.ts"
import type { DropReason } from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import { middleByBytes } from "./batches.ts"
import type { Outcome } from "./writeOutcome.ts"

/** What is known of the batch that was written. */
export interface Written {
  readonly batch: ReadonlyArray<LogRecord>
  readonly shortened: boolean
}

/** What is done with the batch. */
export type Move =
  /** So many records at the head are stored. */
  | { readonly _tag: "Deliver"; readonly count: number }
  /** It is tried again, but for so many records at its head, which are stored; `maybeStored`: the others may be too. */
  | { readonly _tag: "Keep"; readonly stored: number; readonly maybeStored: boolean }
  /** Some records are given up, the others are stored. */
  | { readonly _tag: "GiveUp"; readonly reason: DropReason; readonly refused: ReadonlyArray<LogRecord> }
  | { readonly _tag: "Split"; readonly at: number }
  | { readonly _tag: "Shorten" }
  /** Nothing is taken by this destination any more. */
  | { readonly _tag: "Close" }

/** What an answer says of the sink: a sink that refuses a batch is alive, which does not say that it works. */
export type Sign = "works" | "fails" | "refuses"

export interface Answer {
  readonly move: Move
  readonly sign: Sign
}

export const answerOf = (outcome: Outcome, { batch, shortened }: Written): Answer => {
  switch (outcome._tag) {
    case "Delivered":
      return { move: { _tag: "Deliver", count: batch.length }, sign: "works" }
    case "Abandoned":
      return { move: { _tag: "GiveUp", reason: "unconfirmed", refused: batch }, sign: "fails" }
    case "Died":
    case "Failed": {
      const { error } = outcome
      return { move: moveAfter(error, batch, shortened), sign: error.isRetryable ? "fails" : "refuses" }
    }
  }
}

const moveAfter = (error: SinkError, batch: ReadonlyArray<LogRecord>, shortened: boolean): Move => {
  const { reason } = error
  switch (reason._tag) {
    case "Unavailable":
      return { _tag: "Keep", stored: storedIn(error, batch.length), maybeStored: reason.ambiguous === true }
    case "Misconfigured":
      return { _tag: "Keep", stored: 0, maybeStored: false }
    case "TooLarge":
      if (batch.length > 1) return { _tag: "Split", at: middleByBytes(batch) }
      return shortened ? { _tag: "GiveUp", reason: "too_large", refused: batch } : { _tag: "Shorten" }
    case "Rejected": {
      const { records } = reason
      if (records === undefined && batch.length > 1) return { _tag: "Split", at: batch.length >> 1 }
      const named = records && new Set(records)
      const refused = named === undefined ? batch : batch.filter((_, index) => named.has(index))
      return { _tag: "GiveUp", reason: "rejected_by_server", refused }
    }
    case "Closed":
      return { _tag: "Close" }
  }
}

/**
 * The reason why a batch is given up for which no answer came, or none that
 * settled it: what may have arrived is `unconfirmed`, whatever was waited for.
 */
export const unanswered = (reason: DropReason, maybeSent: boolean): DropReason => maybeSent ? "unconfirmed" : reason
