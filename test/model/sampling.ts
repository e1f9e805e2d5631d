import type { Item } from "./events.ts"
import { bytesOf } from "./hands.ts"
import { withoutReserve } from "./room.ts"
import { dropped, type State } from "./state.ts"
import { isTurn, pass } from "./turns.ts"

/** What a lane keeps of what is offered to it. */
const sampling = ({ queue, rules, sampling }: State, isFull: boolean): State["sampling"] => {
  const isBelow = (part: number): boolean =>
    queue.length <= withoutReserve(rules.capacity) * part && bytesOf(queue) <= withoutReserve(rules.maxBytes) * part
  if (sampling !== "whole" && !isBelow(sampling === "thinned" ? 1 / 4 : 1 / 2)) return sampling
  return isFull ? "sampled" : "whole"
}

/** Half of the records that are not urgent make room. */
const thinned = (before: State): State => {
  let { thinning } = before
  const queue = before.queue.filter(({ urgent }) => {
    if (urgent) return true
    const goes = isTurn(thinning, 1 / 2)
    thinning = pass(thinning, 1 / 2)
    return !goes
  })
  return {
    ...before,
    sampling: "thinned",
    thinning,
    queue,
    tally: dropped(before.tally, "sampled", before.queue.length - queue.length)
  }
}

/** Whether thinning makes room: all that is not urgent may go, and must be a part of the queue that is worth it. */
const canThin = (state: State, { urgent }: Item, lacks: (state: State) => boolean): boolean => {
  const kept = state.queue.filter((item) => item.urgent)
  const ordinary = state.queue.length - kept.length
  return (urgent || 8 * ordinary >= state.queue.length) && !lacks({ ...state, queue: kept })
}

/** The lane when a record is offered to it, and whether the record is of the share that is kept. */
export const sampled = (
  before: State,
  item: Item,
  { fits, lacks }: { readonly fits: boolean; readonly lacks: (state: State) => boolean }
): { readonly state: State; readonly isKept: boolean } => {
  let state: State = { ...before, sampling: sampling(before, fits && lacks(before)) }
  if (state.sampling === "whole") return { state, isKept: true }
  if (!item.urgent) {
    const { sampleShare } = state.rules
    const isKept = isTurn(state.turns, sampleShare)
    if (fits || !isKept) state = { ...state, turns: pass(state.turns, sampleShare) }
    if (!isKept) return { state, isKept }
  }
  if (!fits) return { state, isKept: true }
  if (canThin(state, item, lacks)) { while (lacks(state)) state = thinned(state) }
  return { state, isKept: item.urgent || !lacks(state) }
}
