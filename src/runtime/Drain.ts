import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { Capture } from "../capture/Capture.ts"
import { describeCause } from "../diagnostics/describeCause.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { Lane } from "../lane/Lane.ts"
import type { SyncLane } from "../lane/SyncLane.ts"
import * as Ledger from "../Ledger.ts"
import type { LogRecord } from "../LogRecord.ts"
import type { Acquired } from "./acquireSinks.ts"
import type { DropSummaries } from "./DropSummaries.ts"
import type { RuntimeControl } from "./RuntimeControl.ts"

/** The least a last step is given, and how long after the deadline shutdown may still return. */
const toleranceMillis = 50
/** How long the last synchronous writes of one sink may take. */
const rescueMillis = 250

/**
 * Shutdown, once: end the lanes, let them drain in parallel against one
 * deadline, abandon what is left, close the sinks, report. Nothing in it waits
 * for a sink without a bound.
 */
export class Drain implements RuntimeControl {
  private readonly parts: {
    readonly capture: Capture
    readonly lanes: ReadonlyArray<Lane>
    /** Lanes that take what others give up: they drain after them. */
    readonly fallbacks: ReadonlyArray<Lane>
    readonly syncLanes: ReadonlyArray<SyncLane>
    readonly sinks: ReadonlyArray<Acquired>
    readonly summaries: DropSummaries
    readonly diagnostics: Diagnostics
    readonly now: () => number
    readonly timeoutMillis: number
    readonly onShutdown: (report: Ledger.ShutdownReport) => Effect.Effect<unknown, unknown>
  }
  private readonly report = Deferred.makeUnsafe<Ledger.ShutdownReport>()
  private readonly deadlineNow = Latch.makeUnsafe(false)
  private readonly failures: Array<{ readonly step: string; readonly message: string }> = []
  private readonly endings: Array<() => void> = []
  private started = false
  private ended = false
  private rescued = false
  private signal: string | undefined = undefined

  constructor(parts: Drain["parts"]) {
    this.parts = parts
  }

  get isEnding(): boolean {
    return this.started
  }

  /** Notes a signal that may end the program; the last one before shutdown becomes the reason of its report. */
  noteSignal(signal: string): void {
    this.signal = signal
  }

  /** Moves the deadline to now. */
  hurry(): void {
    this.deadlineNow.openUnsafe()
  }

  crash(error: unknown): void {
    if (!this.started) this.signal = "crash"
    this.parts.capture.crash(error)
  }

  reopen(): void {
    for (const { sink } of this.parts.sinks) sink.reopen?.()
  }

  rescue(lastResort: (records: ReadonlyArray<LogRecord>) => void): void {
    const { capture, diagnostics, fallbacks, lanes, syncLanes } = this.parts
    if (this.rescued) return
    this.rescued = true
    for (const lane of [...lanes, ...fallbacks]) lane.rescue(lastResort, this.timeToRescue())
    for (const lane of syncLanes) lane.close()
    capture.close(lastResort)
    if (this.ended) return
    const report = this.assemble(this.signal ?? "exit", 0)
    if (Ledger.lost(report) > 0) diagnostics.announce(Ledger.format(report))
  }

  /** A time for each lane: a console nobody reads must not use up the file's. */
  private timeToRescue(): () => boolean {
    const { now } = this.parts
    const until = now() + rescueMillis
    return () => now() < until
  }

  /** Runs a step when shutdown has ended; at once when it has. */
  onEnd(run: () => void): void {
    if (this.ended) run()
    else this.endings.push(run)
  }

  /** Runs shutdown, or waits for the one that runs; always the same report. */
  run(reason: string): Effect.Effect<Ledger.ShutdownReport> {
    return Effect.suspend(() => {
      if (this.started) return Deferred.await(this.report)
      this.started = true
      return Effect.andThen(
        Effect.forkDetach(Effect.onExit(this.steps(reason), (exit) => this.end(exit)), {
          startImmediately: true
        }),
        Deferred.await(this.report)
      )
    })
  }

  private end(exit: Exit.Exit<Ledger.ShutdownReport>): Effect.Effect<unknown> {
    this.ended = true
    for (const run of this.endings) run()
    return Deferred.done(this.report, exit)
  }

