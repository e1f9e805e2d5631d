import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { SchedulerDispatcher } from "effect/Scheduler"
import { type LogRecord, severityOf } from "../LogRecord.ts"
import type { LaneOptions, Pace } from "../LogSink.ts"
import { demandStack } from "../node/demandStack.ts"
import { boundOf } from "../options/level.ts"
import { batchesOf } from "./batches.ts"
import { Filling } from "./Filling.ts"
import type { GivenUp } from "./GivenUp.ts"
import type { Inlet } from "./Inlet.ts"
import type { LaneCounters } from "./LaneCounters.ts"
import { LanePhase } from "./LanePhase.ts"
import { type LaneQueue, warn } from "./LaneQueue.ts"
import type { LaneSpool } from "./LaneSpool.ts"
import type { LargeRecords } from "./LargeRecords.ts"
import { LetterTurns, type NextLetter, type Sent } from "./LetterTurns.ts"
import { Sampling } from "./Sampling.ts"
import { Settlement } from "./Settlement.ts"
import { Spill } from "./Spill.ts"
import { Unswept } from "./Unswept.ts"
import { never, soon, WakeUp } from "./WakeUp.ts"
import { WorkerSlot } from "./WorkerSlot.ts"

/** What a lane tells its surroundings, synchronously. */
export interface LaneHooks {
  /** Records were dropped. */
  readonly onDrop: () => void
  /** A batch is taken from the queue. */
  readonly onTake: () => void
  /** Its status, or what its last write was answered with, may be another. */
  readonly onChange: () => void
}

/**
 * What a lane holds, from the offer of a record until a worker has it: whether it
 * is admitted, when the workers are woken for it, and which batch is next. What
 * becomes of a batch is the {@link Settlement}'s.
 */
export class LaneState implements Inlet {
  readonly name: string
  options: LaneOptions
  /** The lowest severity that is not passed by. */
  minimum = 0
  filter: ((record: LogRecord) => boolean) | undefined = undefined
  readonly counters: LaneCounters
  readonly phase = new LanePhase()
  readonly queue: LaneQueue
  readonly slots: ReadonlyArray<WorkerSlot>
  readonly settlement: Settlement
  readonly unswept: Unswept
  private readonly sampling: Sampling | undefined
  /** The way to the spool, in a lane that has one. */
  spill: Spill | undefined = undefined

  private readonly dispatcher: SchedulerDispatcher
  private readonly onTake: () => void
  readonly onChange: () => void
  private readonly builtWith: LaneOptions
  /** So many records are taken at once while there is little. */
  private sliceSize = 0
  /** From here on a batch waits for nothing, and all is taken that may be. */
  private fullSize = 0
  private fullBytes = 0
  private readonly filling: Filling
  /** What had entered the queue when its window ended: it waits no longer. */
  private due = 0
  private readonly letters = new LetterTurns()
  private readonly wakeUp: WakeUp
  private spillSize = never
  private spillBytes = never

  constructor(
    name: string,
    options: LaneOptions,
    queue: LaneQueue,
    fiber: Fiber.Fiber<unknown, unknown>,
    hooks: LaneHooks,
    givenUp: GivenUp,
    large: LargeRecords,
    pace: Pace | undefined
  ) {
    this.name = name
    this.options = options
    this.builtWith = options
    this.queue = queue
    const dispatcher = fiber.currentDispatcher
    this.dispatcher = dispatcher
    this.onTake = hooks.onTake
    this.onChange = hooks.onChange
    this.wakeUp = new WakeUp(soon(fiber))
    this.filling = new Filling(fiber.getRef(Clock.Clock))
    this.goBy(options, pace)
    this.slots = Array.from({ length: options.concurrency }, () => new WorkerSlot())
    this.settlement = new Settlement(queue, this.slots, givenUp, large, hooks.onDrop)
    this.counters = this.settlement.counters
    this.sampling = options.strategy === "sampling"
      ? new Sampling(options.sampleShare, queue, this.settlement)
      : undefined
    this.unswept = new Unswept(queue, this.slots, dispatcher)
  }

