import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Semaphore from "effect/Semaphore"
import { storedIn } from "../contract/storedIn.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { DropReason } from "../Ledger.ts"
import type { LogSink, SinkError } from "../LogSink.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"
import type { Breaker } from "./Breaker.ts"
import type { DrainPatience } from "./DrainPatience.ts"
import type { LaneState } from "./LaneState.ts"
import { RetryWaits } from "./RetryWaits.ts"
import { middleByBytes, shortened } from "./splitting.ts"
import { TextSweeper } from "./TextSweeper.ts"
import type { WorkerSlot } from "./WorkerSlot.ts"
import { writeOutcome } from "./writeOutcome.ts"

const slowestRetryMillis = 30_000
const unreadableMillis = 1000
/** How long an outage may last before the oldest batch waits on disk. */
const longestInMemoryMillis = 5000
const mostAbandonedWrites = 4
const slowestRestartMillis = 30_000
const slowestRestartInDrainMillis = 500

/**
 * The supervised workers of a lane: take a batch, write it, retry it, and come
 * back from the dead with the batch they held.
 */
export class LaneWorkers {
  readonly breaker: Breaker
  readonly patience: DrainPatience
  lastError: string | undefined = undefined

  private readonly state: LaneState
  private readonly sink: LogSink
  private readonly diagnostics: Diagnostics
  private readonly windowMillis: number
  private readonly writeTimeout: Duration.Duration
  /** Open while the lane drains, and afterwards. */
  private readonly draining = Latch.makeUnsafe(false)
  private readonly closed = Latch.makeUnsafe(false)
  private readonly oneRetry = Semaphore.makeUnsafe(1)
  private readonly roomForWrites = Latch.makeUnsafe(true)
  private readonly finished = Deferred.makeUnsafe<void>()
  private abandonedWrites = 0
  private sweeping: Fiber.Fiber<never> | undefined = undefined
  private working: number

  constructor(
    state: LaneState,
    sink: LogSink,
    diagnostics: Diagnostics,
    breaker: Breaker,
    patience: DrainPatience
  ) {
    this.state = state
    this.sink = sink
    this.diagnostics = diagnostics
    this.breaker = breaker
    this.patience = patience
    this.windowMillis = Duration.toMillis(Duration.fromInputUnsafe(state.options.batchWindow))
    // Read once: every batch asks for it.
    this.writeTimeout = Duration.fromInputUnsafe(state.options.writeTimeout)
    this.working = state.slots.length
  }

  readonly start: Effect.Effect<void> = Effect.gen({ self: this }, function*() {
    for (const slot of this.state.slots) {
      yield* this.diagnostics.around(Effect.forkDetach(this.supervise(slot)))
    }
    this.sweeping = yield* Effect.forkDetach(new TextSweeper(this.state).run)
  })

  private end(): void {
    this.sweeping?.interruptUnsafe()
    Deferred.doneUnsafe(this.finished, Exit.void)
  }

  /** Completes when every worker has ended. */
  readonly done: Effect.Effect<void> = Deferred.await(this.finished)

  /** Ends the waits of a lane that runs: a drain has so much time, and waits of its own. */
  beginDrain(millis: number): void {
    this.patience.begin(millis, this.breaker.isOpen)
    this.draining.openUnsafe()
  }

  /** Leaves the workers and their writes behind, without awaiting them, after a last step for what they hold. */
  abandon(lastStep: () => void): void {
    const left = this.state.slots.flatMap(({ worker, write }) => [write, worker])
    lastStep()
    for (const slot of this.state.slots) {
      this.state.giveUp(slot, slot.maybeSent ? "unconfirmed" : "shutdown_deadline")
      while (slot.batch.length > 0) this.state.giveUp(slot, "shutdown_deadline")
    }
    for (const fiber of left) fiber?.interruptUnsafe()
    this.end()
  }

