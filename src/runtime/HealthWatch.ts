import * as Cause from "effect/Cause"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import { monotonicMillis } from "../lane/monotonicMillis.ts"
import { type Counts, differ, type Health, healthOf, laneHealth } from "./health.ts"
import type { Lanes } from "./Lanes.ts"
import type { Signal, Signals } from "./Signal.ts"

/** The least time between two elements. */
const pauseMillis = 100

/** What was seen at one time. */
interface Look {
  readonly at: number
  readonly health: Health
  readonly counts: ReadonlyMap<string, Counts>
  /** Whether nothing changes after it. */
  readonly isLast: boolean
}

/** The states of the lanes as a stream. While nobody watches, a lane that changes tells nobody. */
export class HealthWatch {
  private readonly lanes: Lanes
  private readonly changes: Signals
  private readonly clock: Clock.Clock
  private readonly start: Look
  private phase: "open" | "ended" = "open"

  constructor(lanes: Lanes, changes: Signals, clock: Clock.Clock) {
    this.lanes = lanes
    this.changes = changes
    this.clock = clock
    this.start = { at: monotonicMillis(clock), health: healthOf({}, "open"), counts: new Map(), isLast: false }
  }

  /** The present states first, then an element when they are others, and the end with the log. */
  readonly states: Stream.Stream<Health> = Stream.unwrap(Effect.map(
    Effect.suspend(() => this.changes.subscribe),
    (signal) => Stream.fromPull(Effect.sync(() => this.pull(signal)))
  ))

  /** The log has ended. */
  end(): void {
    this.phase = "ended"
    this.changes.note()
  }

  private pull(signal: Signal): Pull.Pull<readonly [Health]> {
    let last: Look | undefined
    return Effect.suspend(() => {
      if (last !== undefined) return this.next(signal, last)
      return Effect.succeed(this.look(this.start))
    }).pipe(Effect.map((look) => {
      last = look
      return [look.health]
    }))
  }

  /** Waits for states that are others than those of the last look. */
  private next(signal: Signal, last: Look): Effect.Effect<Look, Cause.Done> {
    return Effect.gen({ self: this }, function*() {
      for (;;) {
        if (last.isLast) return yield* Cause.done()
        yield* signal.noted
        yield* this.clock.sleep(Duration.millis(Math.max(0, last.at + pauseMillis - monotonicMillis(this.clock))))
        signal.reset()
        const look = this.look(last)
        if (differ(look.health, last.health)) return look
        if (look.isLast) return yield* Cause.done()
      }
    })
  }

  /** Looks at the lanes. Their rates are those since the look before. */
  private look(before: Look): Look {
    const at = monotonicMillis(this.clock)
    const stats = this.lanes.attached.map((lane) => [lane.name, lane.stats()] as const)
    const seconds = (at - before.at) / 1000
    const lanes = stats.map(([name, now]) => [name, laneHealth(now, before.counts.get(name), seconds)] as const)
    return {
      at,
      health: healthOf(Object.fromEntries(lanes), this.phase),
      counts: new Map(stats),
      isLast: this.phase === "ended"
    }
  }
}