  private steps(reason: string): Effect.Effect<Ledger.ShutdownReport> {
    return Effect.gen({ self: this }, function*() {
      const {
        capture,
        diagnostics,
        fallbacks,
        lanes,
        now,
        onShutdown,
        summaries,
        syncLanes,
        timeoutMillis
      } = this.parts
      const started = now()
      const reserve = timeoutMillis / 10
      summaries.stop()
      capture.close()
      const left = (): number => timeoutMillis - (now() - started)
      yield* this.drainStage(lanes, left() - reserve)
      yield* this.drainStage(fallbacks, left() - reserve / 2)
      for (const lane of syncLanes) lane.close()
      yield* this.closeSinks(Math.max(left() - reserve, Math.min(toleranceMillis, left())))
      const report = this.assemble(this.signal ?? reason, now() - started)
      this.announce(report)
      const told = yield* this.bounded(
        Effect.suspend(() => onShutdown(report)),
        Math.max(left(), Math.min(toleranceMillis, left() + toleranceMillis))
      )
      if (told !== undefined) diagnostics.report("onShutdown", told)
      return report
    })
  }

  /** Drains lanes in parallel; what is left at the deadline is abandoned. */
  private drainStage(lanes: ReadonlyArray<Lane>, millis: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      for (const lane of lanes) lane.beginDrain(millis)
      return Effect.forEach(lanes, (lane) => lane.drainDone, { concurrency: "unbounded", discard: true }).pipe(
        Effect.raceFirst(this.deadlineNow.await),
        Effect.timeoutOption(millis),
        Effect.map(() => {
          for (const lane of lanes) this.abandon(lane)
        })
      )
    })
  }

  private abandon(lane: Lane): void {
    // Who hurries shutdown says nothing against the sinks; one that missed the deadline could hang here for ever.
    const left = lane.abandon(this.deadlineNow.isOpen() ? this.timeToRescue() : undefined)
    if (left > 0) {
      this.failures.push({ step: `drain "${lane.name}"`, message: `${left} records were left at the deadline` })
    }
  }

  private closeSinks(bound: number): Effect.Effect<void> {
    return Effect.forEach(this.parts.sinks, ({ scope, sink }) =>
      Effect.gen({ self: this }, function*() {
        const close = Effect.ensuring(sink.close ?? Effect.void, Scope.close(scope, Exit.void))
        const failure = yield* this.bounded(this.parts.diagnostics.around(close), bound)
        if (failure !== undefined) this.failures.push({ step: `close "${sink.name}"`, message: failure })
      }), { concurrency: "unbounded", discard: true })
  }

  /** Runs a step in a fiber of its own for a bounded time, shorter when the deadline is moved; gives what went wrong. */
  private bounded(step: Effect.Effect<unknown, unknown>, millis: number): Effect.Effect<string | undefined> {
    return Effect.gen({ self: this }, function*() {
      const fiber = yield* Effect.forkDetach(step, { startImmediately: true })
      const hurried = Effect.andThen(this.deadlineNow.await, Effect.as(Effect.sleep(toleranceMillis), undefined))
      const exit = fiber.pollUnsafe() ?? Option.getOrUndefined(
        yield* Effect.timeoutOption(Effect.raceFirst(Fiber.await(fiber), hurried), millis)
      )
      if (exit === undefined) {
        fiber.interruptUnsafe()
        return "it was not done in time"
      }
      return Exit.isSuccess(exit) ? undefined : describeCause(exit.cause)
    })
  }

  private assemble(reason: string, elapsedMillis: number): Ledger.ShutdownReport {
    const { capture, fallbacks, lanes, syncLanes } = this.parts
    const books = Object.fromEntries(
      [...lanes, ...fallbacks, ...syncLanes].map((lane) => [lane.name, lane.books()] as const)
    )
    const captureBooks = capture.books()
    return {
      reason,
      elapsedMillis,
      drained: [...lanes, ...fallbacks].reduce((sum, lane) => sum + lane.drained, 0),
      balanced: Ledger.captureBalanced(captureBooks) && Object.values(books).every(settled),
      capture: captureBooks,
      lanes: books,
      failures: this.failures
    }
  }

  private announce(report: Ledger.ShutdownReport): void {
    const lost = Ledger.lost(report)
    const parts = [
      ["capture", report.capture.rejected],
      ...Object.entries(report.lanes).map(([name, lane]) => [`lane "${name}"`, lane.dropped] as const)
    ] as const
    const where = parts.filter(([, counts]) => Ledger.total(counts) > 0).map(([name, counts]) =>
      name + Ledger.reasons(counts)
    )
    if (lost > 0) this.parts.diagnostics.announce(`${lost} records were lost: ${where.join(", ")}`)
    if (!report.balanced) this.parts.diagnostics.announce(`the books do not balance\n${Ledger.format(report)}`)
  }
}

const settled = (books: Ledger.LaneBooks): boolean =>
  Ledger.balanced(books) && books.queued + books.inFlight + books.retrying === 0
