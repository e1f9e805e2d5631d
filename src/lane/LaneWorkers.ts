import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Semaphore from "effect/Semaphore"
import { describeCause, withCauses } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { DropReason } from "../Ledger.ts"
import type { LaneOptions, LogSink, SinkError } from "../LogSink.ts"
import { durationOf } from "../options/duration.ts"
import { effectFrom } from "../options/effectFrom.ts"
import { plural } from "../record/text.ts"
import { withoutCredentials } from "../rules/redact/withoutCredentials.ts"
import { allAgain, answerOf, isMaybeStored, unanswered } from "./answers.ts"
import type { Breaker } from "./Breaker.ts"
import type { DrainPatience } from "./DrainPatience.ts"
import type { LaneSink, SinkInUse } from "./LaneSink.ts"
import type { LaneState } from "./LaneState.ts"
import { RetryWaits } from "./RetryWaits.ts"
import { sequelOf } from "./sequels.ts"
import { TextSweeper } from "./TextSweeper.ts"
import type { WorkerSlot, Write } from "./WorkerSlot.ts"
import { type Outcome, writeOutcome } from "./writeOutcome.ts"

const leftBehind = "a write neither answered in time nor could be interrupted; it is left behind"
const slowestRetryMillis = 30_000
const unreadableMillis = 1000
/** How long an outage may last before the oldest batch waits on disk. */
const longestInMemoryMillis = 5000
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
  private readonly sink: LaneSink
  private readonly diagnostics: Diagnostics
  private windowMillis = 0
  private writeTimeout = Duration.infinity
  private readonly oneRetry = Semaphore.makeUnsafe(1)
  private readonly finished = Deferred.makeUnsafe<void>()
  private sweeping: Fiber.Fiber<never> | undefined = undefined
  private working: number

  constructor(
    state: LaneState,
    sink: LaneSink,
    diagnostics: Diagnostics,
    breaker: Breaker,
    patience: DrainPatience
  ) {
    this.state = state
    this.sink = sink
    this.diagnostics = diagnostics
    this.breaker = breaker
    this.patience = patience
    this.readTimes()
    this.working = state.slots.length
  }

  // Every batch asks for them.
  private readTimes(): void {
    const { batchWindow, writeTimeout } = this.state.options
    this.windowMillis = Duration.toMillis(durationOf(batchWindow))
    this.writeTimeout = durationOf(writeTimeout)
  }

  /** Goes by other options from now on. */
  change(options: LaneOptions): void {
    this.breaker.goBy(options.breaker)
    this.state.change(options, this.sink.current.sink.pace)
    this.readTimes()
  }

  /** Writes to another sink from now on, by other options; completes when no write to the one before runs. */
  replace(sink: LogSink, options: LaneOptions): Effect.Effect<void> {
    const left = this.sink.replace(sink)
    this.breaker.succeeded()
    this.lastError = undefined
    this.change(options)
    this.state.onChange()
    return Effect.raceFirst(left, this.done)
  }

  get start(): Effect.Effect<void> {
    return this.diagnostics.around(Effect.gen({ self: this }, function*() {
      const { slots, spill } = this.state
      if (spill !== undefined) yield* spill.maintain
      for (const slot of slots) yield* Effect.forkDetach(this.supervise(slot))
      this.sweeping = yield* Effect.forkDetach(new TextSweeper(this.state.unswept).run)
    }))
  }

  /** Who waits for the end goes on at once, on the caller's stack. */
  private end(): void {
    this.sweeping?.interruptUnsafe()
    Deferred.doneUnsafe(this.finished, Exit.void)
  }

  /** Completes when every worker has ended. */
  readonly done: Effect.Effect<void> = Deferred.await(this.finished)

  /** Ends the waits of a lane that runs: a drain has so much time, and waits of its own. */
  beginDrain(millis: number): void {
    this.patience.begin(millis, this.breaker.isOpen)
    this.state.phase.wake()
  }

  /** Leaves the workers and their writes behind, without awaiting them, after a last step that settles all there is. */
  abandon(lastStep: () => void): void {
    const abandoned = this.state.slots.flatMap(({ worker, write }) => [write?.fiber, worker])
    lastStep()
    for (const fiber of abandoned) fiber?.interruptUnsafe()
    this.end()
  }

  /** Whether nothing is left for a worker whose slot is empty. */
  private get isDone(): boolean {
    const { backlog, phase } = this.state
    return phase.hasEnded || (phase.now === "draining" && (backlog === 0 || this.patience.mood === "over"))
  }

  private supervise(slot: WorkerSlot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      for (let restarts = 0;; restarts++) {
        slot.worker = yield* Effect.forkDetach(this.work(slot), { startImmediately: true })
        const exit = yield* Fiber.await(slot.worker)
        const { counters, phase } = this.state
        if (Exit.isSuccess(exit) || phase.hasEnded) break
        counters.restart()
        const why = Cause.hasInterruptsOnly(exit.cause)
          ? "it was interrupted; look for code that interrupts fibers that are not its own"
          : `${describeCause(exit.cause)}; please report this as a fault of effect-spillway`
        this.diagnostics.report(
          this.sink.name,
          `the worker was stopped; it is started again with the batch it held: ${why}`
        )
        const slowest = phase.isOpen ? slowestRestartMillis : slowestRestartInDrainMillis
        yield* phase.pause(Math.min(slowest, 100 * 2 ** restarts))
      }
      this.working--
      if (this.working === 0) this.end()
    })
  }

  private work(slot: WorkerSlot): Effect.Effect<void> {
    const { state } = this
    return Effect.gen({ self: this }, function*() {
      // A write may be answered while what is left is written, and its worker go on within that.
      while (state.phase.now !== "closed") {
        while (slot.isEmpty) {
          if (this.isDone) return
          yield* state.awaitRecords(this.windowMillis)
          // What a lane that has ended has on disk stays there.
          if (state.phase.hasEnded) return
          state.take(slot)
          slot.takenAt = this.breaker.now()
          if (slot.isEmpty && state.backlog > 0) yield* this.unreadable()
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
      if (this.state.phase.isOpen) return this.state.phase.pause(unreadableMillis)
      this.patience.mood = "over"
      return Effect.sync(() => this.state.spill?.now())
    })
  }

  private writeBatch(slot: WorkerSlot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      while (this.sink.current.isCrowded) yield* this.sink.current.awaitRoom
      // Another worker of a lane that drains may have put it on the spool.
      if (slot.isEmpty) return
      const { phase, settlement } = this.state
      // Another worker was told that the destination is gone: it is asked nothing more.
      if (slot.write === undefined && phase.now === "gone") return settlement.giveUpUnanswered(slot, "sink_closed")
      if (slot.write === undefined && !this.isSendable(slot)) return
      const write = slot.write ?? (yield* this.beginWrite(slot))
      const outcome = yield* writeOutcome(this.sink.name, write.fiber, write.timeout)
      slot.write = undefined
      this.answered(slot, outcome, write)
    })
  }

  /** Whether something of a batch is left to be sent, once what must not be is given up. */
  private isSendable(slot: WorkerSlot): boolean {
    const { settlement } = this.state
    if (!settlement.expire(slot)) return false
    this.state.resize(slot)
    return settlement.fit(slot)
  }

  private beginWrite(slot: WorkerSlot): Effect.Effect<Write> {
    // A worker killed in between would leave a write that its successor knows nothing of.
    return Effect.uninterruptible(Effect.suspend(() => {
      const { sink: { current }, writeTimeout: timeout } = this
      const { acknowledge } = slot.attempt(current, this.state.phase.now === "draining")
      current.begin()
      const write = Effect.forkDetach(
        Effect.suspend(() => {
          // Any fiber may yield, and the lane may have ended meanwhile.
          if (slot.isEmpty) return Effect.void
          this.state.settlement.writing(slot)
          return effectFrom("write", current.sink.write(slot.batch, acknowledge))
        }),
        { startImmediately: true }
      )
      return Effect.map(write, (fiber) => slot.write = { fiber, sink: current, timeout })
    }))
  }

  /** Has the answer to a write settled. What may succeed later stays in the slot. */
  private answered(slot: WorkerSlot, outcome: Outcome, { fiber, sink }: Write): void {
    this.settle(slot, outcome, sink)
    if (outcome._tag === "Abandoned") sink.abandon(fiber)
    sink.end()
  }

  private settle(slot: WorkerSlot, outcome: Outcome, sink: SinkInUse): void {
    const { counters, phase, settlement } = this.state
    const { batch, receipt } = slot
    const open = receipt?.openOf(batch) ?? batch
    const short = "error" in outcome && settlement.isShort(open)
    const { move: answered, sign } = answerOf(outcome, { batch, acknowledged: receipt?.acknowledged, short })
    // Where the one that took its place is to write, nothing is closed.
    const move = answered._tag === "Close" && !sink.isCurrent ? allAgain(open) : answered
    const error = "error" in outcome ? outcome.error : undefined
    const message = error === undefined ? leftBehind : withCauses(error.message, error)
    if (sign !== "works" || this.lastError !== undefined) this.state.onChange()
    if (sign === "works" && sink.isCurrent) this.worked()
    if (move._tag !== "Deliver") {
      const asked = { count: batch.length, isTaken: settlement.runsProgram }
      if (sink.isCurrent) this.lastError = withoutCredentials(message)
      this.report(slot, message, sequelOf(outcome, move, asked))
    }
    if (sign === "fails" && sink.isCurrent) this.breaker.failed()
    if (outcome._tag === "Died") counters.restart()
    // The lane may have given it up while it was written.
    if (slot.isEmpty || phase.now === "closed") return
    if (error !== undefined) settlement.failed(slot, error, isMaybeStored(move))
    if (move._tag === "Close") this.state.close(slot, message)
    else settlement.apply(slot, move)
  }

  private worked(): void {
    this.breaker.succeeded()
    this.patience.succeeded()
    this.lastError = undefined
  }

  private retryBatch(slot: WorkerSlot): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      // A first attempt that the breaker holds back, or a wait that a killed worker has begun.
      if (slot.error === undefined || slot.phase === "waiting") {
        if (this.state.phase.isOpen) yield* this.state.phase.pause(this.breaker.remaining())
        yield* this.writeBatch(slot)
      }
      while (slot.error !== undefined && this.state.phase.now !== "closed") {
        if (slot.tried?.isCurrent === false) {
          yield* this.writeBatch(slot)
          continue
        }
        const wait = yield* this.nextWait(slot, slot.error)
        const { phase, settlement, spill } = this.state
        if (phase.hasEnded) return settlement.giveUpUnanswered(slot, "sink_closed")
        if (typeof wait === "string") return this.exhausted(slot, wait)
        if (phase.isOpen && this.shouldShelve(slot) && spill?.shelve(slot) === true) return yield* phase.pause(wait)
        settlement.waiting(slot)
        yield* phase.pause(wait)
        yield* this.writeBatch(slot)
      }
    })
  }

  /** The wait before the next attempt at a batch in milliseconds, or why there is none. */
  private nextWait(slot: WorkerSlot, error: SinkError): Effect.Effect<number | DropReason> {
    return Effect.gen({ self: this }, function*() {
      const { phase, spill } = this.state
      slot.waits ??= new RetryWaits(this.state.options.retry)
      if (phase.isOpen) {
        const wait = yield* slot.waits.next(error)
        if (wait === undefined && spill === undefined) return "retries_exhausted"
        if (wait === undefined) slot.waits = undefined
        // A drain may have begun while the schedule was asked.
        if (phase.isOpen) return Math.max(wait ?? slowestRetryMillis, this.breaker.remaining())
      } else if (spill === undefined && (yield* slot.waits.hasEnded(error))) {
        return "retries_exhausted"
      }
      return yield* this.patience.next(error, slot.drainAttempts, slot.rest.length > 0 || this.state.backlog > 0)
    })
  }

  /** No further attempt is made at a batch. In a lane that drains to a spool all that is left goes there. */
  private exhausted(slot: WorkerSlot, reason: DropReason): void {
    const { settlement, spill } = this.state
    if (spill === undefined) return settlement.giveUp(slot, unanswered(reason, slot.maybeSent))
    this.patience.mood = "over"
    spill.park(reason)
  }

  /** Whether a batch should wait on disk rather than in memory: the outage has lasted, and it is not there yet. */
  private shouldShelve(slot: WorkerSlot): boolean {
    return slot.isInMemoryOnly && this.breaker.now() - slot.takenAt >= longestInMemoryMillis
  }

  private report(slot: WorkerSlot, message: string, sequel: string): void {
    const { length } = slot.batch
    const what = length === 0
      ? "(its records are on the spool, or were given up before)"
      : `(${length} ${plural(length, "record")}); ${sequel}`
    this.diagnostics.report(this.sink.name, `${message} ${what}`)
  }
}
