import * as Effect from "effect/Effect"
import type { SchedulerDispatcher } from "effect/Scheduler"
import { storedIn } from "../contract/storedIn.ts"
import { type DropReason, LaneCounters } from "../Ledger.ts"
import { type LogRecord, severityOf } from "../LogRecord.ts"
import type { LaneOptions } from "../LogSink.ts"
import { demandStack } from "../node/demandStack.ts"
import { Flushes } from "./Flushes.ts"
import type { GivenUp } from "./GivenUp.ts"
import type { Inlet } from "./Inlet.ts"
import { LaneQueue } from "./LaneQueue.ts"
import type { LaneSpool } from "./LaneSpool.ts"
import { type Letter, LetterTurns, type NextLetter, type Sent } from "./LetterTurns.ts"
import { batchesOf } from "./splitting.ts"
import { never, WakeUp } from "./WakeUp.ts"
import { WorkerSlot } from "./WorkerSlot.ts"

/** What a lane tells its surroundings, synchronously. */
export interface LaneHooks {
  /** Records were dropped. */
  readonly onDrop: () => void
  /** A batch is taken from the queue. */
  readonly onTake: () => void
}

const warn = severityOf("Warn")

/**
 * The queue, the slots and the counters of a lane. Every move of a record is
 * here, in one synchronous step with its count.
 */
export class LaneState implements Inlet {
  readonly options: LaneOptions
  /** The lowest level that is not passed by, as an severityOf. */
  readonly minimum: number
  readonly filter: ((record: LogRecord) => boolean) | undefined
  readonly counters = new LaneCounters()
  readonly slots: ReadonlyArray<WorkerSlot>
  phase: "open" | "draining" | "closed" = "open"
  queuedBytes = 0

  private readonly queue = new LaneQueue()
  private readonly dispatcher: SchedulerDispatcher
  private readonly hooks: LaneHooks
  private readonly givenUp: GivenUp
  private readonly openCapacity: number
  private readonly openBytes: number
  private readonly fullSize: number
  private readonly fullBytes: number
  private sinkClosed = false
  private left = 0
  private readonly flushes = new Flushes()
  private readonly letters = new LetterTurns()
  private spool: LaneSpool | undefined = undefined
  private spillSize = never
  private spillBytes = never
  private spilling = false
  /** How many unswept records somebody is told of; {@link never} when nobody is. */
  private many = never
  private tellMany: () => void = () => {}
  /** How many records had entered the lane when its queue was swept last. */
  private sweptUpTo = 0
  private readonly wakeUp: WakeUp

  constructor(
    options: LaneOptions,
    dispatcher: SchedulerDispatcher,
    hooks: LaneHooks,
    givenUp: GivenUp
  ) {
    this.options = options
    this.minimum = severityOf(options.minimumLevel)
    this.filter = options.filter
    this.dispatcher = dispatcher
    this.wakeUp = new WakeUp(dispatcher)
    this.hooks = hooks
    this.givenUp = givenUp
    this.openCapacity = withoutReserve(options.capacity)
    this.openBytes = withoutReserve(options.maxBytes)
    // A batch larger than half the queue would have the queue overflow while it fills.
    this.fullSize = Math.min(options.maxBatchSize, Math.ceil(this.openCapacity / 2))
    this.fullBytes = Math.min(options.maxBatchBytes, Math.ceil(this.openBytes / 2))
    this.slots = Array.from({ length: options.concurrency }, () => new WorkerSlot())
  }

  get size(): number {
    return this.queue.size
  }

  /** What waits for a worker: records in the spool or in the queue, and letters to be sent again. */
  get backlog(): number {
    return this.size + (this.spool?.waiting ?? 0) + this.letters.waiting
  }

  get hasRoom(): boolean {
    return this.size < this.openCapacity && this.queuedBytes < this.openBytes
  }

  /** Accepts a record: queues it, or counts it as dropped. */
  offer(record: LogRecord, severity: number): void {
    if (this.hasRoomFor(record.bytes)) return this.accept(record)
    if (this.phase === "open") return this.squeeze(record, severity)
    if (!this.sinkClosed) return this.refuseOne("closed")
    const records = [record]
    if (this.givenUp.any) demandStack()
    this.counters.accepted++
    this.counters.deadLettered++
    try {
      this.bequeath(records, "sink_closed", 0, undefined)
    } catch {
      this.counters.deadLettered--
      this.counters.dropped.sink_closed++
    }
  }

