import type { Item } from "./events.ts"
import { bytesOf } from "./hands.ts"
import { withoutReserve } from "./room.ts"
import { dropped, type State } from "./state.ts"

/** Whether a lane keeps only a share of what is offered to it. */
const isSampled = (state: State, isFull: boolean): boolean => {
  const { capacity, maxBytes } = state.rules
  const isHalfEmpty = state.queue.length <= withoutReserve(capacity) / 2 &&
    bytesOf(state.queue) <= withoutReserve(maxBytes) / 2
  return isFull || (state.sampled && !isHalfEmpty)
}

/** Every second record that is not urgent makes room. */
const thinned = (state: State): State => {
  const ordinary = state.queue.filter(({ urgent }) => !urgent)
  const gone = new Set(ordinary.filter((_, index) => index % 2 === 0))
  return {
    ...state,
    queue: state.queue.filter((item) => !gone.has(item)),
    tally: dropped(state.tally, "sampled", gone.size)
  }
}

const mayThin = ({ queue }: State, { urgent }: Item): boolean => {
  const ordinary = queue.filter((item) => !item.urgent).length
  return ordinary > 0 && (urgent || 8 * ordinary >= queue.length)
}

/** The lane when a record is offered to it, and whether the record is of the share that is kept. */
export const sampled = (
  before: State,
  item: Item,
  { fits, lacks }: { readonly fits: boolean; readonly lacks: (state: State) => boolean }
): { readonly state: State; readonly isKept: boolean } => {
  let state: State = { ...before, sampled: isSampled(before, fits && lacks(before)) }
  if (!state.sampled) return { state, isKept: true }
  if (!item.urgent) {
    const { sampleShare } = state.rules
    const kept = (count: number): number => Math.floor(count * sampleShare + 1e-6)
    const { considered } = state
    state = { ...state, considered: considered + 1 }
    if (kept(considered + 1) === kept(considered)) return { state, isKept: false }
  }
  if (!fits) return { state, isKept: true }
  while (lacks(state) && mayThin(state, item)) state = thinned(state)
  return { state, isKept: item.urgent || !lacks(state) }
}
