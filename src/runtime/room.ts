import * as Effect from "effect/Effect"
import type { Lane } from "../lane/Lane.ts"

/**
 * Waits until all of some lanes have room at once, each time it is run. Who goes on
 * has looked in the same step, so that of many who wait only as many go on as there
 * is room for what they log.
 */
export const roomIn = (lanes: ReadonlyArray<Lane>): Effect.Effect<void> => {
  let turns = 0
  const waits = (turn: number): Effect.Effect<void> =>
    Effect.suspend(() => {
      const full = lanes.find((lane) => !lane.hasRoom)
      return full === undefined ? Effect.void : Effect.andThen(full.awaitRoom(turn), waits(turn))
    })
  return Effect.suspend(() => waits(turns++))
}