  /** Accepts and drops a record. */
  private refuseOne(reason: DropReason): void {
    this.counters.accepted++
    this.counters.dropped[reason]++
    this.tellOfDrop()
  }

  // A drop may be counted where the stack is full: whoever hears of it hears of the next one too.
  private tellOfDrop(): void {
    try {
      this.hooks.onDrop()
    } catch {}
  }

  hasRoomFor(bytes: number): boolean {
    return this.phase === "open" && this.fits(this.openCapacity, this.openBytes - bytes)
  }

  accept(record: LogRecord): void {
    const { queue, wakeUp } = this
    const { bytes } = record
    queue.push(record)
    this.counters.accepted++
    this.queuedBytes += bytes
    try {
      const { size } = queue
      if (size >= wakeUp.size || this.queuedBytes >= wakeUp.bytes) wakeUp.wake()
      if (size >= this.spillSize || this.queuedBytes >= this.spillBytes) this.scheduleSpill()
      if (size >= this.many && this.left + size >= this.sweptUpTo + this.many) this.tellOfMany()
    } catch {
      // The stack is full: the next record wakes whom this one has not.
    }
  }

  /** What a lane with little room does with a record. */
  private squeeze(record: LogRecord, severity: number): void {
    const urgent = severity >= warn
    const mostRecords = urgent ? this.options.capacity : this.openCapacity
    const mostBytes = (urgent ? this.options.maxBytes : this.openBytes) - record.bytes
    if ((this.spool !== undefined || this.flushes.any) && !this.fits(mostRecords, mostBytes)) {
      demandStack()
      if (this.spool !== undefined) this.spill()
    }
    while (!this.fits(mostRecords, mostBytes)) {
      const reason = this.size >= mostRecords ? "queue_full" : "bytes_full"
      if (this.options.strategy === "dropping" || mostBytes < 0) return this.refuseOne(reason)
      this.evict(reason)
    }
    this.accept(record)
  }

  private fits(mostRecords: number, mostBytes: number): boolean {
    return this.size < mostRecords && this.queuedBytes <= mostBytes
  }

  /** Puts a spool behind the queue. Everything on it goes before what is queued. */
  attach(spool: LaneSpool): void {
    this.spool = spool
    this.spillSize = spool.spillsAt(this.openCapacity)
    this.spillBytes = spool.spillsAt(this.openBytes)
    spool.whenItMayTake(() => this.spillAgain())
    spool.whenMoreIsToSend(() => this.wakeUp.wake())
  }

  /** Whether a record of this level would be dropped whatever it holds. */
  isFull(severity: number): boolean {
    if (this.hasRoom || this.phase !== "open" || this.options.strategy === "sliding" || this.spool !== undefined) {
      return false
    }
    return severity < warn || this.size >= this.options.capacity || this.queuedBytes >= this.options.maxBytes
  }

  /** Accepts and drops a record that {@link isFull} has answered for. */
  refuse(severity: number): void {
    this.refuseOne(
      this.size >= (severity >= warn ? this.options.capacity : this.openCapacity) ? "queue_full" : "bytes_full"
    )
  }

  /** Moves the next batch from the queue into a slot. */
  take(slot: WorkerSlot): void {
    this.hooks.onTake()
    this.fill(slot)
    slot.unswept = slot.isInMemoryOnly ? slot.firstPosition + slot.held - this.sweptUpTo : 0
  }

  private fill(slot: WorkerSlot): void {
    if (this.letters.waiting > 0 && this.hasRoom && this.takeLetter(slot)) return
    if (this.spool !== undefined && this.takeSpooled(slot, this.spool)) return
    slot.firstPosition = this.left
    slot.batch = this.takeBatch()
    this.counters.inFlight += slot.batch.length
  }

  /** Takes a dead letter, in batches of the usual size. */
  private takeLetter(slot: WorkerSlot): boolean {
    const letter = this.letters.take(this.backlog > this.letters.waiting)
    if (letter === undefined) return false
    const { maxBatchBytes, maxBatchSize } = this.options
    slot.rest.push(...batchesOf(letter.records, maxBatchSize, maxBatchBytes))
    slot.advance()
    slot.letter = letter
    slot.firstPosition = Infinity
    this.counters.recovered += letter.records.length
    this.counters.inFlight += letter.records.length
    return true
  }

