import * as Effect from "effect/Effect"
import type { Lanes } from "./Lanes.ts"

/**
 * Waits until all lanes have room at once, each time it is run. Who goes on
 * has looked in the same step, so that of many who wait only as many go on as there
 * is room for what they log.
 */
export const roomIn = (lanes: Pick<Lanes, "fallbacks" | "lanes">): Effect.Effect<void> => {
  let turns = 0
  const waits = (turn: number): Effect.Effect<void> =>
    Effect.suspend(() => {
      const full = lanes.lanes.find(isFull) ?? lanes.fallbacks.find(isFull)
      return full === undefined ? Effect.void : Effect.andThen(full.awaitRoom(turn), waits(turn))
    })
  return Effect.suspend(() => waits(turns++))
}

const isFull = ({ hasRoom }: { readonly hasRoom: boolean }): boolean => !hasRoom
