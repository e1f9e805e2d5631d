import { Clock, Effect } from "effect"

/** The clock of a test, whose wall time somebody sets. */
export interface SteppingClock {
  /** Sets the wall clock on by so many milliseconds, or back. */
  readonly step: (millis: number) => void
  readonly wall: () => number
  readonly around: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

export const steppingClock: Effect.Effect<SteppingClock> = Clock.clockWith((clock) => {
  let ahead = 0
  const wall = () => clock.currentTimeMillisUnsafe() + ahead
  const stepping: Clock.Clock = Object.assign(Object.create(clock), {
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanosUnsafe: () => BigInt(wall()) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => BigInt(wall()) * 1_000_000n)
  })
  return Effect.succeed({
    step(millis) {
      ahead += millis
    },
    wall,
    around: (effect) => Effect.provideService(effect, Clock.Clock, stepping)
  })
})
