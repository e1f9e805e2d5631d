import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { Capture } from "../capture/Capture.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { OpenEvents } from "../events/OpenEvents.ts"
import type { ShutdownReport } from "../Ledger.ts"
import { forkOutside } from "../node/outside.ts"
import { effectFrom } from "../options/effectFrom.ts"
import { type Deadline, toleranceMillis } from "./Deadline.ts"
import type { DropSummaries } from "./DropSummaries.ts"
import type { Ending } from "./Ending.ts"
import type { Lanes } from "./Lanes.ts"
import { announceLoss, reportOf } from "./report.ts"
import type { Taps } from "./Taps.ts"

/**
 * Shutdown, once: end the lanes, let them drain in parallel against one
 * deadline, abandon what remains, close the sinks, report.
 *
 *     open ──run──▶ draining ──its report is there──▶ ended
 */
export class Drain {
  private current: "open" | "draining" | "ended" = "open"
  private readonly parts: {
    readonly capture: Capture
    readonly events: OpenEvents
    readonly lanes: Lanes
    readonly summaries: DropSummaries
    readonly taps: Taps
    readonly ending: Ending
    readonly deadline: Deadline
    readonly diagnostics: Diagnostics
    readonly onShutdown: (report: ShutdownReport) => Effect.Effect<unknown, unknown>
  }
  private readonly report = Deferred.makeUnsafe<ShutdownReport>()
  private readonly endings: Array<() => void> = []
  private noted: string | undefined = undefined

  constructor(parts: Drain["parts"]) {
    this.parts = parts
  }

  get phase(): "open" | "draining" | "ended" {
    return this.current
  }

  /** Notes what may end the program: a signal, or a crash. The last one before shutdown becomes the reason of its report. */
  note(reason: string): void {
    if (this.current === "open") this.noted = reason
  }

  /** Runs a step when shutdown has ended; at once when it has. */
  onEnd(run: () => void): void {
    if (this.current === "ended") run()
    else this.endings.push(run)
  }

  /** Runs shutdown, or waits for the one that runs; always the same report. */
  run(reason: string): Effect.Effect<ShutdownReport> {
    return Effect.suspend(() => {
      if (this.current !== "open") return Deferred.await(this.report)
      this.current = "draining"
      return Effect.andThen(
        forkOutside(Effect.onExit(this.steps(reason), (exit) => this.end(exit))),
        Deferred.await(this.report)
      )
    })
  }

  /** The report of a process that ends before shutdown has. */
  reportNow(): ShutdownReport {
    return this.reportAfter(0, "exit")
  }

  private end(exit: Exit.Exit<ShutdownReport>): Effect.Effect<unknown> {
    this.current = "ended"
    for (const run of this.endings) run()
    return Deferred.done(this.report, exit)
  }

  private steps(reason: string): Effect.Effect<ShutdownReport> {
    return Effect.gen({ self: this }, function*() {
      const { capture, deadline, diagnostics, ending, events, lanes, onShutdown, summaries, taps } = this.parts
      deadline.begin()
      const { reserveMillis } = deadline
      summaries.stop()
      events.endAll()
      capture.close()
      taps.end()
      yield* ending.drain(lanes.lanes, deadline, deadline.remainingMillis - reserveMillis)
      yield* ending.drain(lanes.fallbacks, deadline, deadline.remainingMillis - reserveMillis / 2)
      for (const lane of lanes.syncLanes) lane.close()
      yield* ending.close(lanes.acquired, deadline)
      const report = this.reportAfter(deadline.elapsedMillis, reason)
      announceLoss(report, lanes, diagnostics)
      const failure = yield* deadline.bound(
        Effect.suspend(() => effectFrom("onShutdown", onShutdown(report))),
        Math.max(deadline.remainingMillis, Math.min(toleranceMillis, deadline.remainingMillis + toleranceMillis))
      )
      if (failure !== undefined) diagnostics.report("onShutdown", `${failure}; shutdown went on without it`)
      return report
    })
  }

  private reportAfter(elapsedMillis: number, reason: string): ShutdownReport {
    const { capture, ending, lanes } = this.parts
    return reportOf(capture, lanes, { reason: this.noted ?? reason, elapsedMillis, failures: ending.failures })
  }
}
