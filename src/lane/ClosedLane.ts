import * as Effect from "effect/Effect"
import type { LaneBooks, LaneStats } from "../Ledger.ts"
import type { LaneCounters } from "./LaneCounters.ts"
import type { Replayable, Sent } from "./LetterTurns.ts"

/** What counts the records of a lane, to whoever only reads. */
type Counters = Pick<LaneCounters, "books">

/** What is left of a lane that was detached: its books. */
export class ClosedLane implements Replayable {
  readonly name: string
  private readonly counters: Counters
  private readonly last: LaneStats

  constructor(lane: { readonly name: string; readonly inlet: { readonly counters: Counters }; stats(): LaneStats }) {
    this.name = lane.name
    this.counters = lane.inlet.counters
    this.last = lane.stats()
  }

  /** A log call that has begun before the lane left may have offered to it since. */
  books(): LaneBooks {
    return this.counters.books(0, this.last.marked)
  }

  stats(): LaneStats {
    return { ...this.last, ...this.books(), status: "closed", queuedBytes: 0, breakerOpen: false }
  }

  send(): Effect.Effect<Sent> {
    return Effect.succeed("ended")
  }
}
