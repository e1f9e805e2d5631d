import type { SinkError } from "../contract/SinkError.ts"
import { withCauses } from "../diagnostics/describe.ts"
import type { DropReason } from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import { type Move, unanswered } from "./answers.ts"
import { Flushes } from "./Flushes.ts"
import type { GivenUp } from "./GivenUp.ts"
import { LaneCounters, type Place } from "./LaneCounters.ts"
import type { LaneQueue } from "./LaneQueue.ts"
import type { LaneSpool } from "./LaneSpool.ts"
import type { Letter } from "./LetterTurns.ts"
import { Room } from "./Room.ts"
import { shortenRecord } from "./shortenRecord.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"

/** What is said of records that are given up. */
interface Giving {
  readonly reason: DropReason
  readonly attempts?: number | undefined
  readonly lastError?: string | undefined
  readonly letter?: Letter | undefined
}

/**
 * Decides nothing and does everything: moves what a lane holds to where it ends,
 * in one synchronous step with its count, and tells whoever waits for that.
 */
export class Settlement {
  readonly counters = new LaneCounters()
  readonly flushes = new Flushes()
  readonly room: Room
  private readonly queue: LaneQueue
  private readonly slots: ReadonlyArray<WorkerSlot>
  private readonly givenUp: GivenUp
  private readonly onDrop: () => void
  private spool: LaneSpool | undefined = undefined

  constructor(queue: LaneQueue, slots: ReadonlyArray<WorkerSlot>, givenUp: GivenUp, onDrop: () => void) {
    this.queue = queue
    this.slots = slots
    this.givenUp = givenUp
    this.onDrop = onDrop
    this.room = new Room(queue)
  }

  attach(spool: LaneSpool): void {
    this.spool = spool
  }

  /** Whether anybody waits for records to be settled or to leave the queue: no batch waits to be filled then. */
  get isAwaited(): boolean {
    return this.flushes.any || this.room.isAwaited
  }

  /** Whether anybody else takes what is given up: that runs code of the program. */
  get runsProgram(): boolean {
    return this.givenUp.any
  }

  /** Carries out what an answer means for a batch. */
  apply(slot: WorkerSlot, move: Exclude<Move, { readonly _tag: "Close" }>): void {
    switch (move._tag) {
      case "Deliver":
        return this.deliver(slot, move.count)
      case "Keep":
        return move.stored > 0 ? this.deliver(slot, move.stored) : undefined
      case "GiveUp":
        return this.giveUp(slot, move.reason, move.refused)
      case "Split":
        return slot.split(move.at)
      case "Shorten":
        return slot.shorten(shortenRecord(slot.batch[0]!))
    }
  }

  /** A write of the batch begins. */
  writing(slot: WorkerSlot): void {
    this.counters.move(slot.place, "inFlight", slot.batch.length)
    slot.enter("writing")
  }

  /** A write of the batch has failed. */
  failed(slot: WorkerSlot, error: SinkError, move: Move): void {
    this.counters.move(slot.place, "inFlight", slot.batch.length)
    slot.failed(error, move._tag === "Keep" && move.maybeStored)
  }

  /** The batch waits for its next attempt. */
  waiting(slot: WorkerSlot): void {
    this.counters.move(slot.place, "retrying", slot.batch.length)
    slot.enter("waiting")
  }

  /** Records at the head of the batch are stored. */
  deliver(slot: WorkerSlot, count: number): void {
    this.counters.move(slot.place, "delivered", count)
    slot.release(count)
    this.settled(slot)
  }

  /** The batch is given up, save for the records that are stored all the same. */
  giveUp(slot: WorkerSlot, reason: DropReason, refused: ReadonlyArray<LogRecord> = slot.batch): void {
    const { attempts, batch, error, letter, place } = slot
    this.counters.move(place, "delivered", batch.length - refused.length)
    slot.release(batch.length)
    this.giveUpRecords(place, refused, { reason, attempts, lastError: said(error), letter })
    this.settled(slot)
  }

