/**
 * What becomes of a batch after a write of it: the one place that knows what an
 * answer means. A pure table; the settlement of the lane carries the move out.
 *
 * Records that were acknowledged while the write went on are stored whatever it
 * answers; what is said here of a batch is of the others.
 *
 * | answer | the batch | move | the sink |
 * |---|---|---|---|
 * | stored | | deliver all | works |
 * | abandoned: neither answered nor interruptible; unheard: no Effect | | give up, `unconfirmed` | fails |
 * | `Unavailable`, or died, or timed out | | deliver the head that is stored, keep the rest | fails |
 * | `Misconfigured` | | keep | fails |
 * | `TooLarge` | several records | split by bytes | refuses |
 * | | one | shorten it | refuses |
 * | | one that cannot be shorter | give up, `too_large` | refuses |
 * | `Rejected`, with the records | | give these up, deliver the others | works, if there are others |
 * | `Rejected`, with their count | | so many are `rejected_by_server`, deliver the others | works, if there are others |
 * | `Rejected` | several records | split in halves | refuses |
 * | | one | give up, `rejected_by_server` | refuses |
 * | `PerRecord` | | give up the refused, keep those to be tried again, deliver the others | works, if there are others, else fails with some to be tried again |
 * | `Closed` | | close the lane | refuses |
 */
import type { Reason, SinkError } from "../contract/SinkError.ts"
import { peerCount } from "../contract/storedIn.ts"
import type { DropReason } from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import { middleByBytes } from "./batches.ts"
import type { Outcome } from "./writeOutcome.ts"

/** What is known of the batch that was written. */
export interface Written {
  readonly batch: ReadonlyArray<LogRecord>
  /** The positions that were acknowledged. */
  readonly acknowledged?: ReadonlySet<number> | undefined
  /** Whether its only record cannot be made shorter. */
  readonly short: boolean
}

/** A record that is given up, and what was said of it alone. */
export interface Refused {
  readonly record: LogRecord
  readonly message?: string | undefined
}

/** What is done with the batch. */
export type Move =
  | { readonly _tag: "Deliver" }
  /** Some records are given up, some are tried again, the others are stored; `maybeStored`: those tried again may be too. */
  | {
    readonly _tag: "Sort"
    readonly refused: ReadonlyArray<Refused>
    readonly again: ReadonlyArray<LogRecord>
    readonly maybeStored: boolean
  }
  /** So many records are refused, the others are stored, and nobody knows which. */
  | { readonly _tag: "Count"; readonly refused: number }
  | { readonly _tag: "GiveUp"; readonly reason: DropReason }
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

export const answerOf = (outcome: Outcome, { acknowledged, batch, short }: Written): Answer => {
  const isOpen = (position: number): boolean => acknowledged?.has(position) !== true
  switch (outcome._tag) {
    case "Delivered":
      return { move: { _tag: "Deliver" }, sign: "works" }
    case "Abandoned":
    case "Unheard":
      return { move: { _tag: "GiveUp", reason: "unconfirmed" }, sign: "fails" }
    case "Died":
    case "Failed":
      return answerTo(outcome.error, batch, { isOpen, short })
  }
}

const answerTo = (
  error: SinkError,
  batch: ReadonlyArray<LogRecord>,
  { isOpen, short }: { readonly isOpen: (position: number) => boolean; readonly short: boolean }
): Answer => {
  const { reason } = error
  const open = batch.filter((_, position) => isOpen(position))
  switch (reason._tag) {
    case "Unavailable": {
      const stored = peerCount(reason.stored ?? 0, batch.length)
      const again = batch.filter((_, i) => i >= stored && isOpen(i))
      return { move: sorted([], again, reason.ambiguous === true), sign: "fails" }
    }
    case "Misconfigured":
      return { move: sorted([], open, false), sign: "fails" }
    case "TooLarge":
      if (open.length > 1) return { move: { _tag: "Split", at: middleByBytes(open) }, sign: "refuses" }
      return { move: short ? { _tag: "GiveUp", reason: "too_large" } : { _tag: "Shorten" }, sign: "refuses" }
    case "Rejected":
      return rejected(reason, batch, open, isOpen)
    case "PerRecord": {
      const said = new Map((reason.refused ?? []).map(({ message, record }) => [record, message]))
      const tried = new Set(reason.again)
      const refused = batch.flatMap((record, i) => said.has(i) && isOpen(i) ? [{ record, message: said.get(i) }] : [])
      const again = batch.filter((_, i) => tried.has(i) && !said.has(i) && isOpen(i))
      const sign = refused.length + again.length < open.length ? "works" : again.length > 0 ? "fails" : "refuses"
      return { move: sorted(refused, again, reason.ambiguous === true), sign }
    }
    case "Closed":
      return { move: { _tag: "Close" }, sign: "refuses" }
  }
}

const sorted = (refused: ReadonlyArray<Refused>, again: ReadonlyArray<LogRecord>, maybeStored: boolean): Move => ({
  _tag: "Sort",
  refused,
  again,
  maybeStored
})

const rejected = (
  { count, records }: Extract<Reason, { readonly _tag: "Rejected" }>,
  batch: ReadonlyArray<LogRecord>,
  open: ReadonlyArray<LogRecord>,
  isOpen: (position: number) => boolean
): Answer => {
  if (records !== undefined) {
    const named = new Set(records)
    const refused = batch.flatMap((record, i) => named.has(i) && isOpen(i) ? [{ record }] : [])
    return { move: sorted(refused, [], false), sign: refused.length < open.length ? "works" : "refuses" }
  }
  if (count !== undefined) {
    // A batch is refused, and the number is none: all of it may be.
    const refused = Number.isNaN(count) ? open.length : peerCount(count, open.length)
    return { move: { _tag: "Count", refused }, sign: refused < open.length ? "works" : "refuses" }
  }
  if (open.length > 1) return { move: { _tag: "Split", at: open.length >> 1 }, sign: "refuses" }
  return { move: { _tag: "GiveUp", reason: "rejected_by_server" }, sign: "refuses" }
}

/** All of a batch is tried again. */
export const allAgain = (batch: ReadonlyArray<LogRecord>): Move => sorted([], batch, false)

/** Whether what is tried again may be stored. */
export const isMaybeStored = (move: Move): boolean => move._tag === "Sort" && move.maybeStored

/**
 * The reason why a batch is given up for which no answer came, or none that
 * settled it: what may have arrived is `unconfirmed`, whatever was waited for.
 */
export const unanswered = (reason: DropReason, maybeSent: boolean): DropReason => maybeSent ? "unconfirmed" : reason
