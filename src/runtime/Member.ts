import type { Lane } from "../lane/Lane.ts"
import type { SyncLane } from "../lane/SyncLane.ts"
import type { Acquired } from "./Acquired.ts"

/**
 * A lane of a runtime, with the sink that it writes to.
 *
 *     attached ──leave──▶ leaving, until it has drained and its sink is closed
 */
export class Member {
  phase: "attached" | "leaving" = "attached"
  readonly lane: Lane | SyncLane
  acquired: Acquired
  /** `fallback`: it takes what others give up, and no log call offers to it. */
  readonly role: "sink" | "fallback"
  /** Whether the runtime began with it, or with what stands in for its sink, whose name nobody knows; or it was attached. */
  readonly came: "first" | "standIn" | "later"
  /** Who takes what it gives up, as long as it may give up something. */
  fallback: Member | undefined

  constructor(
    lane: Lane | SyncLane,
    acquired: Acquired,
    role: Member["role"],
    came: Member["came"],
    fallback?: Member
  ) {
    this.lane = lane
    this.acquired = acquired
    this.role = role
    this.came = came
    this.fallback = fallback
  }
}
