import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Capture } from "../capture/Capture.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import * as Ledger from "../Ledger.ts"
import type { Bound } from "../options/level.ts"
import type { Deadline } from "./Deadline.ts"
import type { Drain } from "./Drain.ts"
import type { Lanes } from "./Lanes.ts"
import type { LastResort, Rescue } from "./Rescue.ts"

/**
 * What the process hooks may do to a runtime, kept out of its public service.
 */
export interface RuntimeControl {
  /** Whether shutdown runs or has run. */
  readonly isEnding: boolean
  readonly noteSignal: (signal: string) => void
  readonly hurry: () => void
  /** Logs what ends the process. */
  readonly crash: (error: unknown) => void
  /** The level of the program where Effect has none, because it lets all through to this runtime. */
  readonly programLevel: () => Bound | undefined
  /** Sets the level Debug for all, or takes it away again. */
  readonly toggleDebug: Effect.Effect<void>
  /** Reads the levels again that the environment has given, if it has. */
  readonly rereadLevels: Effect.Effect<void>
  /** Has the sinks open their files anew. */
  readonly reopen: () => void
  /**
   * Writes everything that is there, synchronously, in bounded time: the process
   * is ending. Later records go to the last resort one by one.
   */
  readonly rescue: (lastResort: LastResort) => void
  /** Runs when shutdown has ended; at once when it has. */
  readonly onEnd: (run: () => void) => void
}

/** The control of the runtime that a context belongs to, beside its service. */
export const RuntimeControl = Context.Reference<RuntimeControl | undefined>("effect-spillway/RuntimeControl", {
  defaultValue: () => undefined
})

/** The control of a runtime that was made of these parts. */
export const makeControl = (parts: {
  readonly capture: Capture
  readonly lanes: Lanes
  readonly drain: Drain
  readonly rescue: Rescue
  readonly deadline: Deadline
  readonly diagnostics: Diagnostics
  readonly levels: Pick<RuntimeControl, "programLevel" | "toggleDebug" | "rereadLevels">
}): RuntimeControl => {
  const { capture, deadline, diagnostics, drain, lanes, rescue } = parts
  return {
    get isEnding() {
      return drain.phase !== "open"
    },
    noteSignal: (signal) => drain.note(signal),
    hurry: () => deadline.move(),
    crash(error) {
      drain.note("crash")
      capture.crash(error)
    },
    ...parts.levels,
    reopen() {
      for (const sink of lanes.sinks) sink.reopen?.()
    },
    rescue(lastResort) {
      if (!rescue.run(lastResort) || drain.phase === "ended") return
      const report = drain.reportNow()
      if (Ledger.lost(report) > 0) diagnostics.announceReport(report)
    },
    onEnd: (run) => drain.onEnd(run)
  }
}