  private takeSpooled(slot: WorkerSlot, spool: LaneSpool): boolean {
    if (spool.mode === "always") this.spill()
    // What cannot be read now is older than the queue, which waits behind it.
    if (!spool.fill(slot)) return spool.waiting > 0
    // What was held back has kept the queue off the disk.
    if (this.isToSpill) this.scheduleSpill()
    return true
  }

  private get isToSpill(): boolean {
    return this.size >= this.spillSize || this.queuedBytes >= this.spillBytes
  }

  private takeBatch(): ReadonlyArray<LogRecord> {
    const { maxBatchBytes, maxBatchSize } = this.options
    if (this.size <= maxBatchSize && this.queuedBytes <= maxBatchBytes) return this.takeAll()
    let count = 0
    let bytes = 0
    while (count < maxBatchSize && bytes < maxBatchBytes) {
      const record = this.queue.at(count)
      if (record === undefined) break
      bytes += record.bytes
      count++
    }
    this.left += count
    this.queuedBytes -= bytes
    return this.queue.take(count)
  }

  private takeAll(): ReadonlyArray<LogRecord> {
    const all = this.queue.takeAll()
    this.left += all.length
    this.queuedBytes = 0
    return all
  }

  /** Moves the queue to the spool. From then on it is settled: safe, though not yet delivered. */
  spill(): void {
    this.spilling = false
    while (this.spool?.admits() === true && this.size > 0 && this.isNextOnDisk(this.spool)) {
      const firstPosition = this.left
      this.spool.take(this.takeBatch(), firstPosition)
    }
    this.settleFlushes()
  }

  /** The disk may take what it did not take before. */
  private spillAgain(): void {
    for (const slot of this.slots) slot.refused = false
    if (this.spool?.admits() === true && this.isToSpill) this.spill()
    this.settleFlushes()
  }

  /** What a worker holds is older than the queue: in a lane that keeps the order it goes on disk first. */
  private isNextOnDisk(spool: LaneSpool): boolean {
    const [slot, other] = this.slots
    if (slot === undefined || other !== undefined || slot.batch.length === 0 || !slot.isInMemoryOnly) return true
    if (!slot.refused) slot.refused = !spool.hold(slot)
    return !slot.refused
  }

  /**
   * Takes everything that is not delivered out of the workers' hands and puts it
   * on the spool; what it does not take is given up.
   */
  park(reason: DropReason): void {
    // What stays where it is on disk comes last: it must not be dropped to make room for the others.
    this.spill()
    for (const slot of this.slots) if (slot.spooled === undefined) this.parkSlot(slot, reason)
    for (const slot of this.slots) this.parkSlot(slot, reason)
    this.handOver(this.spool?.letGo() ?? [], reason, 0, undefined)
    this.giveUpQueued(reason)
  }

  /**
   * Puts what a slot holds on the spool, where it stays if it came from there and
   * had not to make room. A dead letter does not wait there.
   */
  parkSlot(slot: WorkerSlot, reason: DropReason): void {
    const isGone = slot.spooled !== undefined && this.spool?.holds(slot.spooled) === false
    while (slot.batch.length > 0) {
      if (!isGone && slot.letter === undefined && this.spool?.park(slot) === true) this.release(slot, slot.batch.length)
      else this.giveUp(slot, slot.maybeSent ? "unconfirmed" : isGone ? "spool_full" : reason)
    }
    slot.spooled = undefined
    this.settleFlushes()
  }

  /** Puts all that a slot holds on the spool; `false` when the slot keeps it, because the disk does not take it. */
  shelve(slot: WorkerSlot): boolean {
    if (this.spool?.takeFrom(slot) !== true) return false
    while (slot.batch.length > 0) this.release(slot, slot.batch.length)
    this.settleFlushes()
    return true
  }

  get hasSpool(): boolean {
    return this.spool !== undefined
  }

  closeSpool(): void {
    this.spool?.close()
  }

  /** Who is told, in a step of its own, when there are so many unswept records that they are worth a look. */
  onMany(tell: () => void): void {
    this.tellMany = tell
  }

  /** Whether so many records wait that were not swept, in the queue or in the workers' hands. If not, it is told once they do. */
  watchForMany(count: number): boolean {
    const inQueue = this.left + this.size - Math.max(this.sweptUpTo, this.left)
    const isMany = this.slots.reduce((sum, { unswept }) => sum + unswept, inQueue) >= count
    this.many = isMany ? never : count
    return isMany
  }

