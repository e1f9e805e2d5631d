import type { End, Event, Item, Look } from "./events.ts"
import { acknowledge, append, handOut, leave, makeRoom, open, waitingSeqs } from "./spoolModel.ts"
import { demand, differences, dropped, emptyTally, type Held, type State } from "./state.ts"

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/**
 * What comes after an event. It chooses nothing: it is told what happened, knows
 * from that alone where every record is and what the books must say, and throws a
 * `Violation` when the event is not allowed.
 */
export const step = (state: State, event: Event): State => {
  switch (event._tag) {
    case "Offered":
      return {
        ...queueIs(state, event.queued),
        offering: event.item,
        tally: { ...state.tally, accepted: state.tally.accepted + 1 }
      }
    case "OfferEnded":
      return offerEnded(state, event)
    case "WriteBegun":
      return writeBegun(state, event)
    case "WriteEnded":
      return writeEnded(state, event)
    case "Rescued":
      return settled(intoHand(state, event.seqs), event.seqs, (tally, count) => ({
        ...tally,
        delivered: tally.delivered + count
      }))
    case "Appended":
      return appended(state, event)
    case "Handed":
      return handed(state, event)
    case "Kept":
      return kept(state, event)
    case "Acknowledged":
      return { ...state, disk: acknowledge(state.disk, event) }
    case "GivenUp":
      return givenUp(state, event)
    case "FlushBegun":
      return flushBegun(state, event)
    case "FlushDone":
      return flushDone(state, event)
    case "Draining":
      return { ...state, phase: state.phase === "open" ? "draining" : state.phase }
    case "Closed":
      return { ...state, phase: "closed" }
    case "Look":
      return looked(state, event)
    case "Gone":
      return {
        ...state,
        phase: "gone",
        queue: [],
        held: new Map(),
        parked: new Map(),
        writes: [],
        flushes: [],
        disk: leave(state.disk, event)
      }
    case "Begun":
      return {
        ...state,
        phase: "open",
        disk: open(state.disk, event),
        tally: { ...emptyTally, recovered: event.recovered, spooled: event.recovered }
      }
  }
}

const fresh = (item: Item, token?: number): Held => ({
  item,
  token,
  stored: false,
  uncertain: false,
  mayBeGone: false,
  last: undefined
})

const mapValues = (held: State["held"], f: (record: Held) => Held): State["held"] =>
  new Map([...held].map(([seq, record]) => [seq, f(record)]))

const bytesOf = (items: ReadonlyArray<Item>): number => items.reduce((sum, { bytes }) => sum + bytes, 0)

/** What left the queue is in somebody's hands: it leaves from its head. */
const queueIs = (state: State, queued: number): State => {
  const left = state.queue.length - queued
  if (left === 0) return state
  demand(left > 0, () => `${queued} records are queued where there were ${state.queue.length}`)
  const held = new Map(state.held)
  for (const item of state.queue.slice(0, left)) held.set(item.seq, fresh(item))
  return { ...state, held, queue: state.queue.slice(left) }
}

/** These records, and what was queued before them, are in somebody's hands. */
const intoHand = (state: State, seqs: ReadonlyArray<number>): State => {
  const last = Math.max(...seqs)
  return queueIs(state, state.queue.filter(({ seq }) => seq > last).length)
}

const settled = (
  state: State,
  seqs: ReadonlyArray<number>,
  count: (tally: State["tally"], count: number) => State["tally"]
): State => {
  const held = new Map(state.held)
  for (const seq of seqs) demand(held.delete(seq), () => `${seq} is settled, and is not in the lane's hands`)
  return { ...state, held, tally: count(state.tally, seqs.length) }
}

const withoutReserve = (bound: number): number => bound - Math.floor(bound / 10)

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

const offerEnded = (before: State, { queued }: Of<"OfferEnded">): State => {
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
  if (reason !== undefined && (strategy === "dropping" || !fits)) {
    state = { ...state, tally: dropped(state.tally, reason, 1) }
  } else {
    for (let why = reason; why !== undefined; why = noRoomFor(state, item)) state = evict(state, why)
    state = { ...state, queue: [...state.queue, item] }
  }
  demand(state.queue.length === queued, () => `${queued} records are queued and ${state.queue.length} must be`)
  return state
}

/** Some of what was taken from the queue is in memory only. */
const isHeldBack = (state: State): boolean => [...state.held.values()].some(({ token }) => token === undefined)

const writeBegun = (before: State, { id, seqs }: Of<"WriteBegun">): State => {
  const state = intoHand(before, seqs)
  demand(seqs.length > 0, () => "nothing is written")
  demand(state.phase !== "closed", () => "a closed lane writes")
  for (const seq of seqs) {
    const record = state.held.get(seq)
    demand(record !== undefined, () => `${seq} is written, and is not in the lane's hands`)
    demand(!record.stored, () => `${seq} is written again, and the sink has said that it has it`)
    demand(!state.writes.some((write) => write.seqs.includes(seq)), () => `${seq} is written twice at once`)
  }
  if (state.rules.concurrency === 1) inOrder(state, seqs)
  return { ...state, writes: [...state.writes, { id, seqs }] }
}

