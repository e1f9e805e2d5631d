import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { defaultMaxAge } from "../contract/spoolChecks.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { LogRecord } from "../LogRecord.ts"
import type { SpoolOptions } from "../LogSink.ts"
import { idleSleep } from "../node/idleSleep.ts"
import { durationOf } from "../options/duration.ts"
import { plural } from "../record/text.ts"
import { SpoolError } from "../spool/disk/SpoolError.ts"
import type { Most } from "../spool/RecentFrames.ts"
import type { SpooledBatch, SpoolStore } from "../spool/SpoolStore.ts"
import type { LaneCounters } from "./LaneCounters.ts"
import { RecordAges } from "./RecordAges.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"

/** How long a change may wait to be made durable. */
const maintenanceDelay = Duration.millis(500)
/** How often it is looked whether others have died, as long as there are others. */
const adoptionDelay = Duration.minutes(1)
/** The part of the queue above which it is moved to disk. */
const spillPart = 0.8
/** The part of the bytes of a queue that may stay in memory when they are on disk. */
const keptPart = 0.5

/** A batch that left the queue and that the disk did not take. */
interface HeldBack {
  readonly batch: ReadonlyArray<LogRecord>
  readonly firstPosition: number
  /** It is tried again when the spool is smaller: it was that large then. */
  readonly spoolBytes: number
}

/**
 * The spool of a lane and its part of the books: what is on disk, or was refused
 * by it, and not in a worker's hands.
 */
export class LaneSpool {
  readonly mode: SpoolOptions["mode"]
  private readonly syncs: boolean
  private readonly maxAgeMillis: number
  private readonly ages: RecordAges
  private readonly store: SpoolStore
  private readonly counters: LaneCounters
  private readonly diagnostics: Diagnostics
  private readonly name: string
  private readonly onLoss: () => void
  private readonly changed = Latch.makeUnsafe(false)
  private heldBack: HeldBack | undefined = undefined
  private readonly loops: Array<Fiber.Fiber<void>> = []
  /** The disk failed to take something, which may go better later. */
  private failed = false
  private keepBytes = 0
  private again: () => void = () => {}
  private moreToSend: () => void = () => {}
  private smaller: () => void = () => {}
  private asLogged = (records: ReadonlyArray<LogRecord>): ReadonlyArray<LogRecord> => records
  private closed = false

  constructor(options: {
    readonly name: string
    readonly options: SpoolOptions
    readonly store: SpoolStore
    readonly counters: LaneCounters
    readonly diagnostics: Diagnostics
    readonly onLoss: () => void
    readonly clock: Clock.Clock
  }) {
    this.name = options.name
    this.mode = options.options.mode
    this.syncs = (options.options.fsync ?? "interval") === "interval"
    this.maxAgeMillis = Duration.toMillis(durationOf(options.options.maxAge ?? defaultMaxAge))
    this.ages = new RecordAges(options.clock)
    this.store = options.store
    this.counters = options.counters
    this.diagnostics = options.diagnostics
    this.onLoss = options.onLoss
    this.recover(this.store.recovery.records)
  }

  private recover(records: number): void {
    this.counters.recover("spooled", records)
  }

  /** Records that no worker holds: on disk, or held back. */
  get waiting(): number {
    return this.counters.spooled + (this.heldBack?.batch.length ?? 0)
  }

  /** How full the queue is, in records or bytes, when it is moved to disk. */
  spillsAt(most: number): number {
    return this.mode === "always" ? 1 : Math.ceil(most * spillPart)
  }

  /** Has what goes to disk only to be safe stay in memory until its turn, up to a part of what the queue may hold. */
  keep(queueBytes: number): void {
    if (this.mode === "always") this.keepBytes = queueBytes * keptPart
  }

  /** What is to be done when the disk, which failed to take something, may take it. */
  whenItMayTake(again: () => void): void {
    this.again = again
  }

  /** What is to be done when more is to be sent than there was. */
  whenMoreIsToSend(moreToSend: () => void): void {
    this.moreToSend = moreToSend
  }

