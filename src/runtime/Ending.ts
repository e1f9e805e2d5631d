import * as Effect from "effect/Effect"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { Lane } from "../lane/Lane.ts"
import type { ShutdownReport } from "../Ledger.ts"
import { plural } from "../record/text.ts"
import type { Acquired } from "./Acquired.ts"
import { type Deadline, toleranceMillis } from "./Deadline.ts"
import type { Lanes } from "./Lanes.ts"
import type { Rescue } from "./Rescue.ts"

type Failure = ShutdownReport["failures"][number]

/** So many steps that failed are listed. */
const mostListed = 100

/** How lanes end, at shutdown and before: nothing in it waits for a sink without a bound. */
export class Ending {
  /** The last steps that failed, in the order they did, behind how many have before. One may come while a report of them is made. */
  readonly failures: Array<Failure> = []
  private earlier = 0
  private readonly lanes: Lanes
  private readonly rescue: Rescue
  private readonly diagnostics: Diagnostics

  constructor(lanes: Lanes, rescue: Rescue, diagnostics: Diagnostics) {
    this.lanes = lanes
    this.rescue = rescue
    this.diagnostics = diagnostics
  }

  private fail(failure: Failure): void {
    const { failures } = this
    failures.push(failure)
    if (failures.length - Math.min(this.earlier, 1) <= mostListed) return
    this.earlier++
    failures.splice(0, Math.min(this.earlier, 2), { step: "earlier steps", message: `${this.earlier} not listed here` })
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
      this.fail({
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
          if (failure !== undefined) this.fail({ step: `close "${each.sink.name}"`, message: failure })
        })
      }, { concurrency: "unbounded", discard: true })
    })
  }
}
