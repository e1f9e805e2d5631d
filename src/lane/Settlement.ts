import type { SinkError } from "../contract/SinkError.ts"
import { withCauses } from "../diagnostics/describe.ts"
import type { DropReason } from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import type { SpooledBatch } from "../spool/SpoolStore.ts"
import { type Move, type Refused, unanswered } from "./answers.ts"
import { Flushes } from "./Flushes.ts"
import type { GivenUp, Giving } from "./GivenUp.ts"
import { LaneCounters, type Place } from "./LaneCounters.ts"
import type { LaneQueue } from "./LaneQueue.ts"
import type { LaneSpool } from "./LaneSpool.ts"
import type { LargeRecords } from "./LargeRecords.ts"
import { Room } from "./Room.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"

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
  private readonly large: LargeRecords
  private readonly onDrop: () => void
  /** What is in flight, in no slot, and to be handed over. */
  private readonly refused: Array<Pending> = []
  private spool: LaneSpool | undefined = undefined

  constructor(
    queue: LaneQueue,
    slots: ReadonlyArray<WorkerSlot>,
    givenUp: GivenUp,
    large: LargeRecords,
    onDrop: () => void
  ) {
    this.queue = queue
    this.slots = slots
    this.givenUp = givenUp
    this.large = large
    this.onDrop = onDrop
    this.room = new Room(queue)
  }

  attach(spool: LaneSpool): void {
    this.spool = spool
    spool.keepAsLogged((records) => this.large.asLogged(records))
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
    if (move._tag === "Deliver") return this.deliver(slot, slot.batch.length)
    if (!this.acknowledge(slot)) return
    switch (move._tag) {
      case "Sort":
        return this.sort(slot, "rejected_by_server", move.refused, move.again)
      case "Count":
        return this.countRefused(slot, move.refused)
      case "GiveUp":
        return this.giveUp(slot, move.reason)
      case "Split":
        return slot.split(move.at)
      case "Shorten":
        return slot.shorten(this.large.shorten(slot.batch[0]!))
    }
  }

  /** A write of the batch begins. */
  writing(slot: WorkerSlot): void {
    this.counters.move(slot.place, "inFlight", slot.batch.length)
    slot.enter("writing")
  }

  /** A write of the batch has failed. */
  failed(slot: WorkerSlot, error: SinkError, maybeStored: boolean): void {
    this.counters.move(slot.place, "inFlight", slot.batch.length)
    slot.failed(error, maybeStored)
  }

  /** The batch waits for its next attempt. */
  waiting(slot: WorkerSlot): void {
    this.counters.move(slot.place, "retrying", slot.batch.length)
    slot.enter("waiting")
  }

  /** The batch is sent in parts. */
  part(slot: WorkerSlot, parts: ReadonlyArray<ReadonlyArray<LogRecord>>): void {
    this.counters.move(slot.place, "inFlight", slot.batch.length)
    slot.part(parts)
  }

  /** Records at the head of the batch are stored. */
  deliver(slot: WorkerSlot, count: number): void {
    this.counters.move(slot.place, "delivered", count)
    slot.settle(count)
    this.settled(slot)
  }

  /** What was acknowledged while the batch was written is delivered; `false` when that was all of it. */
  acknowledge(slot: WorkerSlot): boolean {
    const { receipt } = slot
    slot.receipt = undefined
    if (receipt?.acknowledged === undefined) return true
    const open = receipt.openOf(slot.batch)
    this.counters.move(slot.place, "delivered", slot.batch.length - open.length)
    slot.keepOnly(open)
    this.settled(slot)
    return open.length > 0
  }

  /** The batch is given up. */
  giveUp(slot: WorkerSlot, reason: DropReason): void {
    this.sort(slot, reason, slot.batch.map((record) => ({ record })), [])
  }

  /** Some records of the batch are given up, and some are kept; the others are stored. */
  private sort(
    slot: WorkerSlot,
    reason: DropReason,
    refused: ReadonlyArray<Refused>,
    kept: ReadonlyArray<LogRecord>
  ): void {
    const { attempts, batch, error, letter, place, spooled } = slot
    if (kept.length === batch.length) return
    this.counters.move(place, "delivered", batch.length - refused.length - kept.length)
    this.counters.move(place, "inFlight", refused.length)
    const places = slot.keepOnly(kept, refused.map(({ record }) => record))
    for (const [message = said(error), group] of byMessage(refused, places)) {
      this.refused.push({ ...group, spooled, giving: { reason, attempts, lastError: message, letter } })
    }
    this.settleOnDisk(slot, "some")
    this.handOverRefused()
    this.settled(slot)
  }

  /**
   * Hands over what was refused, one group after the other. Who takes them runs code of the program,
   * which may look at the books, end the lane, which hands over the others, or not return: what it has is
   * counted before, and does not come again from disk; the others are in flight until it is their turn.
   */
  handOverRefused(): void {
    for (let next = this.refused.shift(); next !== undefined; next = this.refused.shift()) {
      const { giving, places, records, spooled } = next
      this.counters.move("inFlight", "deadLettered", records.length)
      if (spooled !== undefined) this.spool?.settleSome(spooled, places)
      this.noteOnDisk(spooled)
      this.handOver(records, giving)
    }
  }

  /** So many records of the batch were refused, and nobody knows which; the others are stored. */
  private countRefused(slot: WorkerSlot, refused: number): void {
    const { attempts, batch, error, letter, place } = slot
    this.counters.move(place, "delivered", batch.length - refused)
    this.counters.drop(place, "rejected_by_server", refused)
    slot.settle(batch.length)
    this.settleOnDisk(slot)
    if (refused > 0) {
      this.noteOnDisk(slot.spooled)
      const giving = { reason: "rejected_by_server", attempts, lastError: said(error), letter } as const
      this.givenUp.copy(this.large.asLogged(batch), refused, giving)
      this.tellOfDrop()
    }
    this.settled(slot)
  }

  /** All parts of a batch are given up for which no answer came: what may have arrived is `unconfirmed`. */
  giveUpUnanswered(slot: WorkerSlot, reason: DropReason): void {
    while (!slot.isEmpty) if (this.acknowledge(slot)) this.giveUp(slot, unanswered(reason, slot.maybeSent))
  }

  /** The records of a batch that are too old are given up; `false` when none is left to be sent. */
  expire(slot: WorkerSlot): boolean {
    const old = slot.spooled === undefined ? [] : this.spool?.expired(slot.batch, slot.spooled) ?? []
    return this.giveUpSome(slot, unanswered("expired", slot.maybeSent), old)
  }

  /** A batch that was not written to this sink before is made to fit what that takes; `false` when none is left to be sent. */
  fit(slot: WorkerSlot): boolean {
    const isNew = slot.tried === undefined || !slot.tried.isCurrent
    if (isNew && slot.attempts > 0) slot.replace(this.large.asLogged(slot.batch))
    const fitted = isNew ? this.large.fit(slot.batch) : undefined
    if (fitted === undefined) return true
    slot.replace(fitted.batch)
    return this.giveUpSome(slot, "too_large", fitted.tooLarge)
  }

  /** Whether a batch is one record that cannot be made shorter. */
  isShort(batch: ReadonlyArray<LogRecord>): boolean {
    return batch.length === 1 && this.large.isShort(batch[0]!)
  }

  /** Some records of the batch are given up, the others kept; `false` when there are none. */
  private giveUpSome(slot: WorkerSlot, reason: DropReason, some: ReadonlyArray<LogRecord>): boolean {
    if (some.length === 0) return true
    const known = new Set(some)
    const kept = slot.batch.filter((record) => !known.has(record))
    this.sort(slot, reason, some.map((record) => ({ record })), kept)
    return kept.length > 0
  }

  /** Everything that waits in the queue is given up. */
  giveUpQueued(reason: DropReason, lastError?: string): void {
    this.giveUpRecords("queued", this.queue.takeAll(), { reason, lastError })
    this.tellWaiting()
  }

  /** Records that no slot holds are given up. */
  giveUpRecords(from: Place, records: ReadonlyArray<LogRecord>, giving: Giving): void {
    if (records.length === 0) return
    this.counters.move(from, "deadLettered", records.length)
    this.handOver(records, giving)
  }

  /** Has somebody else take records that count as dead-lettered; what nobody takes is dropped. */
  private handOver(records: ReadonlyArray<LogRecord>, giving: Giving): void {
    const lost = this.givenUp.take(this.large.asLogged(records), giving)
    if (lost === 0) return
    this.counters.drop("deadLettered", giving.reason, lost)
    this.tellOfDrop()
  }

  /** A record that comes when the destination is gone is given up at once. */
  giveUpLate(record: LogRecord): void {
    this.counters.during("accepted", "deadLettered", "sink_closed", () => {
      const lost = this.givenUp.take([record], { reason: "sink_closed" })
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
    this.settleOnDisk(slot)
    if (!slot.isEmpty) return
    const { letter } = slot
    slot.letGo()
    letter?.settle()
  }

  /** What is settled of a batch that is on disk is not given again. */
  private settleOnDisk(slot: WorkerSlot, part?: "some"): void {
    const { isEmpty, spooled } = slot
    if (spooled === undefined) return
    if (isEmpty && part === undefined) this.spool?.settle(spooled)
    else this.spool?.settleSome(spooled, slot.tellSettled())
  }

  /** The program is given what is settled, and may end the process. */
  private noteOnDisk(spooled: SpooledBatch | undefined): void {
    if (spooled !== undefined && this.runsProgram) this.spool?.note()
  }

  /** How many of the records that entered the lane are settled, from the first on. */
  settledUpTo(): number {
    let least = this.queue.taken
    for (const slot of this.slots) {
      if (!slot.isEmpty && slot.isInMemoryOnly) least = Math.min(least, slot.firstPosition)
    }
    return Math.min(least, this.spool?.heldBackFrom ?? least)
  }

  /** Something has left the queue, or is settled: tells whoever waits for that. */
  tellWaiting(): void {
    if (this.flushes.any) this.flushes.settle(this.settledUpTo())
    this.room.look()
  }
}

/** Records that are given up together, and not handed over yet. */
interface Group {
  readonly records: Array<LogRecord>
  readonly places: Array<number>
}

interface Pending extends Group {
  readonly giving: Giving
  /** The batch on disk in which they stand at these places. */
  readonly spooled: SpooledBatch | undefined
}

/** Refused records with their places, together where the same was said of them. */
const byMessage = (
  refused: ReadonlyArray<Refused>,
  places: ReadonlyArray<number>
): Map<string | undefined, Group> => {
  const groups = new Map<string | undefined, Group>()
  for (const [i, { message, record }] of refused.entries()) {
    const group = groups.get(message) ?? { records: [], places: [] }
    groups.set(message, group)
    group.records.push(record)
    group.places.push(places[i]!)
  }
  return groups
}

const said = (error: SinkError | undefined): string | undefined =>
  error === undefined ? undefined : withCauses(error.message, error)