/** What is written is what is oldest of all that waits, wherever it waits. */
const inOrder = (state: State, seqs: ReadonlyArray<number>): void => {
  const last = seqs.at(-1) ?? 0
  const waiting = [...waitingSeqs(state.disk), ...state.queue.map(({ seq }) => seq)]
  for (const [seq, { stored }] of state.held) if (!stored) waiting.push(seq)
  const due = waiting.filter((seq) => seq <= last).toSorted((a, b) => a - b)
  demand(
    due.length === seqs.length && due.every((seq, i) => seq === seqs[i]),
    () => `[${seqs.join(", ")}] is written while [${due.join(", ")}] is due`
  )
}

const writeEnded = (state: State, { end, id }: Of<"WriteEnded">): State => {
  const write = state.writes.find((each) => each.id === id)
  if (write === undefined) return state
  const held = new Map(state.held)
  for (const [index, seq] of write.seqs.entries()) {
    const record = held.get(seq)
    if (record !== undefined) held.set(seq, after(record, end, index))
  }
  return { ...state, held, writes: state.writes.filter((each) => each !== write) }
}

const after = (record: Held, end: End, index: number): Held => {
  switch (end._tag) {
    case "Ok":
      return { ...record, stored: true }
    case "Unavailable":
      return {
        ...record,
        stored: index < end.stored,
        uncertain: record.uncertain || end.ambiguous,
        last: "Unavailable"
      }
    case "Rejected":
      return end.refused === undefined || end.refused.includes(index)
        ? { ...record, uncertain: false, last: "Rejected" }
        : { ...record, stored: true }
    case "TooLarge":
      return { ...record, uncertain: false, last: "TooLarge" }
    case "Misconfigured":
      return { ...record, last: "Misconfigured" }
  }
}

const appended = (before: State, event: Of<"Appended">): State => {
  const { dropped: lost, maybeSent, seqs, taken } = event
  const state = intoHand(before, seqs)
  for (const seq of seqs) {
    const record = state.held.get(seq)
    demand(record !== undefined, () => `${seq} is put on disk, and is not in the lane's hands`)
    demand(record.token === undefined, () => `${seq} is put on disk, and is there`)
    demand(maybeSent || !(record.stored || record.uncertain), () => `${seq} is put on disk as if it were never sent`)
  }
  demand(!taken || event.bytes <= state.rules.spoolBytes, () => `the spool exceeds its bound with ${event.bytes} bytes`)
  const roomy = {
    ...state,
    disk: makeRoom(state.disk, event),
    held: event.freed
      ? mapValues(state.held, (record) => ({ ...record, mayBeGone: record.token !== undefined }))
      : state.held,
    tally: dropped({ ...state.tally, spooled: state.tally.spooled - lost }, "spool_full", lost)
  }
  if (!taken) return roomy
  const parked = new Map(state.parked)
  for (const seq of seqs) parked.set(seq, state.held.get(seq) ?? fresh({ seq, bytes: 0, urgent: false }))
  return settled({ ...roomy, parked, disk: append(roomy.disk, state.rules.fsync, event) }, seqs, (tally, count) => ({
    ...tally,
    spooled: tally.spooled + count
  }))
}

const handed = (state: State, event: Of<"Handed">): State => {
  const { lost, seqs, token } = event
  const held = new Map(state.held)
  for (const seq of seqs) {
    demand(!held.has(seq), () => `${seq} is read from disk, and is in the lane's hands`)
    const known = state.parked.get(seq)
    const uncertain = known !== undefined && (known.uncertain || known.stored)
    held.set(seq, { ...fresh({ seq, bytes: 0, urgent: false }, token), uncertain, last: known?.last })
  }
  const spooled = state.tally.spooled - lost - seqs.length
  return {
    ...state,
    held,
    disk: handOut(state.disk, event),
    tally: dropped({ ...state.tally, spooled }, "spool_corrupt", lost)
  }
}

const kept = (state: State, { seqs, token }: Of<"Kept">): State => {
  const held = new Map(state.held)
  for (const seq of seqs) held.set(seq, { ...fresh({ seq, bytes: 0, urgent: false }), ...state.parked.get(seq), token })
  const tally = { ...state.tally, spooled: state.tally.spooled - seqs.length }
  return { ...state, held, tally, disk: handOut(state.disk, { _tag: "Handed", token, seqs, lost: 0 }) }
}

