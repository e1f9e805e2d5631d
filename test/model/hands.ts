import type { Event, Item } from "./events.ts"
import { demand, dropped, type Held, type State } from "./state.ts"

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/** What was offered under a number. */
export const itemOf = ({ items }: State, seq: number): Item => {
  const item = items[seq]
  demand(item !== undefined, () => `${seq} was never offered`)
  return item
}

/** Whether a record in hand has waited on the spool for too long to be sent. */
export const isExpired = ({ rules }: State, { item, token }: Held, at: number): boolean =>
  token !== undefined && at - item.time > rules.maxAgeMillis

export const fresh = (item: Item, token?: number): Held => ({
  item,
  token,
  kept: false,
  stored: false,
  confirmed: false,
  uncertain: false,
  mayBeGone: false,
  last: undefined,
  group: undefined
})

/** How large a record is for the sink at least: it may be shortened. */
const leastSize = ({ bytes, shrinks }: Item): number => shrinks ? bytes / 2 : bytes

const isTooLarge = ({ rules }: State, { item }: Held): boolean =>
  rules.recordLimit !== undefined && leastSize(item) > rules.recordLimit

export const bytesOf = (items: ReadonlyArray<Item>): number => items.reduce((sum, { bytes }) => sum + bytes, 0)

/** What left the queue is in somebody's hands: it leaves from its head. */
export const queueIs = (state: State, queued: number): State => {
  const left = state.queue.length - queued
  if (left === 0) return state
  demand(left > 0, () => `${queued} records are queued where there were ${state.queue.length}`)
  const held = new Map(state.held)
  for (const item of state.queue.slice(0, left)) held.set(item.seq, fresh(item))
  return { ...state, held, queue: state.queue.slice(left) }
}

/** These records, and what was queued before them, are in somebody's hands. */
export const intoHand = (state: State, seqs: ReadonlyArray<number>): State => {
  const last = Math.max(...seqs)
  return queueIs(state, state.queue.filter(({ seq }) => seq > last).length)
}

export const settled = (
  state: State,
  seqs: ReadonlyArray<number>,
  count: (tally: State["tally"], count: number) => State["tally"]
): State => {
  const held = new Map(state.held)
  for (const seq of seqs) demand(held.delete(seq), () => `${seq} is settled, and is not in the lane's hands`)
  return { ...state, held, tally: count(state.tally, seqs.length) }
}

/** Some of what was taken from the queue is in memory only. */
export const isHeldBack = (state: State): boolean => [...state.held.values()].some(({ token }) => token === undefined)

export const givenUp = (before: State, { at, reason, seqs, taken }: Of<"GivenUp">): State => {
  const queued = new Set(before.queue.map(({ seq }) => seq))
  const state = intoHand(before, seqs)
  for (const seq of seqs) {
    const record = state.held.get(seq)
    demand(record !== undefined, () => `${seq} is given up, and is not in the lane's hands`)
    demand(!record.confirmed, () => `${seq} is given up, and the sink has confirmed it`)
    demand(
      isReason(state, record, reason, { at, wasQueued: queued.has(seq) }),
      () => `${seq} is given up as ${reason}: ${JSON.stringify(record)}`
    )
  }
  return settled(
    state,
    seqs,
    (tally, count) => taken ? { ...tally, deadLettered: tally.deadLettered + count } : dropped(tally, reason, count)
  )
}

/** Nobody knows which of the records are refused: all are settled, and somebody may have a copy. */
export const copied = (state: State, { refused, seqs }: Of<"Copied">): State => {
  const group = state.held.get(seqs[0] ?? -1)?.group
  demand(
    group?.refused === refused && group.seqs.join() === seqs.join(),
    () => `${refused} of [${seqs.join(", ")}] are called refused where it is ${JSON.stringify(group)}`
  )
  const counted = new Set([...state.counted, ...seqs])
  return settled(
    { ...state, counted },
    seqs,
    (tally, count) => dropped({ ...tally, delivered: tally.delivered + count - refused }, "rejected_by_server", refused)
  )
}

/** Whether a record can have been given up for this reason. */
const isReason = (
  state: State,
  record: Held,
  reason: string,
  { at, wasQueued }: { readonly at: number; readonly wasQueued: boolean }
): boolean => {
  const isSent = state.writes.some(({ seqs }) => seqs.includes(record.item.seq))
  switch (reason) {
    case "rejected_by_server":
      return record.last === "Refused" || (record.last === "Rejected" && !record.stored && !isSent)
    case "too_large":
      return (record.last === "TooLarge" || isTooLarge(state, record)) && !record.stored && !isSent
    case "unconfirmed":
      return !wasQueued && (isSent || record.uncertain || record.stored || record.last !== undefined)
    case "retries_exhausted":
      return !isSent && !record.uncertain && !record.stored && (record.last !== undefined || state.phase !== "open")
    case "expired":
      return !isSent && !record.uncertain && !record.stored && isExpired(state, record, at)
    case "spool_full":
      return !isSent && !record.uncertain && !record.stored && state.phase !== "open" && record.mayBeGone
    case "shutdown_deadline":
      return !isSent && !record.uncertain && !record.stored && state.phase !== "open"
    default:
      return false
  }
}