  private tellOfMany(): void {
    const { many } = this
    this.many = never
    try {
      this.dispatcher.scheduleTask(this.tellMany, 0)
    } catch {
      this.many = many
    }
  }

  /** The records that wait, in hand and in the queue, and were not given before, some at a time. */
  *unswept(most: number): Generator<ReadonlyArray<LogRecord>> {
    for (const slot of this.slots) {
      if (slot.unswept > 0) yield slot.sweep()
    }
    const end = this.left + this.size
    for (let at = Math.max(this.sweptUpTo, this.left); at < end; at = Math.max(at + most, this.left)) {
      const from = at - this.left
      this.sweptUpTo = Math.min(end, at + most)
      yield this.queue.slice(from, Math.min(from + most, end - this.left))
    }
  }

  private scheduleSpill(): void {
    if (this.spilling) return
    this.spilling = true
    try {
      this.dispatcher.scheduleTask(this.runSpill, 0)
    } catch {
      this.spilling = false
    }
  }

  private readonly runSpill = (): void => {
    this.spill()
    this.wakeUp.wake()
  }

  enter(slot: WorkerSlot, phase: "writing" | "waiting"): void {
    if (slot.phase === phase) return
    const count = slot.batch.length
    if (slot.phase === "waiting") {
      this.counters.retrying -= count
      this.counters.inFlight += count
    } else if (phase === "waiting") {
      this.counters.inFlight -= count
      this.counters.retrying += count
    }
    slot.phase = phase
  }

  /** Settles records at the head of a slot's batch as delivered. */
  deliver(slot: WorkerSlot, count: number): void {
    this.release(slot, count)
    this.counters.delivered += count
    this.settled(slot)
  }

  /** Settles a slot's batch as given up, save for the records that are stored all the same. */
  giveUp(slot: WorkerSlot, reason: DropReason, refused: ReadonlyArray<LogRecord> = slot.batch): void {
    const { attempts, batch, error, letter } = slot
    this.release(slot, batch.length)
    this.counters.delivered += batch.length - refused.length
    this.handOver(refused, reason, attempts, error?.message, letter)
    this.settled(slot)
  }

  /** Settles the records of a slot's batch that are too old as given up; `false` when none is left to be sent. */
  expire(slot: WorkerSlot): boolean {
    const old = slot.spooled === undefined ? [] : this.spool?.expired(slot.batch, slot.spooled) ?? []
    if (old.length === 0) return true
    const { attempts, batch, error, maybeStored } = slot
    const gone = new Set(old)
    slot.batch = [...old, ...batch.filter((record) => !gone.has(record))]
    this.release(slot, old.length)
    this.handOver(old, maybeStored ? "unconfirmed" : "expired", attempts, error?.message)
    this.settled(slot)
    return old.length < batch.length
  }

  /** Settles everything that waits in the queue as given up. */
  giveUpQueued(reason: DropReason, lastError?: string): void {
    this.handOver(this.takeAll(), reason, 0, lastError)
    this.settleFlushes()
  }

  private handOver(
    records: ReadonlyArray<LogRecord>,
    reason: DropReason,
    attempts: number,
    lastError: string | undefined,
    letter?: Letter
  ): void {
    if (records.length === 0) return
    // Counted first: givenUp run code of the program, which may look at the books or end the process.
    this.counters.deadLettered += records.length
    this.bequeath(records, reason, attempts, lastError, letter)
  }

  /** Gives givenUp what is counted as theirs; what they do not take is dropped. */
  private bequeath(
    records: ReadonlyArray<LogRecord>,
    reason: DropReason,
    attempts: number,
    lastError: string | undefined,
    letter?: Letter
  ): void {
    const lost = this.givenUp.take(records, reason, attempts, lastError, letter)
    this.counters.deadLettered -= lost
    this.counters.dropped[reason] += lost
    if (lost > 0) this.tellOfDrop()
  }

