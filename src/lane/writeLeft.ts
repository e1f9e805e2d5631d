import { storedIn } from "../contract/storedIn.ts"
import type { LogRecord } from "../LogRecord.ts"
import { unanswered } from "./answers.ts"
import type { LaneState } from "./LaneState.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"

type WriteSync = (records: ReadonlyArray<LogRecord>) => void

/**
 * Writes everything a lane holds, oldest first, for as long as there is time: the
 * process is ending and its workers are left behind. A batch that a worker was
 * writing is written once more, because nobody can tell whether it arrived.
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
  const { length } = slot.batch
  const stored = hasTime() ? storedBy(write, slot.batch) : 0
  if (stored > 0) settlement.deliver(slot, stored)
  if (stored < length) settlement.giveUp(slot, unanswered("shutdown_deadline", slot.maybeSent))
}

/** Writes a batch synchronously; gives how many records at its head are stored. */
const storedBy = (write: WriteSync, batch: ReadonlyArray<LogRecord>): number => {
  try {
    write(batch)
    return batch.length
  } catch (error) {
    return storedIn(error, batch.length)
  }
}
