import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { Capture } from "../capture/Capture.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { remedyOf } from "../diagnostics/remedies.ts"
import type { Inlet } from "../lane/Inlet.ts"
import { type DropCounts, dropReasons, noDrops, reasons, total } from "../Ledger.ts"
import { idleSleep } from "../node/idleSleep.ts"
import { plural } from "../record/text.ts"
import type { Signal } from "./Signal.ts"
import { sumOfDrops } from "./sums.ts"

/** What the summaries need of the lanes: whose drops are told of, and where they may be. */
interface Summarised {
  readonly all: ReadonlyArray<{ readonly name: string; books(): { readonly dropped: DropCounts } }>
  readonly attached: ReadonlyArray<{ readonly name: string; readonly healthy: boolean; readonly inlet: Inlet }>
}

const period = Duration.seconds(30)

/**
 * Tells of drops where they can be read: the first at once, then at most every
 * 30 s, as a record in a different, healthy lane, or on stderr when there is
 * none. While nothing is dropped no timer runs.
 */
export class DropSummaries {
  private readonly lanes: Summarised
  private readonly capture: Capture
  private readonly diagnostics: Diagnostics
  private readonly drops: Signal
  /** What was told of each lane, by its name. */
  private readonly told = new Map<string, DropCounts>()
  private loop: Fiber.Fiber<never> | undefined = undefined

  constructor(
    lanes: Summarised,
    capture: Capture,
    diagnostics: Diagnostics,
    drops: Signal
  ) {
    this.lanes = lanes
    this.capture = capture
    this.diagnostics = diagnostics
    this.drops = drops
  }

  /** Begins to tell of drops, until {@link stop}. */
  readonly start: Effect.Effect<void> = Effect.suspend(() =>
    Effect.map(this.diagnostics.around(Effect.forkDetach(this.telling)), (fiber) => {
      this.loop = fiber
    })
  )

  private readonly telling: Effect.Effect<never> = Effect.forever(Effect.gen({ self: this }, function*() {
    yield* this.drops.noted
    this.tell()
    yield* idleSleep(period)
  }))

  /** Tells of the last drops, and of none from now on. */
  stop(): void {
    this.loop?.interruptUnsafe()
    this.tell()
  }

  /** The drops of a lane are among those of another from now on, also those that were told. */
  summed(name: string, into: string): void {
    const told = this.told.get(name)
    if (told === undefined) return
    this.told.delete(name)
    this.told.set(into, sumOfDrops([told, this.told.get(into) ?? noDrops()]))
  }

  private tell(): void {
    this.drops.reset()
    const { all, attached } = this.lanes
    for (const lane of all) {
      const now = lane.books().dropped
      const news = difference(now, this.told.get(lane.name) ?? noDrops())
      const count = total(news)
      if (count === 0) continue
      this.told.set(lane.name, now)
      const message = `lane "${lane.name}" dropped ${count} ${plural(count, "record")}${reasons(news)}; ${
        remedyOf(news)
      }`
      const other = attached.find((candidate) => candidate.name !== lane.name && candidate.healthy)
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