  /** All parts of a batch are given up for which no answer came: what may have arrived is `unconfirmed`. */
  giveUpUnanswered(slot: WorkerSlot, reason: DropReason): void {
    while (!slot.isEmpty) this.giveUp(slot, unanswered(reason, slot.maybeSent))
  }

  /** The records of a batch that are too old are given up; `false` when none is left to be sent. */
  expire(slot: WorkerSlot): boolean {
    const old = slot.spooled === undefined ? [] : this.spool?.expired(slot.batch, slot.spooled) ?? []
    if (old.length === 0) return true
    const { attempts, batch, error, place } = slot
    const reason = unanswered("expired", slot.maybeSent)
    slot.putFirst(old)
    slot.release(old.length)
    this.giveUpRecords(place, old, { reason, attempts, lastError: said(error) })
    this.settled(slot)
    return old.length < batch.length
  }

  /** Everything that waits in the queue is given up. */
  giveUpQueued(reason: DropReason, lastError?: string): void {
    this.giveUpRecords("queued", this.queue.takeAll(), { reason, lastError })
    this.tellWaiting()
  }

  /** Records that no slot holds are given up. */
  giveUpRecords(from: Place, records: ReadonlyArray<LogRecord>, giving: Giving): void {
    if (records.length === 0) return
    // Counted first: who takes them runs code of the program, which may look at the books or end the process.
    this.counters.move(from, "deadLettered", records.length)
    const { attempts = 0, lastError, letter, reason } = giving
    const lost = this.givenUp.take(records, reason, attempts, lastError, letter)
    if (lost === 0) return
    this.counters.drop("deadLettered", reason, lost)
    this.tellOfDrop()
  }

  /** A record that comes when the destination is gone is given up at once. */
  giveUpLate(record: LogRecord): void {
    this.counters.during("accepted", "deadLettered", "sink_closed", () => {
      const lost = this.givenUp.take([record], "sink_closed", 0, undefined, undefined)
      if (lost === 0) return "deadLettered"
      this.tellOfDrop()
      return "sink_closed"
    })
  }

  /** A record is accepted and dropped. */
  refuse(reason: DropReason): void {
    this.counters.refuse(reason)
    this.tellOfDrop()
  }

  /** The oldest record makes room for a new one. */
  evict(reason: DropReason): void {
    this.counters.evict(this.queue, reason)
    this.tellOfDrop()
    this.tellWaiting()
  }

  /** Those of the queued records that are to go make room. */
  thin(goes: (record: LogRecord) => boolean): void {
    const { taken } = this.queue
    const places = this.queue.thin(goes)
    this.counters.drop("queued", "sampled", places.length)
    if (this.flushes.any) this.flushes.thinned(taken, places)
    this.tellOfDrop()
    this.tellWaiting()
  }

  // A drop may be counted where the stack is full: whoever hears of it hears of the next one too.
  private tellOfDrop(): void {
    try {
      this.onDrop()
    } catch {}
  }

  /** Tells whoever waits for it what is settled, and where it came from when that is all of it. */
  private settled(slot: WorkerSlot): void {
    this.tellWaiting()
    const { letter, spooled } = slot
    if (!slot.isEmpty) return
    slot.letGo()
    if (spooled !== undefined) this.spool?.settle(spooled)
    letter?.settle()
  }

  /** How many of the records that entered the lane are settled, from the first on. */
  settledUpTo(): number {
    let least = this.queue.taken
    for (const slot of this.slots) {
      if (!slot.isEmpty) least = Math.min(least, slot.firstPosition)
    }
    return Math.min(least, this.spool?.heldBackFrom ?? least)
  }

  /** Something has left the queue, or is settled: tells whoever waits for that. */
  tellWaiting(): void {
    if (this.flushes.any) this.flushes.settle(this.settledUpTo())
    this.room.look()
  }
}

const said = (error: SinkError | undefined): string | undefined =>
  error === undefined ? undefined : withCauses(error.message, error)