  /** Takes records, and gives batches, as these options and the pace of the sink say. */
  goBy(options: LaneOptions, pace: Pace | undefined): void {
    const { queue } = this
    const { maxBatchBytes, maxBatchSize } = options
    queue.resize(options)
    this.options = options
    this.minimum = severityOf(boundOf(options.minimumLevel))
    this.filter = options.filter
    this.sliceSize = Math.min(maxBatchSize, pace?.slice ?? maxBatchSize)
    // A batch larger than half the queue would have the queue overflow while it fills.
    this.fullSize = Math.min(maxBatchSize, pace?.full ?? maxBatchSize, Math.ceil(queue.openCapacity / 2))
    this.fullBytes = Math.min(maxBatchBytes, Math.ceil(queue.openBytes / 2))
    this.filling.resize(this.sliceSize, this.fullSize)
    this.spill?.resize({ fullSize: this.fullSize, fullBytes: this.fullBytes, maxBatchSize })
    this.sizeSpill()
  }

  /** Goes by other options from now on, and wakes who sleeps by those before. */
  change(options: LaneOptions, pace: Pace | undefined): void {
    if (options.retry !== this.options.retry) { for (const slot of this.slots) slot.waits = undefined }
    this.goBy(options, pace)
    if (this.spill?.isDue === true) this.spill.schedule()
    this.settlement.room.look()
    this.wakeUp.wake()
    this.phase.rouse()
  }

  private sizeSpill(): void {
    this.spillSize = this.spill?.size ?? never
    this.spillBytes = this.spill?.bytes ?? never
  }

  /** What waits for a worker: records in the spool or in the queue, and letters to be sent again. */
  get backlog(): number {
    return this.queue.size + (this.spill?.waiting ?? 0) + this.letters.waiting
  }

  /** Puts a spool behind the queue. Everything on it goes before what is queued. */
  attach(spool: LaneSpool): void {
    const { dispatcher, queue, settlement, slots } = this
    const wake = (): void => this.wakeUp.wake()
    const { fullBytes, fullSize, options: { maxBatchSize } } = this
    this.spill = new Spill({ spool, queue, slots, settlement, dispatcher, wake, fullBytes, fullSize, maxBatchSize })
    this.sizeSpill()
  }

  /** Accepts a record: queues it, or counts it as dropped. */
  offer(record: LogRecord, severity: number): void {
    if (this.hasRoomFor(record.bytes)) return this.accept(record)
    if (!this.phase.isOpen && this.phase.late === "sink_closed") {
      if (this.settlement.runsProgram) demandStack()
      return this.settlement.giveUpLate(record)
    }
    const { bytes } = record
    const urgent = severity >= warn
    if (this.phase.isOpen && !this.makeRoom(bytes, urgent)) return this.settlement.refuse("sampled")
    if (this.phase.isOpen && this.queue.reserves(bytes, urgent)) {
      return this.settlement.refuse(this.queue.lacks(bytes, urgent) ?? "bytes_full")
    }
    this.accept(record)
  }

  hasRoomFor(bytes: number): boolean {
    return this.queue.hasRoomFor(bytes)
  }

  accept(record: LogRecord): void {
    const { counters, queue, unswept, wakeUp } = this
    if (!counters.accept(queue, record)) return this.settlement.refuse(queue.refusal)
    try {
      const { bytes, size } = queue
      if (size >= wakeUp.size || bytes >= wakeUp.bytes) wakeUp.wake()
      if (size >= this.spillSize || bytes >= this.spillBytes) this.spill?.schedule()
      if (size >= unswept.many) unswept.grown()
    } catch {
      // The stack is full: the next record wakes whom this one has not.
    }
  }

  /**
   * What a lane with little room does for a record: it spills, and then gives up others,
   * or the record, when it gives `false`.
   */
  private makeRoom(bytes: number, urgent: boolean): boolean {
    const { queue, sampling, settlement, spill } = this
    const isShort = queue.lacks(bytes, urgent) !== undefined || sampling?.isOn === true
    if (isShort && (spill !== undefined || settlement.isAwaited)) {
      demandStack()
      spill?.now()
    }
    if (sampling !== undefined) return sampling.keeps(bytes, urgent)
    if (this.options.strategy === "dropping" || !queue.couldHold(bytes, urgent)) return true
    for (let lack = queue.lacks(bytes, urgent); lack !== undefined; lack = queue.lacks(bytes, urgent)) {
      settlement.evict(lack)
    }
    return true
  }

  /** Whether a record of this severity would be dropped whatever it holds. */
  isFull(severity: number): boolean {
    const { options, phase, queue, sampling, spill } = this
    if (!phase.isOpen || options.strategy === "sliding" || spill !== undefined) return false
    if (sampling !== undefined) return sampling.drops(severity >= warn)
    return !queue.hasRoom && (severity < warn || queue.lacks(1, true) !== undefined)
  }

