import type { Event, Item } from "./events.ts"
import { bytesOf, isHeldBack, queueIs } from "./hands.ts"
import { withoutReserve } from "./room.ts"
import { sampled } from "./sampling.ts"
import { demand, dropped, type State } from "./state.ts"

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/** Why there is no room for a record, or nothing when there is. */
const noRoomFor = (state: State, item: Item): "queue_full" | "bytes_full" | undefined => {
  const { capacity, maxBytes } = state.rules
  if (state.queue.length >= (item.urgent ? capacity : withoutReserve(capacity))) return "queue_full"
  const most = item.urgent ? maxBytes : withoutReserve(maxBytes)
  return bytesOf(state.queue) + item.bytes > most ? "bytes_full" : undefined
}

const evict = (state: State, reason: "queue_full" | "bytes_full"): State => ({
  ...state,
  queue: state.queue.slice(1),
  tally: dropped(state.tally, reason, 1)
})

export const offerEnded = (before: State, { queued }: Of<"OfferEnded">): State => {
  const item = before.offering
  demand(item !== undefined, () => "nothing was offered")
  let state: State = { ...before, offering: undefined }
  if (state.phase !== "open") return { ...state, tally: dropped(state.tally, "closed", 1) }
  const { mode, strategy } = state.rules
  const reason = noRoomFor(state, item)
  const fits = noRoomFor({ ...state, queue: [] }, item) === undefined
  demand(
    reason === undefined || mode === "off" || !fits || isHeldBack(state),
    () => "there is no room in memory, and the disk was not asked"
  )
  const isSampling = strategy === "sampling"
  const lacks = (each: State): boolean => noRoomFor(each, item) !== undefined
  const sample = isSampling ? sampled(state, item, { fits, lacks }) : { state, isKept: true }
  state = sample.state
  const lack = noRoomFor(state, item)
  if (!sample.isKept) {
    state = { ...state, tally: dropped(state.tally, "sampled", 1) }
  } else if (lack !== undefined && (strategy !== "sliding" || !fits)) {
    state = { ...state, tally: dropped(state.tally, lack, 1) }
  } else {
    for (let why = lack; why !== undefined; why = noRoomFor(state, item)) state = evict(state, why)
    state = { ...state, queue: [...state.queue, item] }
  }
  demand(state.queue.length === queued, () => `${queued} records are queued and ${state.queue.length} must be`)
  return state
}

export const isUnsettled = (state: State, seq: number): boolean => {
  const record = state.held.get(seq)
  return record === undefined
    ? state.queue.some((item) => item.seq === seq)
    : record.token === undefined && !record.stored
}

export const flushBegun = (before: State, { id, queued }: Of<"FlushBegun">): State => {
  const state = queueIs(before, queued)
  const accepted = [...state.held.keys(), ...state.queue.map(({ seq }) => seq)]
  const waitsFor = new Set(accepted.filter((seq) => isUnsettled(state, seq)))
  return { ...state, flushes: [...state.flushes, { id, waitsFor }] }
}

export const flushDone = (before: State, { id, queued }: Of<"FlushDone">): State => {
  const state = queueIs(evicted(before, queued), queued)
  const flush = state.flushes.find((each) => each.id === id)
  for (const seq of flush?.waitsFor ?? []) {
    const isStored = state.held.get(seq)?.confirmed === true
    demand(isStored || !isUnsettled(state, seq), () => `a flush ends while ${seq} is not settled`)
  }
  return { ...state, flushes: state.flushes.filter((each) => each !== flush) }
}

/** What leaves the queue while a record is offered makes room for it. */
const evicted = (before: State, queued: number): State => {
  let state = before
  while (state.offering !== undefined && state.queue.length > queued) {
    state = evict(state, noRoomFor(state, state.offering) ?? "queue_full")
  }
  return state
}
