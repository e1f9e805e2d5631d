import type { DropReason, LaneBooks } from "../../src/Ledger.ts"
import type { FoundCursor } from "./cursor.ts"
import type { FoundFrame } from "./frames.ts"

/** A record as the model knows it. */
export interface Item {
  readonly seq: number
  readonly bytes: number
  /** When it was logged. */
  readonly time: number
  /** Whether the reserve is open to it. */
  readonly urgent: boolean
  /** Whether it is half as large for the sink when it was shortened. */
  readonly shrinks: boolean
}

/** How a write ended, as the sink knows it. Of records that were confirmed before it says nothing. */
export type End =
  | { readonly _tag: "Ok" }
  | { readonly _tag: "Unavailable"; readonly ambiguous: boolean; readonly stored: number }
  /** All of it is refused, and may be for one of its records. */
  | { readonly _tag: "Rejected" }
  /** So many are refused, or more than there are, or nobody knows how many. */
  | { readonly _tag: "Counted"; readonly count: number }
  | {
    readonly _tag: "PerRecord"
    readonly refused: ReadonlyArray<number>
    readonly again: ReadonlyArray<number>
    readonly ambiguous: boolean
  }
  | { readonly _tag: "TooLarge" }
  | { readonly _tag: "Misconfigured" }

/** What can be seen of a lane and its spool from outside, and what is done to them. */
export type Event =
  | { readonly _tag: "Offered"; readonly item: Item; readonly queued: number }
  | { readonly _tag: "OfferEnded"; readonly queued: number }
  | {
    readonly _tag: "WriteBegun"
    readonly id: number
    readonly seqs: ReadonlyArray<number>
    /** How large the largest of them is for the sink. */
    readonly largest: number
    readonly at: number
  }
  /** The write of so many records goes on, and these positions of it are stored. */
  | { readonly _tag: "Confirmed"; readonly id: number; readonly positions: ReadonlyArray<number> }
  | { readonly _tag: "WriteEnded"; readonly id: number; readonly end: End }
  /** Written synchronously, because the end has come. */
  | {
    readonly _tag: "Rescued"
    readonly id: number
    readonly seqs: ReadonlyArray<number>
    readonly largest: number
    readonly end: End
  }
  | {
    readonly _tag: "Appended"
    readonly seqs: ReadonlyArray<number>
    readonly maybeSent: boolean
    readonly taken: boolean
    /** Older records that had to make room. */
    readonly dropped: number
    /** Whether older segments made room, with or without records that anybody waits for. */
    readonly freed: boolean
    /** How large the spool is now. */
    readonly bytes: number
    readonly at: number
  }
  | { readonly _tag: "Handed"; readonly token: number; readonly seqs: ReadonlyArray<number>; readonly lost: number }
  /** What was put on disk last stays in the lane's hands. */
  | { readonly _tag: "Kept"; readonly token: number; readonly seqs: ReadonlyArray<number> }
  | { readonly _tag: "Acknowledged"; readonly token: number; readonly at: number }
  /** The records at these places of a batch are settled, and need not come again. */
  | {
    readonly _tag: "SomeAcknowledged"
    readonly token: number
    readonly places: ReadonlyArray<number>
    readonly at: number
  }
  /** What is settled is on its way to the disk. */
  | { readonly _tag: "Noted" }
  | {
    readonly _tag: "GivenUp"
    readonly seqs: ReadonlyArray<number>
    readonly reason: DropReason
    readonly at: number
    /** Whether somebody took them. */
    readonly taken: boolean
  }
  /** Somebody was given a copy of records of which so many are refused, and the others stored. */
  | { readonly _tag: "Copied"; readonly seqs: ReadonlyArray<number>; readonly refused: number }
  | { readonly _tag: "FlushBegun"; readonly id: number; readonly queued: number }
  | { readonly _tag: "FlushDone"; readonly id: number; readonly queued: number }
  | { readonly _tag: "Draining" }
  | { readonly _tag: "Closed" }
  | Look
  /** The process is gone, and this is what the disk holds. */
  | { readonly _tag: "Gone"; readonly how: Gone; readonly found: ReadonlyArray<FoundFrame>; readonly at: number }
  /** A new process has opened the spool, in which it found this. */
  | {
    readonly _tag: "Begun"
    readonly found: ReadonlyArray<FoundFrame>
    readonly cursor: FoundCursor | undefined
    readonly recovered: number
    readonly lostAtEnd: number
  }

/** How a process ended: in good order, killed, or with the power. */
export type Gone = "closed" | "killed" | "powerless"

/** The lane as it presents itself between two tasks. */
export interface Look {
  readonly _tag: "Look"
  readonly books: LaneBooks
  readonly queuedBytes: number
  /** The records in the hands of workers. */
  readonly inHand: ReadonlySet<number>
  /** Whether nothing will happen by itself before time goes by. */
  readonly quiet: boolean
  /** Whether the disk has room, for as long as the lane needs to notice. */
  readonly diskTakes: boolean
  /** Whether a worker is down, and will be started again. */
  readonly workerDown: boolean
}