const givenUp = (before: State, { reason, seqs, taken }: Of<"GivenUp">): State => {
  const queued = new Set(before.queue.map(({ seq }) => seq))
  const state = intoHand(before, seqs)
  for (const seq of seqs) {
    const record = state.held.get(seq)
    demand(record !== undefined, () => `${seq} is given up, and is not in the lane's hands`)
    demand(
      isReason(state, record, reason, queued.has(seq)),
      () => `${seq} is given up as ${reason}: ${JSON.stringify(record)}`
    )
  }
  return settled(
    state,
    seqs,
    (tally, count) => taken ? { ...tally, deadLettered: tally.deadLettered + count } : dropped(tally, reason, count)
  )
}

/** Whether a record can have been given up for this reason. */
const isReason = (state: State, record: Held, reason: string, wasQueued: boolean): boolean => {
  const isSent = state.writes.some(({ seqs }) => seqs.includes(record.item.seq))
  switch (reason) {
    case "rejected_by_server":
      return record.last === "Rejected" && !record.stored && !isSent
    case "too_large":
      return record.last === "TooLarge" && !record.stored && !isSent
    case "unconfirmed":
      return !wasQueued && (isSent || record.uncertain || record.stored || record.last !== undefined)
    case "retries_exhausted":
      return !isSent && !record.uncertain && !record.stored && (record.last !== undefined || state.phase !== "open")
    case "spool_full":
      return !isSent && !record.uncertain && !record.stored && state.phase !== "open" && record.mayBeGone
    case "shutdown_deadline":
      return !isSent && !record.uncertain && !record.stored && state.phase !== "open"
    default:
      return false
  }
}

const isUnsettled = (state: State, seq: number): boolean => {
  const record = state.held.get(seq)
  return record === undefined
    ? state.queue.some((item) => item.seq === seq)
    : record.token === undefined && !record.stored
}

const flushBegun = (before: State, { id, queued }: Of<"FlushBegun">): State => {
  const state = queueIs(before, queued)
  const accepted = [...state.held.keys(), ...state.queue.map(({ seq }) => seq)]
  const waitsFor = new Set(accepted.filter((seq) => isUnsettled(state, seq)))
  return { ...state, flushes: [...state.flushes, { id, waitsFor }] }
}

const flushDone = (before: State, { id, queued }: Of<"FlushDone">): State => {
  const state = queueIs(evicted(before, queued), queued)
  const flush = state.flushes.find((each) => each.id === id)
  for (const seq of flush?.waitsFor ?? []) {
    demand(!isUnsettled(state, seq), () => `a flush ends while ${seq} is not settled`)
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

/** Compares what the lane says of itself with what is known of it. */
const looked = (before: State, look: Look): State => {
  const { books } = look
  const { capacity, maxBytes, mode } = before.rules
  const state = noticed(queueIs(before, books.queued), look)
  const wrong = [...differences(state.tally, books)]
  const claim = (condition: boolean, text: string): void => {
    if (!condition) wrong.push(text)
  }
  claim(books.inFlight + books.retrying === state.held.size, `${state.held.size} records are in hand`)
  claim(books.queued <= capacity && look.queuedBytes <= maxBytes, "the queue exceeds its bounds")
  claim(look.queuedBytes === bytesOf(state.queue), `${bytesOf(state.queue)} bytes are queued`)
  for (const [seq, { token }] of state.held) {
    const out = state.disk.out.some((each) => each.token === token && !each.acknowledged)
    claim(token === undefined || out, `${seq} is acknowledged before it is settled`)
  }
  if (state.phase === "closed") claim(state.held.size + state.queue.length === 0, "a closed lane holds records")
  if (look.quiet) claim(mode !== "always" || state.queue.length === 0 || isHeldBack(state), "the queue is not on disk")
  if (look.quiet && !look.workerDown) {
    claim([...state.held.values()].every(({ stored }) => !stored), "what was delivered is not counted")
    for (const { waitsFor } of state.flushes) {
      claim([...waitsFor].some((seq) => isUnsettled(state, seq)), "a flush does not end though all is settled")
    }
  }
  demand(
    wrong.length === 0,
    () => `${wrong.join("; ")}\n  the lane: ${JSON.stringify(look.books)}, ${look.queuedBytes} bytes queued`
  )
  return state
}

/**
 * What no worker has any more was delivered, if the sink has it, or stays on the
 * disk it was read from when the lane ends. Which of both, when it can be either,
 * the books say.
 */
const noticed = (state: State, { books, inHand }: Look): State => {
  const left = [...state.held.values()].filter(({ item }) => !inHand.has(item.seq))
  const stays = left.filter(({ token }) => token !== undefined && state.phase !== "open")
  const delivered = left.filter((record) => record.stored && !stays.includes(record))
  if (stays.length + delivered.length === 0) return state
  const held = new Map(state.held)
  for (const { item } of [...stays, ...delivered]) held.delete(item.seq)
  const more = books.delivered - state.tally.delivered - delivered.length
  const too = Math.min(Math.max(0, more), stays.filter(({ stored }) => stored).length)
  const tally = {
    ...state.tally,
    delivered: state.tally.delivered + delivered.length + too,
    spooled: state.tally.spooled + stays.length - too
  }
  return { ...state, held, tally }
}