  /** What is to be done when the spool may be smaller than it was. */
  whenSmaller(smaller: () => void): void {
    this.smaller = smaller
  }

  /** How records are to be kept, some of which were shortened for the destination. */
  keepAsLogged(asLogged: (records: ReadonlyArray<LogRecord>) => ReadonlyArray<LogRecord>): void {
    this.asLogged = asLogged
  }

  /** The part of the spool that is taken; nothing while the disk does not take what is queued. */
  get taken(): number | undefined {
    if (this.heldBack !== undefined) return undefined
    return this.counters.spooled === 0 ? 0 : this.store.bytes / this.store.maxBytes
  }

  /**
   * Begins to make durable what changes, soon after it does, and to take over what
   * others leave. While nothing changes and nobody else is there no timer runs.
   * Ends with `close`.
   */
  readonly maintain: Effect.Effect<void> = Effect.suspend(() =>
    Effect.forEach([this.maintenanceLoop, this.adoptionLoop], (loop) =>
      Effect.map(Effect.forkDetach(loop), (fiber) => {
        this.loops.push(fiber)
      }), { discard: true })
  )

  private readonly adoptionLoop: Effect.Effect<void> = Effect.gen({ self: this }, function*() {
    while (this.store.hasNeighbours) {
      yield* idleSleep(adoptionDelay)
      const adopt = yield* this.store.askNeighbours
      const records = adopt()
      this.recover(records)
      if (records > 0) this.moreToSend()
    }
  })

  private readonly maintenanceLoop: Effect.Effect<never> = Effect.forever(Effect.gen({ self: this }, function*() {
    yield* this.changed.await
    yield* idleSleep(maintenanceDelay)
    this.persist()
  }))

  /** Takes a batch from the queue: to disk, or held back in memory when the disk does not take it. */
  take(batch: ReadonlyArray<LogRecord>, firstPosition: number): void {
    this.counters.move("queued", "inFlight", batch.length)
    this.release({ batch, firstPosition, spoolBytes: Infinity })
  }

  /** Whether more may go to disk: what is held back goes first, once there is more room than there was for it. */
  admits(): boolean {
    const { heldBack } = this
    if (heldBack === undefined) return true
    if (this.store.bytes >= heldBack.spoolBytes) return false
    return this.release(heldBack)
  }

  /** Puts a batch on disk, which is held back until it is there. */
  private release(heldBack: HeldBack): boolean {
    const { batch } = heldBack
    // The program may log what is said of a disk that does not take it: nothing else goes to disk meanwhile.
    this.heldBack = { ...heldBack, spoolBytes: 0 }
    const isOnDisk = this.append(batch, false, () => {
      this.counters.move("inFlight", "spooled", batch.length)
      this.heldBack = undefined
    }, this.keepBytes)
    if (this.heldBack !== undefined) this.heldBack = { ...heldBack, spoolBytes: this.store.bytes }
    return isOnDisk
  }

  /** How many records entered the lane before what is held back. */
  get heldBackFrom(): number | undefined {
    return this.heldBack?.firstPosition
  }

  /** Lets go of what is held back, which is in flight. */
  letGo(): ReadonlyArray<LogRecord> {
    const batch = this.heldBack?.batch ?? []
    this.heldBack = undefined
    return batch
  }

  /** Moves the oldest records, so many at most, into a worker's slot; `false` when there are none, or when they cannot be read now. */
  fill(slot: WorkerSlot, most: Most): boolean {
    const batch = this.next(most)
    if (batch !== undefined) {
      slot.holdSpooled(batch)
      this.counters.move("spooled", "inFlight", batch.records.length)
      return true
    }
    if (this.heldBack === undefined || this.counters.spooled > 0) return false
    slot.holdQueued(this.heldBack.batch, this.heldBack.firstPosition)
    this.heldBack = undefined
    return true
  }

  /** Puts a slot's batch on disk, where it stays if it came from there; `false` when the slot still has it alone. */
  park(slot: WorkerSlot): boolean {
    const count = (): void => this.counters.move(slot.place, "spooled", slot.batch.length)
    if (slot.spooled === undefined) return this.append(slot.batch, slot.maybeSent, count)
    count()
    return true
  }