  /** Accepts and drops a record that {@link isFull} has answered for. */
  refuse(severity: number): void {
    const { queue, sampling, settlement } = this
    if (sampling === undefined || severity >= warn) {
      return settlement.refuse(queue.lacks(1, severity >= warn) ?? "bytes_full")
    }
    sampling.dropped()
    settlement.refuse("sampled")
  }

  /** Moves the next batch into a slot. */
  take(slot: WorkerSlot): void {
    this.onTake()
    this.fill(slot)
    this.unswept.taken(slot)
    this.settlement.room.look()
  }

  private fill(slot: WorkerSlot): void {
    if (this.letters.waiting > 0 && this.queue.hasRoom && this.takeLetter(slot)) return
    if (this.spill?.fill(slot) === true) return
    const { maxBatchBytes, maxBatchSize } = this.options
    const firstPosition = this.queue.taken
    const isLittle = this.phase.isOpen && this.queue.size < this.fullSize && !this.filling.isFast
    const batch = this.queue.takeBatch(isLittle ? this.sliceSize : maxBatchSize, maxBatchBytes)
    slot.holdQueued(batch, firstPosition)
    slot.sizedBy = this.options
    this.counters.move("queued", "inFlight", batch.length)
  }

  /** Takes a dead letter, in batches of the usual size. */
  private takeLetter(slot: WorkerSlot): boolean {
    const letter = this.letters.take(this.backlog > this.letters.waiting)
    if (letter === undefined) return false
    slot.holdLetter(letter, batchesOf(letter.records, this.fullSize, this.fullBytes))
    this.counters.recover("inFlight", letter.records.length)
    return true
  }

  /** A batch that came from elsewhere than the queue, or before the options were changed, gets the size they say. */
  resize(slot: WorkerSlot): void {
    const { options } = this
    if (options === this.builtWith || slot.sizedBy === options) return
    const parts = batchesOf(slot.batch, options.maxBatchSize, options.maxBatchBytes)
    if (parts.length > 1) this.settlement.part(slot, parts)
    slot.sizedBy = options
  }

  /** Refuses records from now on. */
  end(phase: "draining" | "closed" | "gone"): void {
    this.queue.end()
    this.phase.become(phase)
    if (phase !== "draining") this.settlement.handOverRefused()
    this.letters.end()
    this.settlement.room.end()
    this.wakeUp.wake()
    this.onChange()
  }

  /** Ends the lane, whose destination is gone for good: what it holds is spooled or given up. */
  close(slot: WorkerSlot, lastError: string): void {
    this.end("gone")
    this.spill?.park("sink_closed")
    this.settlement.giveUpUnanswered(slot, "sink_closed")
    this.settlement.giveUpQueued("sink_closed", lastError)
    this.phase.wake()
  }

  /** Sends a dead letter once more, when there is room. */
  send(next: NextLetter): Effect.Effect<Sent> {
    return this.letters.send(next, () => this.wakeUp.wake())
  }

  /** Waits until everything accepted before is settled. */
  readonly flush: Effect.Effect<void> = Effect.suspend(() => {
    const { entered } = this.queue
    if (this.settlement.settledUpTo() >= entered) return Effect.void
    const settled = this.settlement.flushes.wait(entered)
    this.wakeUp.wake()
    return settled
  })

  /** Waits for room. Who waits is served in the order of turns. */
  awaitRoom(turn: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.wakeUp.wake()
      return this.settlement.room.wait(turn)
    })
  }

  /** Waits for the first record without a timer, then for a full batch or the window. */
  awaitRecords(windowMillis: number): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      const { filling, queue } = this
      if (this.backlog === 0 && this.phase.isOpen) yield* this.sleepUntil(1, never)
      if (windowMillis === 0) return
      if (queue.taken >= this.due) filling.found(queue.size)
      if (!this.lingers()) return
      filling.begin(queue.entered)
      yield* Effect.timeoutOption(this.sleepUntil(filling.size, this.fullBytes), windowMillis)
      this.due = queue.entered
      filling.end(this.due, windowMillis)
    })
  }

  private lingers(): boolean {
    const { bytes, size } = this.queue
    return this.phase.isOpen && !this.settlement.isAwaited && size > 0 && this.backlog === size &&
      size < this.filling.size && bytes < this.fullBytes && this.queue.taken >= this.due
  }

  private sleepUntil(size: number, bytes: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      // The fiber may have yielded since it looked, and nobody wakes a worker that does not sleep yet.
      if (!this.phase.isOpen || this.backlog >= size || this.queue.bytes >= bytes) return Effect.void
      return this.wakeUp.sleep(size, bytes)
    })
  }
}
