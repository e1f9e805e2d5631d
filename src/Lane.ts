/**
 * The queue, the worker and the ledger of one sink.
 *
 * A record offered to a lane is accepted at once and from then on is delivered,
 * or counted under the reason why not. Lanes share nothing: a slow, failing or
 * hanging sink is the problem of its own lane only.
 *
 * **Details**
 *
 * - `offer` is synchronous, never waits and never throws.
 * - Records change hands in one synchronous step: queue → batch of a worker →
 *   settled. A worker that is interrupted or dies leaves its batch in its slot,
 *   and its successor goes on with it.
 * - At concurrency 1 records are delivered in the order they were offered.
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Queue from "effect/Queue"
import type { SchedulerDispatcher } from "effect/Scheduler"
import * as Semaphore from "effect/Semaphore"
import { outcomeOf } from "./internal/attempt.ts"
import type { Diagnostics } from "./internal/Diagnostics.ts"
import { RetryWaits } from "./internal/RetryWaits.ts"
import { type DropReason, type LaneBooks, LaneCounters } from "./Ledger.ts"
import { type Level, type LogRecord, ordinal } from "./LogRecord.ts"
import { defaults, type LaneOptions, type LogSink, type SinkError } from "./LogSink.ts"

/**
 * Whether a lane works.
 *
 * **Details**
 *
 * `"degraded"`: the last write failed. `"draining"`: shutdown has begun.
 * `"closed"`: it takes nothing any more.
 *
 * @category models
 * @since 0.1.0
 */
export type LaneStatus = "ok" | "degraded" | "draining" | "closed"

/**
 * The books of a lane with its present state.
 *
 * @category models
 * @since 0.1.0
 */
export interface LaneStats extends LaneBooks {
  readonly status: LaneStatus
  readonly queuedBytes: number
  readonly capacity: number
  readonly lastError: string | undefined
}

type Phase = "idle" | "writing" | "waiting"

/** One worker's place: what it holds survives the worker. */
class Slot {
  batch: Array<LogRecord> = []
  firstPosition = 0
  phase: Phase = "idle"
  waits: RetryWaits | undefined = undefined
  drainAttempts = 0
  maybeStored = false
  error: SinkError | undefined = undefined
  write: Fiber.Fiber<void, SinkError> | undefined = undefined
  worker: Fiber.Fiber<void> | undefined = undefined

  clear(): void {
    this.phase = "idle"
    this.waits = undefined
    this.drainAttempts = 0
    this.maybeStored = false
    this.error = undefined
    this.write = undefined
  }
}

const warn = ordinal("Warn")
const drainAttempts = 2
const mostAbandoned = 4
const slowestRestartMillis = 30_000

/**
 * The lane of one sink. Built by `Logging.layer`.
 *
 * @category models
 * @since 0.1.0
 */
export class Lane {
  readonly name: string
  /** The lowest level that is not passed by, as an ordinal. */
  readonly minimum: number
  readonly filter: ((record: LogRecord) => boolean) | undefined

  private readonly sink: LogSink
  private readonly options: LaneOptions
  private readonly queue: Queue.Queue<LogRecord, Cause.Done>
  private readonly dispatcher: SchedulerDispatcher
  private readonly diagnostics: Diagnostics
  private readonly onDrop: () => void
  private readonly counters = new LaneCounters()
  private readonly openCapacity: number
  private readonly openBytes: number
  private readonly windowMillis: number

  private state: "open" | "draining" | "closed" = "open"
  private sinkClosed = false
  private queuedBytes = 0
  private failures = 0
  private lastError: string | undefined = undefined
  private drainedFrom = 0

  private wakeSize = Number.POSITIVE_INFINITY
  private wakeBytes = Number.POSITIVE_INFINITY
  private readonly wakeUp = Latch.makeUnsafe(false)
  private readonly hurry = Latch.makeUnsafe(false)
  private readonly oneRetry = Semaphore.makeUnsafe(1)
  private readonly roomForWrites = Latch.makeUnsafe(true)
  private abandonedWrites = 0

  private readonly slots: ReadonlyArray<Slot>
  private working: number
  private readonly finished = Deferred.makeUnsafe<void>()
  private entered = 0
  private left = 0
  private flushing: Array<{ readonly upTo: number; readonly done: Deferred.Deferred<void> }> = []

