/**
 * The queue, the worker and the ledger of one sink.
 *
 * A record offered to a lane is accepted at once and from then on is delivered,
 * or counted under the reason why not. Lanes share nothing: a slow, failing or
 * hanging sink is the problem of its own lane only.
 *
 * **Details**
 *
 * - Offering a record is synchronous, never waits and never throws.
 * - Records change hands in one synchronous step: queue → batch of a worker →
 *   settled. A worker that is interrupted or dies leaves its batch in its slot,
 *   and its successor goes on with it.
 * - At concurrency 1 records are delivered in the order they were offered.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { writtenAs } from "../contract/writtenAs.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { LaneBooks, LaneStats, LaneStatus } from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import { defaults, type LaneOptions, type LogSink, type SpoolOptions } from "../LogSink.ts"
import { Breaker } from "./Breaker.ts"
import { DrainPatience } from "./DrainPatience.ts"
import { GivenUp } from "./GivenUp.ts"
import type { Inlet } from "./Inlet.ts"
import { LaneQueue } from "./LaneQueue.ts"
import { LaneSink } from "./LaneSink.ts"
import { type LaneHooks, LaneState } from "./LaneState.ts"
import { LaneWorkers } from "./LaneWorkers.ts"
import { LargeRecords } from "./LargeRecords.ts"
import type { NextLetter, Replayable, Sent } from "./LetterTurns.ts"
import { monotonicMillis } from "./monotonicMillis.ts"
import { writeLeft } from "./writeLeft.ts"

/**
 * The lane of one sink. Built by `Logging.layer`.
 *
 * @category models
 * @since 0.1.0
 */
export class Lane implements Replayable {
  readonly name: string
  /** Where records are offered. */
  readonly inlet: Inlet
  /** Waits until everything accepted before is settled. Later records are not waited for. */
  readonly flush: Effect.Effect<void>
  /** Completes when every record is settled and every worker has ended. */
  readonly drainDone: Effect.Effect<void>
  /** Starts the workers. @internal */
  readonly start: Effect.Effect<void>

  private readonly sink: LaneSink
  private readonly state: LaneState
  private readonly workers: LaneWorkers
  private deliveredBeforeDrain: number | undefined = undefined

  /** @internal */
  constructor(sink: LaneSink, state: LaneState, workers: LaneWorkers) {
    this.name = sink.name
    this.sink = sink
    this.inlet = state
    this.flush = state.flush
    this.drainDone = workers.done
    this.start = workers.start
    this.state = state
    this.workers = workers
  }

  /** The books, now. */
  books(): LaneBooks {
    return this.state.counters.books(this.state.queue.size, this.sink.marked)
  }

  /** What it goes by, now. */
  get options(): LaneOptions {
    return this.state.options
  }

  /** The books and the state, now. */
  stats(): LaneStats {
    return {
      ...this.books(),
      status: this.status(),
      queuedBytes: this.state.queue.bytes,
      capacity: this.state.options.capacity,
      breakerOpen: this.workers.breaker.isOpen,
      lastError: this.workers.lastError
    }
  }

  /** Whether the lane has room and its sink took the last batch. */
  get healthy(): boolean {
    const { phase, queue } = this.state
    return phase.isOpen && this.workers.breaker.failures === 0 && queue.hasRoom
  }

  /** Whether it has room for many records, and nobody waits for that. */
  get hasRoom(): boolean {
    return this.state.settlement.room.isFree
  }

  /** Waits for room; those who wait go on in the order of their turns. */
  awaitRoom(turn: number): Effect.Effect<void> {
    return this.state.awaitRoom(turn)
  }

  /** Records delivered since the drain began. */
  get drained(): number {
    return this.deliveredBeforeDrain === undefined ? 0 : this.state.counters.delivered - this.deliveredBeforeDrain
  }

  /** Whether it takes records. */
  get isOpen(): boolean {
    return this.state.phase.isOpen
  }

  /**
   * Has the next write go to another sink, from this step on, written as that says. What the lane takes and
   * keeps is as before. Completes when no write to the sink before runs.
   */
  replace(sink: LogSink): Effect.Effect<void> {
    return this.workers.replace(sink, { ...this.state.options, ...writtenAs(sink) })
  }

  /** Goes by other options from now on. */
  change(options: Partial<LaneOptions>): void {
    this.workers.change({ ...this.state.options, ...options })
  }

  /** @internal */
  send(next: NextLetter): Effect.Effect<Sent> {
    return this.state.send(next)
  }

