import type { LogRecord } from "../LogRecord.ts"
import { SinkError } from "../LogSink.ts"
import { answerOf, isMaybeStored, type Move, unanswered } from "./answers.ts"
import type { LaneState } from "./LaneState.ts"
import type { Settlement } from "./Settlement.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"

type WriteSync = (records: ReadonlyArray<LogRecord>) => void

/**
 * Writes everything a lane holds, oldest first, for as long as there is time: the
 * process is ending and its workers are left behind. A batch that a worker was
 * writing is given to the sink once more, because here nobody can tell whether it arrived.
 */
export const writeLeft = (state: LaneState, write: WriteSync, hasTime: () => boolean): void => {
  state.end("closed")
  const { settlement, slots, spill } = state
  if (spill !== undefined) {
    spill.park("shutdown_deadline")
    return spill.close()
  }
  for (const slot of slots) {
    while (!slot.isEmpty) writeBatch(state, slot, write, hasTime)
  }
  const slot = slots[0]!
  while (state.queue.size > 0 && hasTime()) {
    state.take(slot)
    writeBatch(state, slot, write, hasTime)
  }
  settlement.giveUpQueued("shutdown_deadline")
}

const writeBatch = (
  { settlement }: LaneState,
  slot: WorkerSlot,
  write: WriteSync,
  hasTime: () => boolean
): void => {
  if (!settlement.acknowledge(slot) || !settlement.fit(slot)) return
  const move = hasTime() ? lastWrite(settlement, slot, write) : undefined
  if (move !== undefined) settlement.apply(slot, move)
  if (move !== undefined && (move._tag !== "Sort" || move.again.length === 0)) return
  settlement.giveUp(slot, unanswered("shutdown_deadline", slot.maybeSent))
}

/** Writes a batch synchronously; gives what is settled of it, if anything is. */
const lastWrite = (settlement: Settlement, slot: WorkerSlot, write: WriteSync): Settling | undefined => {
  const { batch, maybeSent } = slot
  try {
    slot.attempts++
    write(batch)
    return { _tag: "Deliver" }
  } catch (error) {
    if (!(error instanceof SinkError)) return undefined
    const { move } = answerOf({ _tag: "Failed", error }, { batch, short: true })
    // What a worker was writing may have arrived, whatever is answered now.
    settlement.failed(slot, error, maybeSent || isMaybeStored(move))
    return move._tag === "Sort" || move._tag === "Count" ? move : undefined
  }
}

type Settling = Extract<Move, { readonly _tag: "Deliver" | "Sort" | "Count" }>