  /** @internal */
  constructor(
    sink: LogSink,
    queue: Queue.Queue<LogRecord, Cause.Done>,
    dispatcher: SchedulerDispatcher,
    diagnostics: Diagnostics,
    onDrop: () => void
  ) {
    this.sink = sink
    this.name = sink.name
    this.options = { ...defaults, ...sink.options }
    this.queue = queue
    this.dispatcher = dispatcher
    this.diagnostics = diagnostics
    this.onDrop = onDrop
    this.minimum = ordinal(this.options.minimumLevel)
    this.filter = this.options.filter
    this.openCapacity = withoutReserve(this.options.capacity)
    this.openBytes = withoutReserve(this.options.maxBytes)
    this.windowMillis = Duration.toMillis(Duration.fromInputUnsafe(this.options.batchWindow))
    this.slots = Array.from({ length: this.options.concurrency }, () => new Slot())
    this.working = this.slots.length
  }

  /** Accepts a record: queues it, or counts it as dropped. */
  offer(record: LogRecord): void {
    this.counters.accepted++
    if (this.state !== "open") return this.drop(this.closedReason(), 1)
    const urgent = isUrgent(record.level)
    const mostRecords = urgent ? this.options.capacity : this.openCapacity
    const mostBytes = (urgent ? this.options.maxBytes : this.openBytes) - record.bytes
    let size = this.size
    if (size >= mostRecords || this.queuedBytes > mostBytes) {
      if (this.options.strategy === "dropping" || mostBytes < 0) {
        return this.drop(size >= mostRecords ? "queue_full" : "bytes_full", 1)
      }
      while (size > 0 && (size >= mostRecords || this.queuedBytes > mostBytes)) {
        this.evict(size >= mostRecords ? "queue_full" : "bytes_full")
        size--
      }
    }
    Queue.offerUnsafe(this.queue, record)
    this.entered++
    this.queuedBytes += record.bytes
    if (size + 1 >= this.wakeSize || this.queuedBytes >= this.wakeBytes) this.wake()
  }

  /** The books and the state, now. */
  stats(): LaneStats {
    return {
      ...this.counters.books(this.size),
      status: this.status(),
      queuedBytes: this.queuedBytes,
      capacity: this.options.capacity,
      lastError: this.lastError
    }
  }

  /** The books, now. */
  books(): LaneBooks {
    return this.counters.books(this.size)
  }

  /** Whether the lane has room and its sink took the last batch. */
  get healthy(): boolean {
    return this.state === "open" && this.failures === 0 && this.size < this.openCapacity
  }

  /** Records delivered since the drain began. */
  get drained(): number {
    return this.state === "open" ? 0 : this.counters.delivered - this.drainedFrom
  }

  /** Waits until everything accepted before is settled. Later records are not waited for. */
  readonly flush: Effect.Effect<void> = Effect.suspend(() => {
    if (this.settledUpTo() >= this.entered) return Effect.void
    const done = Deferred.makeUnsafe<void>()
    this.flushing.push({ upTo: this.entered, done })
    this.wake()
    return Deferred.await(done)
  })

  /** Starts the workers, in the context of the fiber that runs this. */
  readonly start: Effect.Effect<void> = Effect.suspend(() =>
    Effect.forEach(this.slots, (slot) => this.diagnostics.around(Effect.forkDetach(this.supervise(slot))), {
      discard: true
    })
  )

  /** Refuses new records and hurries the queued ones out. Waits for nothing. */
  beginDrain(): void {
    if (this.state !== "open") return
    this.state = "draining"
    this.drainedFrom = this.counters.delivered
    Queue.endUnsafe(this.queue)
    this.hurry.openUnsafe()
    this.wake()
  }

  /** Completes when every record is settled and every worker has ended. */
  readonly drainDone: Effect.Effect<void> = Deferred.await(this.finished)

  /** Ends the lane now: workers are left behind, not awaited, and what they hold is counted. */
  abandon(): void {
    this.beginDrain()
    this.state = "closed"
    for (const slot of this.slots) {
      const { write } = slot
      this.dropBatch(slot, slot.phase === "writing" || slot.maybeStored ? "unconfirmed" : "shutdown_deadline")
      write?.interruptUnsafe()
      slot.worker?.interruptUnsafe()
    }
    this.dropQueued("shutdown_deadline")
    Deferred.doneUnsafe(this.finished, Exit.void)
  }

  // ---------------------------------------------------------------------------
  // workers
  // ---------------------------------------------------------------------------

