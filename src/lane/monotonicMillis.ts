import type * as Clock from "effect/Clock"

/** The time of a clock that nobody sets, in milliseconds. */
export const monotonicMillis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