  /** Puts on disk all that a slot holds, at once: one part without those before it would overtake them. */
  takeFrom(slot: WorkerSlot): boolean {
    return this.append(slot.parts, slot.maybeSent, () => {
      this.counters.move(slot.place, "spooled", slot.batch.length)
      this.counters.move("inFlight", "spooled", slot.held - slot.batch.length)
    })
  }

  /** Puts on disk what a slot holds and keeps holding; `false` when it cannot be in front of all that waits. */
  hold(slot: WorkerSlot): boolean {
    const { maybeSent, parts } = slot
    return this.waiting === 0 &&
      this.append(parts, maybeSent, () => slot.isOnDisk(this.store.takeLast(parts, { maybeSent })))
  }

  /** Puts records on disk, in one step with their count; `false` when the caller still has them. */
  private append(
    records: ReadonlyArray<LogRecord>,
    maybeSent: boolean,
    count: () => void,
    keepBytes?: number
  ): boolean {
    if (this.closed) return false
    this.ages.look()
    const result = this.store.append(this.asLogged(records), { maybeSent, keepBytes })
    this.lose("spool_full", result.dropped)
    if (result._tag === "Appended") {
      count()
      this.changed.openUnsafe()
      return true
    }
    if (result._tag === "Failed") {
      this.failed = true
      this.changed.openUnsafe()
    }
    const why = result._tag === "Failed" ? result.error.message : "it is full"
    this.diagnostics.report(
      this.name,
      `the spool did not take ${records.length} ${plural(records.length, "record")}: ${why}; ` +
        "they are tried again from memory: make room on the disk, or the spool larger"
    )
    return false
  }

  /** The oldest batch on disk, which whoever takes it counts as no longer waiting there. */
  private next(most: Most): SpooledBatch | undefined {
    while (!this.closed && this.counters.spooled > 0) {
      const batch = this.store.next(most)
      if (batch === undefined) return undefined
      if (batch instanceof SpoolError) {
        this.diagnostics.report(
          this.name,
          `the spool cannot be read now: ${batch.message}; it is tried again: see that its files can be read`
        )
        return undefined
      }
      this.lose("spool_corrupt", batch.lost)
      if (batch.records.length > 0) return batch
      this.settle(batch)
    }
    return undefined
  }

  /** The records that are too old to be sent. */
  expired(records: ReadonlyArray<LogRecord>, { recovered }: SpooledBatch): ReadonlyArray<LogRecord> {
    return this.maxAgeMillis === Infinity ? [] : this.ages.older(records, this.maxAgeMillis, recovered)
  }

  /** Every record of a batch is delivered or given up. */
  settle(batch: SpooledBatch): void {
    this.store.ack(batch)
    this.changed.openUnsafe()
  }

  /** The records at these places of a batch are settled. */
  settleSome(batch: SpooledBatch, places: ReadonlyArray<number>): void {
    this.store.ackSome(batch, places)
    this.changed.openUnsafe()
  }

  /** What is settled does not come again though the process ends in the next moment. */
  note(): void {
    this.store.note()
  }

  /** Whether a batch in a worker's hands is on disk still. */
  holds(batch: SpooledBatch): boolean {
    return this.store.holds(batch)
  }

  private persist(): void {
    this.changed.closeUnsafe()
    if (this.closed) return
    if (this.failed) {
      this.failed = false
      if (this.heldBack !== undefined) this.heldBack = { ...this.heldBack, spoolBytes: Infinity }
      this.again()
    }
    const error = (this.syncs ? this.store.sync() : undefined) ?? this.store.checkpoint()
    if (error !== undefined) {
      this.diagnostics.report(
        this.name,
        `the spool could not be synced: ${error.message}; a power cut may lose what it holds: look at the disk`
      )
    }
    this.smaller()
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    for (const loop of this.loops) loop.interruptUnsafe()
    this.store.close()
  }

  private lose(reason: "spool_full" | "spool_corrupt", count: number): void {
    if (count === 0) return
    this.counters.drop("spooled", reason, count)
    this.onLoss()
  }
}
