import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import type { LogLevel } from "effect/LogLevel"
import { MetricRegistry } from "effect/Metric"
import * as Random from "effect/Random"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import type { ShutdownReport } from "../Ledger.ts"
import { outside } from "../node/outside.ts"
import { writeStandardError } from "../node/standardStream.ts"
import { unawaited } from "../options/unawaited.ts"
import { plural } from "../record/text.ts"
import { describeCause } from "./describe.ts"
import { jsonLine, type Line, type Said, textLine } from "./lines.ts"

/** Set in every fiber that does a sink's work: what it logs must not come back to the sink. */
const InsideSink = Context.Reference<boolean>("effect-spillway/InsideSink", { defaultValue: () => false })

/** What a program runs on, and what is no request's. */
const programOf = Context.pick(
  Clock.Clock,
  Console.Console,
  MetricRegistry,
  Random.Random,
  Scheduler.MaxOpsBeforeYield,
  Scheduler.PreventSchedulerYield,
  Scheduler.Scheduler
)

const burst = 10
const periodMillis = 30_000

/** How the runtime's own lines are written, or who takes them. */
export type Voice = "text" | "json" | ((line: string) => void)

/** The voice that the options of a runtime ask for. */
export const makeDiagnostics = (voice: Voice | undefined, clock: Clock.Clock, now: () => number): Diagnostics =>
  typeof voice === "function"
    ? new Diagnostics(voice, now)
    : new Diagnostics(
      writeStandardError,
      now,
      voice === "json" ? jsonLine(() => clock.currentTimeMillisUnsafe()) : textLine
    )

/**
 * The runtime's own voice: lines on stderr, at most ten in 30 s, with a count of
 * those held back. Never a payload, never through the lanes.
 */
export class Diagnostics {
  private readonly print: (line: string) => void
  private readonly now: () => number
  private readonly line: Line
  private since = Number.NEGATIVE_INFINITY
  private printed = 0
  private held = 0
  private readonly own: Context.Context<never>

  constructor(print: (line: string) => void, now: () => number, line: Line = textLine) {
    this.print = print
    this.now = now
    this.line = line
    const logger = Logger.make(({ cause, logLevel, message }) => {
      const parts = (Array.isArray(message) ? message : [message]).filter((part) => typeof part === "string")
      if (cause.reasons.length > 0) parts.push(describeCause(cause))
      this.report("a sink logged", `${logLevel.toUpperCase()} ${parts.join(" ")}`, logLevel)
    })
    this.own = Context.make(Logger.CurrentLoggers, new Set([logger])).pipe(
      Context.add(References.MinimumLogLevel, "Info"),
      Context.add(References.TracerEnabled, false),
      Context.add(InsideSink, true)
    )
  }

  report(source: string, message: string, level: LogLevel = "Warn"): void {
    const now = this.now()
    if (now - this.since >= periodMillis) {
      const held = this.held
      this.since = now
      this.printed = 0
      this.held = 0
      if (held > 0) {
        this.announce(
          `${held} more ${plural(held, "line")} ${held === 1 ? "was" : "were"} held back; the books count what happened`
        )
      }
    }
    if (this.printed >= burst) {
      this.held++
      return
    }
    this.printed++
    this.write({ level, source, message })
  }

  /** What a program must be told once, whatever was printed before. */
  announce(message: string): void {
    this.write({ level: "Warn", message })
  }

  /** The same of what is lost. */
  alarm(message: string): void {
    this.write({ level: "Error", message })
  }

  /** A report that nobody may miss, and why. */
  announceReport(report: ShutdownReport, why?: string): void {
    this.write({ level: "Error", message: why, report })
  }

  private write(said: Said): void {
    try {
      const line = this.line(said)
      outside(() => unawaited<unknown>(this.print(line)))
    } catch {
      // There is nobody left to tell.
    }
  }

  /** Whether a fiber does a sink's work. */
  inside(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    return fiber.getRef(InsideSink)
  }

  /**
   * Runs a sink's work: its logs come here, it makes no spans, and of the context it is
   * run in it has only what the program runs on.
   */
  around<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return this.aroundWith(effect, Context.empty())
  }

  /** The same with services. */
  aroundWith<A, E, R>(effect: Effect.Effect<A, E, R>, services: Context.Context<R>): Effect.Effect<A, E> {
    return Effect.updateContext(
      effect,
      (context: Context.Context<never>) => programOf(context).pipe(Context.merge(services), Context.merge(this.own))
    )
  }
}
