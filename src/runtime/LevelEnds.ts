import type * as Clock from "effect/Clock"
import { monotonicMillis } from "../lane/monotonicMillis.ts"
import type { Levels, Temporary } from "../LogLevels.ts"

/**
 * When levels for a time end. Each says a moment of the wall clock, which is held against that once, when the level is first
 * seen: a clock that is set afterwards moves no end.
 */
export class LevelEnds {
  private readonly clock: Clock.Clock
  /** In monotonic milliseconds, by what is said. */
  private known: ReadonlyMap<string, number> = new Map()

  constructor(clock: Clock.Clock) {
    this.clock = clock
  }

  /** How many milliseconds each of some levels has left, in their order. */
  leftOf({ temporary }: Levels): ReadonlyArray<number> {
    const now = monotonicMillis(this.clock)
    const wall = this.clock.currentTimeMillisUnsafe()
    const seen = new Map<string, number>()
    const left = temporary.map((each) => {
      const { until = Infinity } = each
      const key = keyOf(each)
      const end = this.known.get(key) ?? now + until - wall
      seen.set(key, end)
      return end - now
    })
    this.known = seen
    return left
  }
}

const keyOf = ({ by, lane, level, scope, until }: Temporary): string => JSON.stringify([until, level, scope, lane, by])