  private supervise(slot: WorkerSlot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      for (let restarts = 0;; restarts++) {
        slot.worker = yield* Effect.forkDetach(this.work(slot), { startImmediately: true })
        const exit = yield* Fiber.await(slot.worker)
        if (Exit.isSuccess(exit) || this.state.phase === "closed") break
        this.state.counters.restarts++
        this.diagnostics.report(this.sink.name, "the worker was stopped; it is started again with the batch it held")
        const slowest = this.state.phase === "open" ? slowestRestartMillis : slowestRestartInDrainMillis
        yield* this.pause(Math.min(slowest, 100 * 2 ** restarts))
      }
      this.working--
      if (this.working === 0) this.end()
    })
  }

  private work(slot: WorkerSlot): Effect.Effect<void> {
    const { state } = this
    return Effect.gen({ self: this }, function*() {
      for (;;) {
        while (slot.batch.length === 0) {
          if (
            state.phase === "closed" ||
            (state.phase === "draining" && (state.backlog === 0 || this.patience.mood === "over"))
          ) return
          yield* state.awaitRecords(this.windowMillis)
          state.take(slot)
          slot.takenAt = this.breaker.now()
          if (slot.batch.length === 0 && state.backlog > 0) yield* this.unreadable()
        }
        // What a killed worker has begun to write is no new retry: it waits for no other.
        if (slot.write !== undefined) yield* this.writeBatch(slot)
        else if (slot.error !== undefined || this.breaker.isOpen) yield* this.oneRetry.withPermit(this.retryBatch(slot))
        else yield* this.writeBatch(slot)
      }
    })
  }

  /** Asks again later. A drain leaves what is on the spool to the next process, with the queue behind it. */
  private unreadable(): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.state.phase === "open") return this.pause(unreadableMillis)
      this.patience.mood = "over"
      return Effect.sync(() => this.state.spill())
    })
  }

  private writeBatch(slot: WorkerSlot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      while (this.abandonedWrites >= mostAbandonedWrites) yield* this.roomForWrites.await
      // Another worker of a lane that drains may have put it on the spool.
      if (slot.batch.length === 0) return
      if (slot.write === undefined && !this.state.expire(slot)) return
      const write = slot.write ?? (yield* this.beginWrite(slot))
      const outcome = yield* writeOutcome(this.sink.name, write, this.writeTimeout)
      slot.write = undefined
      switch (outcome._tag) {
        case "Delivered":
          this.breaker.succeeded()
          this.patience.succeeded()
          this.lastError = undefined
          return this.state.deliver(slot, slot.batch.length)
        case "Abandoned":
          this.watchAbandoned(write)
          this.breaker.failed()
          this.failed(slot, "a write neither answered in time nor could be interrupted; it is left behind")
          return this.state.giveUp(slot, "unconfirmed")
        case "Died":
          this.state.counters.restarts++
          return this.refused(slot, outcome.error)
        case "Failed":
          return this.refused(slot, outcome.error)
      }
    })
  }

  private beginWrite(slot: WorkerSlot): Effect.Effect<Fiber.Fiber<void, SinkError>> {
    return Effect.suspend(() => {
      slot.attempts++
      if (this.state.phase === "draining") slot.drainAttempts++
      const write = Effect.forkDetach(
        Effect.suspend(() => {
          // Any fiber may yield, and the lane may have ended meanwhile.
          if (slot.batch.length === 0) return Effect.void
          this.state.enter(slot, "writing")
          return this.sink.write(slot.batch)
        }),
        { startImmediately: true }
      )
      // A worker killed between the two would leave a write that its successor knows nothing of.
      return Effect.uninterruptible(Effect.map(write, (fiber) => {
        slot.write = fiber
        return fiber
      }))
    })
  }

  /** Settles what a failed write settles. What may succeed later stays in the slot. */
  private refused(slot: WorkerSlot, error: SinkError): void {
    const { reason } = error
    this.failed(slot, error.message)
    if (error.isRetryable) this.breaker.failed()
    if (slot.batch.length === 0) return
    slot.error = error
    switch (reason._tag) {
      case "Unavailable":
        slot.maybeStored ||= reason.ambiguous === true
        return this.state.deliver(slot, storedIn(error, slot.batch.length))
      case "Misconfigured":
        return
      case "TooLarge":
        return this.tooLarge(slot)
      case "Closed":
        this.state.end("closed", true)
        if (this.state.hasSpool) this.state.park("sink_closed")
        while (slot.batch.length > 0) this.state.giveUp(slot, "sink_closed")
        this.state.giveUpQueued("sink_closed", error.message)
        this.draining.openUnsafe()
        this.closed.openUnsafe()
        return
      case "Rejected": {
        if (reason.records !== undefined) {
          const refused = new Set(reason.records)
          return this.state.giveUp(slot, "rejected_by_server", slot.batch.filter((_, index) => refused.has(index)))
        }
        return slot.batch.length > 1
          ? slot.split(slot.batch.length >> 1)
          : this.state.giveUp(slot, "rejected_by_server")
      }
    }
  }

  /** Halves a batch by bytes; a single record is shortened once, then given up. */
  private tooLarge(slot: WorkerSlot): void {
    const [record] = slot.batch
    if (slot.batch.length > 1) return slot.split(middleByBytes(slot.batch))
    if (slot.shortened || record === undefined) return this.state.giveUp(slot, "too_large")
    slot.batch = [shortened(record)]
    slot.shortened = true
    slot.error = undefined
  }

  private retryBatch(slot: WorkerSlot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      // A first attempt that the breaker holds back, or a wait that a killed worker has begun.
      if (slot.error === undefined || slot.phase === "waiting") {
        if (this.state.phase === "open") yield* this.pause(this.breaker.remaining())
        yield* this.writeBatch(slot)
      }
      while (slot.error !== undefined) {
        const wait = yield* this.nextWait(slot, slot.error)
        if (this.state.phase === "closed") return this.state.giveUp(slot, "sink_closed")
        if (typeof wait === "string") return this.exhausted(slot, wait)
        if (this.state.phase === "open" && this.shouldPark(slot) && this.state.shelve(slot)) {
          return yield* this.pause(wait)
        }
        this.state.enter(slot, "waiting")
        yield* this.pause(wait)
        yield* this.writeBatch(slot)
      }
    })
  }

  /** The wait before the next attempt at a batch in milliseconds, or why there is none. */
  private nextWait(slot: WorkerSlot, error: SinkError): Effect.Effect<number | DropReason> {
    return Effect.gen({ self: this }, function*() {
      const { hasSpool } = this.state
      slot.waits ??= new RetryWaits(this.state.options.retry)
      if (this.state.phase === "open") {
        const wait = yield* slot.waits.next(error)
        if (wait === undefined && !hasSpool) return "retries_exhausted"
        if (wait === undefined) slot.waits = undefined
        // A drain may have begun while the schedule was asked.
        if (this.state.phase === "open") return Math.max(wait ?? slowestRetryMillis, this.breaker.remaining())
      } else if (!hasSpool && (yield* slot.waits.hasEnded(error))) {
        return "retries_exhausted"
      }
      return yield* this.patience.next(error, slot.drainAttempts, slot.rest.length > 0 || this.state.backlog > 0)
    })
  }

  /** No further attempt is made at a batch. In a lane that drains to a spool all that is left goes there. */
  private exhausted(slot: WorkerSlot, reason: DropReason): void {
    if (!this.state.hasSpool) return this.state.giveUp(slot, slot.maybeStored ? "unconfirmed" : reason)
    this.patience.mood = "over"
    this.state.park(reason)
  }

  /** Whether a batch should wait on disk rather than in memory: the outage has lasted, and it is not there yet. */
  private shouldPark(slot: WorkerSlot): boolean {
    return slot.isInMemoryOnly && this.breaker.now() - slot.takenAt >= longestInMemoryMillis
  }

  /** Sleeps, but not into a drain, nor beyond the end of the lane. */
  private pause(millis: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      const end = this.state.phase === "open" ? this.draining : this.closed
      return Effect.asVoid(Effect.timeoutOption(end.await, millis))
    })
  }

  private watchAbandoned(write: Fiber.Fiber<void, SinkError>): void {
    this.abandonedWrites++
    if (this.abandonedWrites >= mostAbandonedWrites) this.roomForWrites.closeUnsafe()
    write.addObserver(() => {
      this.abandonedWrites--
      this.roomForWrites.openUnsafe()
    })
  }

  private failed(slot: WorkerSlot, message: string): void {
    this.lastError = withoutCredentials(message)
    const { length } = slot.batch
    const what = length === 0 ? "its records were given up before" : length === 1 ? "1 record" : `${length} records`
    this.diagnostics.report(this.sink.name, `${message} (${what})`)
  }
}
