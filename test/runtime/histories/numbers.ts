/** Numbers from a seed, always the same. */
export interface Numbers {
  readonly below: (bound: number) => number
  readonly oneOf: <A>(all: ReadonlyArray<A>) => A
  /** Whether something is so that is once in so many times. */
  readonly once: (inTimes: number) => boolean
}

export const numbersFrom = (seed: number): Numbers => {
  let state = seed
  const below = (bound: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0
    return ((state ^ (state >>> 12)) >>> 0) % bound
  }
  return {
    below,
    oneOf: (all) => all[below(all.length)]!,
    once: (inTimes) => below(inTimes) === 0
  }
}
