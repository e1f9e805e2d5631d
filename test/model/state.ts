import { type DropCounts, type DropReason, dropReasons, noDrops } from "../../src/Ledger.ts"
import type { Gone, Item } from "./events.ts"
import type { Parameters } from "./parameters.ts"
import { noTurns, type TurnState } from "./turns.ts"

/** A record in the hands of the lane: taken from the queue or from the disk, and not settled. */
export interface Held {
  readonly item: Item
  /** The batch on disk that it was read from. */
  readonly token: number | undefined
  /** It was put on disk, but never left the worker that has it. */
  readonly kept: boolean
  /** The sink has it, and the lane may not have noticed yet. */
  readonly stored: boolean
  /** The sink has said so while its write went on. */
  readonly confirmed: boolean
  /** The sink may have it. */
  readonly uncertain: boolean
  /** The segment it was read from may have made room for a newer one. */
  readonly mayBeGone: boolean
  /** What its last write ended with. `Refused`, `Counted`: the far end is done with it. */
  readonly last: "Unavailable" | "Rejected" | "Refused" | "Counted" | "TooLarge" | "Misconfigured" | undefined
  /** The records of which it is one, and so many of which are refused. */
  readonly group: Group | undefined
}

/** Records of which so many are refused, and nobody knows which. */
export interface Group {
  readonly seqs: ReadonlyArray<number>
  readonly refused: number
}

/** A batch on disk. */
export interface Frame {
  readonly position: number
  /** How many records it has, be they settled or not. */
  readonly count: number
  /** Those that were not settled when it was found, with their positions. */
  readonly seqs: ReadonlyArray<number>
  readonly places: ReadonlyArray<number>
  /** Some of it may have arrived before it was put there. */
  readonly maybeSent: boolean
  /** When it is safe from a power cut; never, when it is infinite. */
  readonly safeAt: number
}

/** A batch that was handed out, with where it stands on disk. */
export interface HandedOut {
  readonly token: number
  readonly from: number
  readonly to: number
  readonly acknowledged: boolean
  /** Its segment may have made room for a newer one. */
  readonly mayBeGone: boolean
}

/** What is on disk, as far as it must be. Positions count records. */
export interface DiskState {
  readonly frames: ReadonlyArray<Frame>
  readonly out: ReadonlyArray<HandedOut>
  /** The position of the record to be read next. */
  readonly expected: number
  readonly next: number
  /** When which position was settled, or noted to be. */
  readonly settled: ReadonlyMap<number, number>
  /** What must not come again. */
  readonly noted: ReadonlySet<number>
  readonly gone: Gone
  /** A power cut, or a full spool, may have left gaps. */
  readonly mayHaveGaps: boolean
}

/** What the books must say. */
export interface Tally {
  readonly accepted: number
  readonly recovered: number
  readonly delivered: number
  readonly deadLettered: number
  readonly spooled: number
  readonly dropped: DropCounts
}

/** A lane with its spool. Nothing in it is ever changed. */
export interface State {
  readonly rules: Parameters
  readonly phase: "open" | "draining" | "closed" | "gone"
  readonly queue: ReadonlyArray<Item>
  readonly offering: Item | undefined
  /** Whether only a share of what is offered is kept, and whether the queue was thinned for it. */
  readonly sampling: "whole" | "sampled" | "thinned"
  /** Which of those are of the share. */
  readonly turns: TurnState
  /** Which of those that wait make room for them. */
  readonly thinning: TurnState
  readonly held: ReadonlyMap<number, Held>
  /** The records that the lane knows to be stored or refused, and not which of both: they must not come again. */
  readonly counted: ReadonlySet<number>
  /** What was acknowledged on disk to be given up, which must come next. */
  readonly leaving: ReadonlySet<number>
  /** The records of which the last event says that they are delivered. */
  readonly delivered: ReadonlyArray<number>
  /** What was known of records when they were put on disk. */
  readonly parked: ReadonlyMap<number, Held>
  /** Every record there ever was, by its number. */
  readonly items: ReadonlyArray<Item>
  readonly writes: ReadonlyArray<{ readonly id: number; readonly seqs: ReadonlyArray<number> }>
  readonly flushes: ReadonlyArray<{ readonly id: number; readonly waitsFor: ReadonlySet<number> }>
  readonly disk: DiskState
  readonly tally: Tally
}

export const emptyTally: Tally = {
  accepted: 0,
  recovered: 0,
  delivered: 0,
  deadLettered: 0,
  spooled: 0,
  dropped: noDrops()
}

/** Before there was any process. */
export const nothing = (rules: Parameters): State => ({
  rules,
  phase: "gone",
  queue: [],
  offering: undefined,
  sampling: "whole",
  turns: noTurns,
  thinning: noTurns,
  held: new Map(),
  counted: new Set(),
  leaving: new Set(),
  delivered: [],
  parked: new Map(),
  items: [],
  writes: [],
  flushes: [],
  disk: {
    frames: [],
    out: [],
    expected: 0,
    next: 0,
    settled: new Map(),
    noted: new Set(),
    gone: "closed",
    mayHaveGaps: false
  },
  tally: emptyTally
})

/** Something happened that must not happen. */
export class Violation extends Error {}

/** Throws what is wrong unless a condition holds. */
export function demand(condition: boolean, wrong: () => string): asserts condition {
  if (!condition) throw new Violation(wrong())
}

export const dropped = (tally: Tally, reason: DropReason, count: number): Tally => ({
  ...tally,
  dropped: { ...tally.dropped, [reason]: tally.dropped[reason] + count }
})

export const differences = (tally: Tally, seen: Tally): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const compare = (name: string, modelled: number, counted: number): void => {
    if (modelled !== counted) wrong.push(`${name} is ${counted} and must be ${modelled}`)
  }
  compare("accepted", tally.accepted, seen.accepted)
  compare("recovered", tally.recovered, seen.recovered)
  compare("delivered", tally.delivered, seen.delivered)
  compare("deadLettered", tally.deadLettered, seen.deadLettered)
  compare("spooled", tally.spooled, seen.spooled)
  for (const reason of dropReasons) compare(reason, tally.dropped[reason], seen.dropped[reason])
  return wrong
}
