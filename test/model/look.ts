import type { Look } from "./events.ts"
import { bytesOf, isHeldBack, queueIs } from "./hands.ts"
import { isUnsettled } from "./queueModel.ts"
import { demand, differences, type State } from "./state.ts"

/** Compares what the lane says of itself with what is known of it. */
export const looked = (before: State, look: Look): State => {
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
  if (look.quiet && look.diskTakes) {
    claim(mode !== "always" || state.queue.length === 0 || isHeldBack(state), "the queue is not on disk")
  }
  if (look.quiet && !look.workerDown) {
    for (const [seq, { last, stored }] of state.held) {
      claim(!stored && last !== "Counted" && last !== "Refused", `${seq} is answered, and not settled`)
    }
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
  const stays = left.filter(({ confirmed, token }) => token !== undefined && state.phase !== "open" && !confirmed)
  const delivered = left.filter((record) => (record.stored || record.confirmed) && !stays.includes(record))
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
  return { ...state, held, tally, delivered: delivered.map(({ item }) => item.seq) }
}
