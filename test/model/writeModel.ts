import type { End, Event } from "./events.ts"
import { intoHand, isExpired, settled } from "./hands.ts"
import { waitingSeqs } from "./spoolModel.ts"
import { demand, type Group, type Held, type State } from "./state.ts"

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

export const writeBegun = (before: State, { at, id, largest, seqs }: Of<"WriteBegun">): State => {
  const state = intoHand(before, seqs)
  demand(seqs.length > 0, () => "nothing is written")
  demand(state.phase !== "closed", () => "a closed lane writes")
  demandFits(state, largest)
  for (const seq of seqs) {
    const record = writable(state, seq)
    demand(!record.stored, () => `${seq} is written again, and the sink has said that it has it`)
    demand(record.last !== "Refused" && record.last !== "Counted", () => `${seq} is written again, and is refused`)
    // What is kept may have been about to be written when it was put on disk.
    demand(
      record.kept || !isExpired(state, record, at),
      () => `${seq} is written, and is too old: ${JSON.stringify(record)}`
    )
    demand(!state.writes.some((write) => write.seqs.includes(seq)), () => `${seq} is written twice at once`)
  }
  if (state.rules.concurrency === 1) inOrder(state, seqs)
  return { ...state, writes: [...state.writes, { id, seqs }] }
}

const demandFits = ({ rules: { recordLimit = Infinity } }: State, largest: number): void =>
  demand(largest <= recordLimit, () => `a record of ${largest} bytes is written to a sink that takes ${recordLimit}`)

/** A record that may be written: nothing was said of it that says that it must not. */
const writable = (state: State, seq: number): Held => {
  const record = state.held.get(seq)
  demand(record !== undefined, () => `${seq} is written, and is not in the lane's hands`)
  demand(!record.confirmed, () => `${seq} is written again, and the sink has confirmed it`)
  return record
}

/** What is written is what is oldest of all that waits, wherever it waits. */
const inOrder = (state: State, seqs: ReadonlyArray<number>): void => {
  const last = seqs.at(-1) ?? 0
  const waiting = [...waitingSeqs(state.disk), ...state.queue.map(({ seq }) => seq)]
  for (const [seq, { confirmed, stored }] of state.held) if (!stored && !confirmed) waiting.push(seq)
  const due = waiting.filter((seq) => seq <= last).toSorted((a, b) => a - b)
  demand(
    due.length === seqs.length && due.every((seq, i) => seq === seqs[i]),
    () => `[${seqs.join(", ")}] is written while [${due.join(", ")}] is due`
  )
}

/** The write goes on, and some of it is stored: the lane says so at its end. */
export const confirmed = (state: State, { id, positions }: Of<"Confirmed">): State => {
  const write = state.writes.find((each) => each.id === id)
  const held = new Map(state.held)
  for (const position of positions) {
    const seq = write?.seqs[position]
    const record = seq === undefined ? undefined : held.get(seq)
    if (seq !== undefined && record !== undefined) held.set(seq, { ...record, confirmed: true })
  }
  return { ...state, held }
}

export const writeEnded = (state: State, { end, id }: Of<"WriteEnded">): State => {
  const write = state.writes.find((each) => each.id === id)
  if (write === undefined) return state
  return { ...answered(state, write.seqs, end), writes: state.writes.filter((each) => each !== write) }
}

/** Written synchronously, and what is stored is delivered at once. An earlier write may go on. */
export const rescued = (before: State, { end, largest, seqs }: Of<"Rescued">): State => {
  const state = intoHand(before, seqs)
  demandFits(state, largest)
  const unknown = new Map(state.held)
  for (const seq of seqs) unknown.set(seq, { ...writable(state, seq), stored: false, last: undefined })
  const after = answered({ ...state, held: unknown }, seqs, end)
  const delivered = seqs.filter((seq) => after.held.get(seq)?.stored)
  return {
    ...settled(after, delivered, (tally, count) => ({ ...tally, delivered: tally.delivered + count })),
    delivered
  }
}

const answered = (state: State, seqs: ReadonlyArray<number>, end: End): State => {
  const held = new Map(state.held)
  const group = end._tag === "Counted" ? groupOf(state, seqs, end.count) : undefined
  for (const [index, seq] of seqs.entries()) {
    const record = held.get(seq)
    if (record?.confirmed === true) held.set(seq, { ...record, stored: true })
    else if (record !== undefined) held.set(seq, after(record, end, index, group))
  }
  return { ...state, held }
}

const groupOf = (state: State, seqs: ReadonlyArray<number>, count: number): Group => {
  const open = seqs.filter((seq) => state.held.get(seq)?.confirmed !== true)
  return { seqs: open, refused: Number.isNaN(count) ? open.length : Math.min(count, open.length) }
}

const after = (record: Held, end: End, index: number, group: Group | undefined): Held => {
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
      return { ...record, uncertain: false, last: "Rejected" }
    case "Counted":
      return group?.refused === 0 ? { ...record, stored: true } : { ...record, last: "Counted", group }
    case "PerRecord":
      if (end.refused.includes(index)) return { ...record, uncertain: false, last: "Refused" }
      if (!end.again.includes(index)) return { ...record, stored: true }
      return { ...record, uncertain: record.uncertain || end.ambiguous, last: "Unavailable" }
    case "TooLarge":
      return { ...record, uncertain: false, last: "TooLarge" }
    case "Misconfigured":
      return { ...record, last: "Misconfigured" }
  }
}
