import type { End, Event } from "./events.ts"
import { intoHand, isExpired } from "./hands.ts"
import { waitingSeqs } from "./spoolModel.ts"
import { demand, type Held, type State } from "./state.ts"

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

export const writeBegun = (before: State, { at, id, seqs }: Of<"WriteBegun">): State => {
  const state = intoHand(before, seqs)
  demand(seqs.length > 0, () => "nothing is written")
  demand(state.phase !== "closed", () => "a closed lane writes")
  for (const seq of seqs) {
    const record = state.held.get(seq)
    demand(record !== undefined, () => `${seq} is written, and is not in the lane's hands`)
    demand(!record.stored, () => `${seq} is written again, and the sink has said that it has it`)
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

export const writeEnded = (state: State, { end, id }: Of<"WriteEnded">): State => {
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
