import * as Effect from "effect/Effect"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { Lane } from "../lane/Lane.ts"
import type { ShutdownReport } from "../Ledger.ts"
import { plural } from "../record/text.ts"
import type { Acquired } from "./Acquired.ts"
import { type Deadline, toleranceMillis } from "./Deadline.ts"
import type { Lanes } from "./Lanes.ts"
import type { Rescue } from "./Rescue.ts"

/** How lanes end, at shutdown and before: nothing in it waits for a sink without a bound. */
export class Ending {
  /** The steps that failed, in the order they did. */
  readonly failures: Array<ShutdownReport["failures"][number]> = []
  private readonly lanes: Lanes
  private readonly rescue: Rescue
  private readonly diagnostics: Diagnostics

  constructor(lanes: Lanes, rescue: Rescue, diagnostics: Diagnostics) {
    this.lanes = lanes
    this.rescue = rescue
    this.diagnostics = diagnostics
  }

  /** Drains lanes in parallel; what remains after so long, or at the deadline, is abandoned. */
  drain(lanes: ReadonlyArray<Lane>, deadline: Deadline, millis: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      for (const lane of lanes) lane.beginDrain(millis)
      const done = Effect.forEach(lanes, (lane) => lane.drainDone, { concurrency: "unbounded", discard: true })
      return Effect.map(deadline.wait(done, millis), () => {
        for (const lane of lanes) this.abandon(lane, deadline)
      })
    })
  }

  private abandon(lane: Lane, deadline: Deadline): void {
    // Who hurries shutdown says nothing against the sinks; one that missed the deadline could hang here for ever.
    const givenUp = lane.abandon(deadline.isMoved ? this.rescue.timeOfOneSink() : undefined)
    if (givenUp > 0) {
      this.failures.push({
        step: `drain "${lane.name}"`,
        message: `${givenUp} ${plural(givenUp, "record")} ${givenUp === 1 ? "was" : "were"} left at the deadline`
      })
    }
  }

  /** Closes sinks that lanes of theirs have written to. */
  close(acquired: ReadonlyArray<Acquired>, deadline: Deadline): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { remainingMillis, reserveMillis } = deadline
      const millis = Math.max(remainingMillis - reserveMillis, Math.min(toleranceMillis, remainingMillis))
      return Effect.forEach(acquired, (each) => {
        const others = this.lanes.acquired.filter((other) => other !== each)
        return Effect.map(deadline.bound(this.diagnostics.around(each.close(others)), millis), (failure) => {
          if (failure !== undefined) this.failures.push({ step: `close "${each.sink.name}"`, message: failure })
        })
      }, { concurrency: "unbounded", discard: true })
    })
  }
}
