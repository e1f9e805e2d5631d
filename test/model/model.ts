import type { Event } from "./events.ts"
import { copied, fresh, givenUp, intoHand, itemOf, queueIs, settled } from "./hands.ts"
import { looked } from "./look.ts"
import { flushBegun, flushDone, offerEnded } from "./queueModel.ts"
import {
  acknowledge,
  acknowledgeSome,
  append,
  handedOut,
  handOut,
  isNextMaybeSent,
  leave,
  makeRoom,
  note,
  open,
  waitingSeqs
} from "./spoolModel.ts"
import { demand, dropped, emptyTally, type Held, type State } from "./state.ts"
import { noTurns } from "./turns.ts"
import { confirmed, rescued, writeBegun, writeEnded } from "./writeModel.ts"

const none: ReadonlySet<number> = new Set()

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/**
 * What comes after an event. It chooses nothing: it is told what happened, knows
 * from that alone where every record is and what the books must say, and throws a
 * `Violation` when the event is not allowed.
 */
export const step = (before: State, event: Event): State => {
  demandGone(before, event)
  const state = before.delivered.length + before.leaving.size === 0 || event._tag === "Noted"
    ? before
    : { ...before, delivered: [], leaving: none }
  switch (event._tag) {
    case "Offered":
      return {
        ...queueIs(state, event.queued),
        offering: event.item,
        items: [...state.items, event.item],
        tally: { ...state.tally, accepted: state.tally.accepted + 1 }
      }
    case "OfferEnded":
      return offerEnded(state, event)
    case "WriteBegun":
      return writeBegun(state, event)
    case "WriteEnded":
      return writeEnded(state, event)
    case "Confirmed":
      return confirmed(state, event)
    case "Rescued":
      return rescued(state, event)
    case "Appended":
      return appended(state, event)
    case "Handed":
      return handed(state, event)
    case "Kept":
      return kept(state, event)
    case "Acknowledged":
      demandSettled(state, event.token)
      return { ...state, disk: acknowledge(state.disk, event) }
    case "SomeAcknowledged":
      return someAcknowledged(state, event)
    case "Noted":
      return { ...state, disk: note(state.disk) }
    case "GivenUp":
      return givenUp(state, event)
    case "Copied":
      return copied(state, event)
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
      return gone(state, event)
    case "Begun":
      return {
        ...state,
        phase: "open",
        sampling: "whole",
        turns: noTurns,
        thinning: noTurns,
        disk: open(state.disk, state.rules.fsync, event),
        tally: { ...emptyTally, recovered: event.recovered, spooled: event.recovered }
      }
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
  const isTouched = (seq: number): boolean =>
    state.writes.some((write) => write.seqs.includes(seq)) || wasTried(state, seq)
  demand(!maybeSent || seqs.some(isTouched), () => `[${seqs.join(", ")}] was never sent and is called so on disk`)
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
  for (const seq of seqs) parked.set(seq, state.held.get(seq) ?? fresh(itemOf(state, seq)))
  return settled({ ...roomy, parked, disk: append(roomy.disk, state.rules.fsync, event) }, seqs, (tally, count) => ({
    ...tally,
    spooled: tally.spooled + count
  }))
}

/**
 * Nothing that is still to be sent is acknowledged. What was counted is not sent again: it is
 * acknowledged before its copy is given away.
 */
const demandSettled = (state: State, token: number): void => {
  for (const seq of handedOut(state.disk, token)) {
    demand(isDone(state, seq, token), () => `${seq} is acknowledged before it is settled`)
  }
}

const isDone = ({ held }: State, seq: number, token: number): boolean => {
  const record = held.get(seq)
  if (record === undefined || record.token !== token) return true
  return record.stored || record.confirmed || record.last === "Counted"
}

/** What is not settled then is to be given up in the next moment: the program, which is given it, may end the process. */
const someAcknowledged = (state: State, event: Of<"SomeAcknowledged">): State => {
  const all = handedOut(state.disk, event.token)
  const seqs = event.places.map((place) => all[place] ?? -1)
  const leaving = new Set(seqs.filter((seq) => !isDone(state, seq, event.token)))
  return { ...state, leaving, disk: acknowledgeSome(state.disk, event) }
}

/** What has left the disk to be given up is given up before anything else happens. */
const demandGone = ({ leaving }: State, event: Event): void => {
  if (leaving.size === 0 || event._tag === "Noted") return
  const given = event._tag === "GivenUp" ? event.seqs : []
  const left = [...leaving].filter((seq) => !given.includes(seq))
  demand(left.length === 0, () => `[${left.join(", ")}] left the disk, and is not given up`)
}

const wasTried = ({ held }: State, seq: number): boolean => {
  const record = held.get(seq)
  return record !== undefined && (record.stored || record.uncertain || record.last !== undefined)
}

const mapValues = (held: State["held"], f: (record: Held) => Held): State["held"] =>
  new Map([...held].map(([seq, record]) => [seq, f(record)]))

const handed = (state: State, event: Of<"Handed">): State => {
  const { lost, seqs, token } = event
  const held = new Map(state.held)
  const uncertain = isNextMaybeSent(state.disk, lost)
  for (const seq of seqs) {
    demand(!held.has(seq), () => `${seq} is read from disk, and is in the lane's hands`)
    demand(!state.counted.has(seq), () => `${seq} is read from disk, and the sink has counted it`)
    held.set(seq, { ...fresh(itemOf(state, seq), token), uncertain, last: state.parked.get(seq)?.last })
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
  for (const seq of seqs) held.set(seq, { ...fresh(itemOf(state, seq)), ...state.parked.get(seq), token, kept: true })
  const tally = { ...state.tally, spooled: state.tally.spooled - seqs.length }
  return { ...state, held, tally, disk: handOut(state.disk, { _tag: "Handed", token, seqs, lost: 0 }) }
}

const gone = (state: State, event: Of<"Gone">): State => {
  for (const seq of event.how === "closed" ? waitingSeqs(state.disk) : []) {
    demand(state.parked.get(seq)?.confirmed !== true, () => `${seq} is left on disk, and the sink has confirmed it`)
  }
  return {
    ...state,
    phase: "gone",
    queue: [],
    held: new Map(),
    counted: event.how === "closed" ? state.counted : new Set(),
    parked: new Map(),
    writes: [],
    flushes: [],
    disk: leave(state.disk, event)
  }
}