  /**
   * Refuses new records and writes the queued ones out, for so many milliseconds
   * with a sink that does not take them. Waits for nothing.
   */
  beginDrain(millis: number): void {
    if (!this.state.phase.isOpen) return
    this.deliveredBeforeDrain = this.state.counters.delivered
    this.state.end("draining")
    this.workers.beginDrain(millis)
  }

  /**
   * Ends the lane now: workers are left behind, not awaited, and what they hold is
   * counted. With `hasTime` the sink writes it synchronously first, if it can.
   * Gives the number of records given up.
   */
  abandon(hasTime?: () => boolean): number {
    this.beginDrain(0)
    this.state.end("closed")
    const { delivered, inFlight, queued, retrying } = this.books()
    const { sink: { writeSync }, state } = this
    this.workers.abandon(() => {
      if (state.spill !== undefined) state.spill.park("shutdown_deadline")
      else if (hasTime !== undefined && writeSync !== undefined) writeLeft(state, writeSync, hasTime)
      for (const slot of state.slots) state.settlement.giveUpUnanswered(slot, "shutdown_deadline")
      state.settlement.giveUpQueued("shutdown_deadline", this.workers.lastError)
      state.spill?.close()
    })
    return queued + inFlight + retrying - (state.counters.delivered - delivered)
  }

  /** Writes what is left synchronously, with the sink's own means or else with the last resort. */
  writeLeft(lastResort: (records: ReadonlyArray<LogRecord>) => void, hasTime: () => boolean): void {
    this.beginDrain(0)
    writeLeft(this.state, this.sink.writeSync ?? lastResort, hasTime)
  }

  private status(): LaneStatus {
    const { phase } = this.state
    if (phase.hasEnded) return "closed"
    if (phase.now === "draining") return "draining"
    return this.workers.breaker.failures > 0 ? "degraded" : "ok"
  }
}

/** The parts of a lane. */
interface Parts {
  readonly lane: Lane
  readonly state: LaneState
  readonly workers: LaneWorkers
}

/**
 * Puts a lane together, without its spool and with its workers not started.
 *
 * @internal
 */
export const build = (
  sink: LogSink,
  diagnostics: Diagnostics,
  hooks: LaneHooks,
  fallback?: Inlet
): Effect.Effect<Parts> =>
  Effect.gen(function*() {
    const options = { ...defaults, ...sink.options }
    const fiber = yield* Effect.fiber
    const clock = yield* Clock.Clock
    const givenUp = new GivenUp(sink.name, fallback, options.deadLetter, diagnostics)
    const queue = yield* LaneQueue.make(options)
    const laneSink = new LaneSink(sink)
    const large = new LargeRecords(laneSink)
    const state = new LaneState(sink.name, options, queue, fiber, hooks, givenUp, large, sink.pace)
    const now = () => monotonicMillis(clock)
    const breaker = new Breaker(options.breaker, now)
    const patience = new DrainPatience(fallback !== undefined, now)
    const workers = new LaneWorkers(state, laneSink, diagnostics, breaker, patience)
    return { lane: new Lane(laneSink, state, workers), state, workers }
  })

/**
 * Creates the lane of a sink, with its spool, that does nothing until `start`.
 * `fallback` is where the lane of the sink's fallback takes records.
 *
 * @internal
 */
export const make = (
  sink: LogSink,
  diagnostics: Diagnostics,
  hooks: LaneHooks,
  fallback?: Inlet
): Effect.Effect<Lane> =>
  Effect.gen(function*() {
    const { lane, state } = yield* build(sink, diagnostics, hooks, fallback)
    const { spool } = state.options
    if (spool !== undefined) yield* attachSpool(sink.name, spool, state, diagnostics, hooks)
    return lane
  })

/** A spool that cannot be opened leaves the lane with its memory, and says so. */
const attachSpool = (
  name: string,
  options: SpoolOptions,
  state: LaneState,
  diagnostics: Diagnostics,
  hooks: LaneHooks
): Effect.Effect<void> =>
  Effect.flatMap(
    loadSpool,
    ({ openSpool }) => openSpool({ name, options, counters: state.counters, diagnostics, onLoss: hooks.onDrop })
  ).pipe(
    Effect.match({
      onSuccess: (spool) => state.attach(spool),
      onFailure: (error) =>
        diagnostics.report(
          name,
          `the spool cannot be opened, the lane has none: ${error.message}; mend that and start again`
        )
    })
  )

/** The code of the spool, loaded for the first lane that has one: most programs do without. */
const loadSpool = Effect.tryPromise({
  try: () => import("./openSpool.ts"),
  catch: (cause) => new Cause.UnknownError(cause, `its code cannot be loaded (${String(cause)})`)
})