  private supervise(slot: Slot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      for (let restarts = 0;; restarts++) {
        slot.worker = yield* Effect.forkDetach(this.work(slot), { startImmediately: true })
        const exit = yield* Fiber.await(slot.worker)
        if (Exit.isSuccess(exit) || this.state === "closed") break
        this.counters.restarts++
        this.diagnostics.report(this.name, "the worker was stopped; it is started again with the batch it held")
        yield* this.pause(Math.min(slowestRestartMillis, 100 * 2 ** restarts))
      }
      this.working--
      if (this.working === 0) Deferred.doneUnsafe(this.finished, Exit.void)
    })
  }

  private work(slot: Slot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      for (;;) {
        while (slot.batch.length === 0) {
          if (this.state === "closed" || (this.state === "draining" && this.size === 0)) return
          yield* this.awaitRecords
          this.take(slot)
        }
        yield* this.writeBatch(slot)
        if (slot.batch.length > 0) yield* this.oneRetry.withPermit(this.retryBatch(slot))
      }
    })
  }

  /** Waits for the first record without a timer, then for a full batch or the window. */
  private readonly awaitRecords: Effect.Effect<void> = Effect.gen({ self: this }, function*() {
    if (this.size === 0 && this.state === "open") yield* this.sleepUntil(1, Number.POSITIVE_INFINITY)
    if (!this.lingers()) return
    const { maxBatchBytes, maxBatchSize } = this.options
    yield* Effect.timeoutOption(this.sleepUntil(maxBatchSize, maxBatchBytes), this.windowMillis)
  })

  private lingers(): boolean {
    return this.windowMillis > 0 && this.state === "open" && this.flushing.length === 0 && this.size > 0 &&
      this.size < this.options.maxBatchSize && this.queuedBytes < this.options.maxBatchBytes
  }

  private sleepUntil(size: number, bytes: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.wakeUp.closeUnsafe()
      this.wakeSize = Math.min(this.wakeSize, size)
      this.wakeBytes = Math.min(this.wakeBytes, bytes)
      return this.wakeUp.await
    })
  }

  /** Wakes the workers in a step of their own: never on the stack of a log call. */
  private wake(): void {
    this.wakeSize = Number.POSITIVE_INFINITY
    this.wakeBytes = Number.POSITIVE_INFINITY
    this.dispatcher.scheduleTask(this.openWakeUp, 0)
  }

  private readonly openWakeUp = (): void => {
    this.wakeUp.openUnsafe()
  }

  private take(slot: Slot): void {
    const { maxBatchBytes, maxBatchSize } = this.options
    slot.firstPosition = this.left
    let bytes = 0
    while (slot.batch.length < maxBatchSize && bytes < maxBatchBytes) {
      const record = this.takeOldest()
      if (record === undefined) break
      slot.batch.push(record)
      bytes += record.bytes
    }
    this.counters.inFlight += slot.batch.length
  }

  private writeBatch(slot: Slot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      while (this.abandonedWrites >= mostAbandoned) yield* this.roomForWrites.await
      this.enter(slot, "writing")
      if (this.state === "draining") slot.drainAttempts++
      slot.write ??= yield* Effect.forkDetach(Effect.suspend(() => this.sink.write(slot.batch)), {
        startImmediately: true
      })
      const outcome = yield* outcomeOf(this.name, slot.write, this.options.writeTimeout)
      const write = slot.write
      slot.write = undefined
      switch (outcome._tag) {
        case "Delivered":
          this.failures = 0
          this.lastError = undefined
          return this.deliver(slot, slot.batch.length)
        case "Abandoned":
          this.watchAbandoned(write)
          this.failed(slot, "a write neither answered in time nor could be interrupted; it is left behind")
          return this.dropBatch(slot, "unconfirmed")
        case "Died":
          this.counters.restarts++
          return this.refused(slot, outcome.error)
        case "Failed":
          return this.refused(slot, outcome.error)
      }
    })
  }

  /** Counts what a failed write settles. What may succeed later stays in the slot. */
  private refused(slot: Slot, error: SinkError): void {
    this.failed(slot, error.message)
    slot.error = error
    const reason = error.reason
    switch (reason._tag) {
      case "Unavailable":
        slot.maybeStored ||= reason.ambiguous === true
        return this.deliver(slot, clamp(reason.stored ?? 0, slot.batch.length))
      case "Misconfigured":
        return
      case "TooLarge":
        return this.dropBatch(slot, "too_large")
      case "Closed":
        return this.closeSink(slot)
      case "Rejected": {
        if (reason.records === undefined) return this.dropBatch(slot, "rejected_by_server")
        const refused = new Set(reason.records.filter((index) => index in slot.batch)).size
        this.release(slot, refused)
        this.drop("rejected_by_server", refused)
        return this.deliver(slot, slot.batch.length)
      }
    }
  }

  private retryBatch(slot: Slot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      slot.waits ??= new RetryWaits(this.options.retry)
      while (slot.batch.length > 0 && slot.error !== undefined) {
        const wait = yield* slot.waits.next(slot.error)
        if (wait === undefined || slot.drainAttempts >= drainAttempts) {
          return this.dropBatch(slot, slot.maybeStored ? "unconfirmed" : "retries_exhausted")
        }
        this.enter(slot, "waiting")
        yield* this.pause(wait)
        yield* this.writeBatch(slot)
      }
    })
  }

  /** Sleeps, but not into a drain. */
  private pause(millis: number): Effect.Effect<void> {
    return Effect.asVoid(Effect.timeoutOption(this.hurry.await, millis))
  }

  private watchAbandoned(write: Fiber.Fiber<void, SinkError>): void {
    this.abandonedWrites++
    if (this.abandonedWrites >= mostAbandoned) this.roomForWrites.closeUnsafe()
    write.addObserver(() => {
      this.abandonedWrites--
      this.roomForWrites.openUnsafe()
    })
  }

  private closeSink(slot: Slot): void {
    this.state = "closed"
    this.sinkClosed = true
    Queue.endUnsafe(this.queue)
    this.dropBatch(slot, "sink_closed")
    this.dropQueued("sink_closed")
    this.hurry.openUnsafe()
    this.wake()
  }

  private failed(slot: Slot, message: string): void {
    this.failures++
    this.lastError = message
    this.diagnostics.report(this.name, `${message} (${slot.batch.length} records)`)
  }

  // ---------------------------------------------------------------------------
  // the ledger: every move of a record, in one step with its count
  // ---------------------------------------------------------------------------

  private get size(): number {
    return Queue.sizeUnsafe(this.queue)
  }

  private takeOldest(): LogRecord | undefined {
    const exit = Queue.takeUnsafe(this.queue)
    if (exit === undefined || Exit.isFailure(exit)) return undefined
    this.left++
    this.queuedBytes -= exit.value.bytes
    return exit.value
  }

  private evict(reason: DropReason): void {
    if (this.takeOldest() !== undefined) this.drop(reason, 1)
    this.settleFlushes()
  }

  private dropQueued(reason: DropReason): void {
    let dropped = 0
    while (this.takeOldest() !== undefined) dropped++
    this.drop(reason, dropped)
    this.settleFlushes()
  }

  private enter(slot: Slot, phase: "writing" | "waiting"): void {
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

  private deliver(slot: Slot, count: number): void {
    this.release(slot, count)
    this.counters.delivered += count
    this.settleFlushes()
  }

  private dropBatch(slot: Slot, reason: DropReason): void {
    const count = slot.batch.length
    this.release(slot, count)
    this.drop(reason, count)
    this.settleFlushes()
  }

  /** Takes records off the head of a slot's batch; the caller counts them. */
  private release(slot: Slot, count: number): void {
    if (slot.phase === "waiting") this.counters.retrying -= count
    else this.counters.inFlight -= count
    slot.firstPosition += count
    slot.batch = count === slot.batch.length ? [] : slot.batch.slice(count)
    if (slot.batch.length === 0) slot.clear()
  }

  private drop(reason: DropReason, count: number): void {
    if (count === 0) return
    this.counters.dropped[reason] += count
    this.onDrop()
  }

  private settledUpTo(): number {
    return this.slots.reduce(
      (least, slot) => slot.batch.length > 0 ? Math.min(least, slot.firstPosition) : least,
      this.left
    )
  }

  private settleFlushes(): void {
    if (this.flushing.length === 0) return
    const settled = this.settledUpTo()
    const done = this.flushing.filter((flush) => flush.upTo <= settled)
    if (done.length === 0) return
    this.flushing = this.flushing.filter((flush) => flush.upTo > settled)
    for (const flush of done) Deferred.doneUnsafe(flush.done, Exit.void)
  }

  private status(): LaneStatus {
    if (this.state !== "open") return this.state
    return this.failures > 0 ? "degraded" : "ok"
  }

  private closedReason(): DropReason {
    return this.sinkClosed ? "sink_closed" : "closed"
  }
}

/**
 * Creates the lane of a sink and starts its workers.
 *
 * @internal
 */
export const make = (
  sink: LogSink,
  diagnostics: Diagnostics,
  onDrop: () => void
): Effect.Effect<Lane> =>
  Effect.gen(function*() {
    const capacity = sink.options.capacity ?? defaults.capacity
    const queue = yield* Queue.dropping<LogRecord, Cause.Done>(capacity)
    const fiber = yield* Effect.fiber
    const lane = new Lane(sink, queue, fiber.currentDispatcher, diagnostics, onDrop)
    yield* lane.start
    return lane
  })

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** A tenth of every bound is kept for Warn and above. */
const withoutReserve = (bound: number): number => bound - Math.floor(bound / 10)

const isUrgent = (level: Level): boolean => ordinal(level) >= warn

const clamp = (n: number, most: number): number => Math.max(0, Math.min(Math.floor(n), most))
