import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { SchedulerDispatcher } from "effect/Scheduler"
import type { Capture } from "../capture/Capture.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { Inlet } from "../lane/Inlet.ts"
import { type DropCounts, dropReasons, noDrops, reasons, total } from "../Ledger.ts"
import { idleSleep } from "../node/idleSleep.ts"

/** What the summaries need of a lane. */
export interface Summarised {
  readonly name: string
  readonly healthy: boolean
  readonly inlet: Inlet
  books(): { readonly dropped: DropCounts }
}

const period = Duration.seconds(30)

/**
 * Tells of drops where they can be read: the first at once, then at most every
 * 30 s, as a record in a different, healthy lane, or on stderr when there is
 * none. While nothing is dropped no timer runs.
 */
export class DropSummaries {
  private readonly lanes: ReadonlyArray<Summarised>
  private readonly capture: Capture
  private readonly diagnostics: Diagnostics
  private readonly dispatcher: SchedulerDispatcher
  private readonly told: Array<DropCounts>
  private readonly dropped = Latch.makeUnsafe(false)
  private pending = false

  constructor(
    lanes: ReadonlyArray<Summarised>,
    capture: Capture,
    diagnostics: Diagnostics,
    dispatcher: SchedulerDispatcher
  ) {
    this.lanes = lanes
    this.capture = capture
    this.diagnostics = diagnostics
    this.dispatcher = dispatcher
    this.told = lanes.map(noDrops)
  }

  /** Called by a lane when it drops; wakes the summaries on a later step. */
  note(): void {
    if (this.pending) return
    this.pending = true
    try {
      this.dispatcher.scheduleTask(() => this.dropped.openUnsafe(), 0)
    } catch {
      this.pending = false
    }
  }

  /** Tells of drops for as long as the program runs. */
  readonly run: Effect.Effect<never> = Effect.forever(Effect.gen({ self: this }, function*() {
    yield* this.dropped.await
    this.tell()
    yield* idleSleep(period)
  }))

  /** Tells now of what has been dropped since the last time. */
  tell(): void {
    this.pending = false
    this.dropped.closeUnsafe()
    for (const [index, lane] of this.lanes.entries()) {
      const now = lane.books().dropped
      const news = difference(now, this.told[index] ?? noDrops())
      const count = total(news)
      if (count === 0) continue
      this.told[index] = now
      const message = `lane "${lane.name}" dropped ${count} records${reasons(news)}`
      const other = this.lanes.find((candidate) => candidate !== lane && candidate.healthy)
      if (other === undefined) this.diagnostics.report("logging", message)
      else this.capture.own(other.inlet, "Warn", message, { lane: lane.name, dropped: nonZero(news) })
    }
  }
}

const difference = (now: DropCounts, before: DropCounts): DropCounts => {
  const out = noDrops()
  for (const reason of dropReasons) out[reason] = now[reason] - before[reason]
  return out
}

const nonZero = (counts: DropCounts): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
