import * as Context from "effect/Context"
import type { LogRecord } from "../LogRecord.ts"

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
  /** Has the sinks open their files anew. */
  readonly reopen: () => void
  /**
   * Writes everything that is left, synchronously, in bounded time: the process
   * is ending. Later records go to the last resort one by one.
   */
  readonly rescue: (lastResort: (records: ReadonlyArray<LogRecord>) => void) => void
  /** Runs when shutdown has ended; at once when it has. */
  readonly onEnd: (run: () => void) => void
}

/** The control of the runtime that a context belongs to, beside its service. */
export const RuntimeControl = Context.Reference<RuntimeControl | undefined>("effect-spillway/RuntimeControl", {
  defaultValue: () => undefined
})