  /**
   * Writes everything the lane holds, oldest first, for as long as there is time:
   * the process is ending and its workers are left behind. A batch that a worker was
   * writing is written once more, because nobody can tell whether it arrived.
   */
  rescue(write: (records: ReadonlyArray<LogRecord>) => void, hasTime: () => boolean): void {
    this.end("closed")
    if (this.spool !== undefined) {
      this.park("shutdown_deadline")
      return this.spool.close()
    }
    for (const slot of this.slots) {
      while (slot.batch.length > 0) this.writeLast(slot, write, hasTime)
    }
    const slot = this.slots[0]!
    while (this.size > 0 && hasTime()) {
      this.take(slot)
      this.writeLast(slot, write, hasTime)
    }
    this.giveUpQueued("shutdown_deadline")
  }

  private writeLast(
    slot: WorkerSlot,
    write: (records: ReadonlyArray<LogRecord>) => void,
    hasTime: () => boolean
  ): void {
    const { batch } = slot
    const stored = hasTime() ? storedBy(write, batch) : 0
    if (stored > 0) this.deliver(slot, stored)
    if (stored < batch.length) this.giveUp(slot, slot.maybeSent ? "unconfirmed" : "shutdown_deadline")
  }

  /** Refuses records from now on. */
  end(phase: "draining" | "closed", sinkClosed = false): void {
    this.phase = phase
    this.sinkClosed ||= sinkClosed
    this.letters.end()
    this.wakeUp.wake()
  }

  /** Sends a dead letter once more, when there is room. */
  send(next: NextLetter): Effect.Effect<Sent> {
    return this.letters.send(next, () => this.wakeUp.wake())
  }

  /** Waits until everything accepted before is settled. */
  readonly flush: Effect.Effect<void> = Effect.suspend(() => {
    const entered = this.left + this.size
    if (this.settledUpTo() >= entered) return Effect.void
    const settled = this.flushes.wait(entered)
    this.wakeUp.wake()
    return settled
  })

  /** Waits for the first record without a timer, then for a full batch or the window. */
  awaitRecords(windowMillis: number): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      if (this.backlog === 0 && this.phase === "open") yield* this.sleepUntil(1, never)
      if (windowMillis === 0 || !this.lingers()) return
      yield* Effect.timeoutOption(this.sleepUntil(this.fullSize, this.fullBytes), windowMillis)
    })
  }

  private lingers(): boolean {
    return this.phase === "open" && !this.flushes.any && this.size > 0 && this.backlog === this.size &&
      this.size < this.fullSize && this.queuedBytes < this.fullBytes
  }

  private sleepUntil(size: number, bytes: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      // The fiber may have yielded since it looked, and nobody wakes a worker that does not sleep yet.
      if (this.phase !== "open" || this.backlog >= size || this.queuedBytes >= bytes) return Effect.void
      return this.wakeUp.sleep(size, bytes)
    })
  }

  private evict(reason: DropReason): void {
    const record = this.queue.shift()
    if (record === undefined) return
    this.left++
    this.queuedBytes -= record.bytes
    this.counters.dropped[reason]++
    this.tellOfDrop()
    this.settleFlushes()
  }

  private release(slot: WorkerSlot, count: number): void {
    if (slot.phase === "waiting") this.counters.retrying -= count
    else this.counters.inFlight -= count
    slot.firstPosition += count
    if (count < slot.batch.length) {
      slot.batch = slot.batch.slice(count)
      return
    }
    slot.advance()
  }

  /** Tells whoever waits for it what is settled, and where it came from when that is all of it. */
  private settled(slot: WorkerSlot): void {
    this.settleFlushes()
    const { letter, spooled } = slot
    if (slot.batch.length > 0) return
    slot.letter = undefined
    slot.spooled = undefined
    if (spooled !== undefined) this.spool?.settle(spooled)
    letter?.settle()
  }

  private settledUpTo(): number {
    let least = this.left
    for (const slot of this.slots) {
      if (slot.batch.length > 0) least = Math.min(least, slot.firstPosition)
    }
    return Math.min(least, this.spool?.heldBackFrom ?? least)
  }

  private settleFlushes(): void {
    if (this.flushes.any) this.flushes.settle(this.settledUpTo())
  }
}

/** Writes a batch synchronously; gives how many records at its head are stored. */
const storedBy = (write: (records: ReadonlyArray<LogRecord>) => void, batch: ReadonlyArray<LogRecord>): number => {
  try {
    write(batch)
    return batch.length
  } catch (error) {
    return storedIn(error, batch.length)
  }
}

/** A tenth of every bound is kept for Warn and above. */
const withoutReserve = (bound: number): number => bound - Math.floor(bound / 10)
