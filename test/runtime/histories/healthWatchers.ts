import { Clock, Effect, type Fiber, References, Stream } from "effect"
import type { Ledger, Logging } from "../../../src/index.ts"

/** How the lanes are by their books. */
export type States = Readonly<Record<string, { readonly status: string; readonly lastError: string | undefined }>>

export const statesOf = (stats: Ledger.Stats, names: ReadonlyArray<string>): States =>
  Object.fromEntries(names.map((name) => {
    const lane = stats.lanes[name]
    const status = lane?.status === "degraded" && lane.breakerOpen ? "open" : lane?.status ?? "missing"
    return [name, { status, lastError: lane?.lastError }]
  }))

const shownIn = ({ lanes }: Logging.Health): States =>
  Object.fromEntries(Object.entries(lanes).map(([name, { lastError, status }]) => [name, { status, lastError }]))

const textOf = (states: States): string =>
  JSON.stringify(Object.entries(states).toSorted(([one], [other]) => one < other ? -1 : 1))

/** Somebody who watches the states of the lanes, and what they should be shown. */
export class HealthWatcherModel {
  seen = 0
  private last: { readonly text: string; readonly status: string; readonly at: number } | undefined = undefined
  private fiber: Fiber.Fiber<unknown, unknown> | undefined = undefined
  private readonly names: (stats: Ledger.Stats) => ReadonlyArray<string>
  private readonly broken: (what: string) => void

  constructor(names: (stats: Ledger.Stats) => ReadonlyArray<string>, broken: (what: string) => void) {
    this.names = names
    this.broken = broken
  }

  start({ health, stats }: Logging.Logging["Service"]) {
    return Effect.gen({ self: this }, function*() {
      const pull = yield* Stream.toPull(health)
      for (;;) {
        const shown = yield* pull
        // The runtime goes by whole milliseconds.
        const at = Math.floor(yield* Clock.currentTimeMillis)
        for (const each of shown) this.take(each, yield* stats, at)
      }
    }).pipe(
      Effect.scoped,
      Effect.exit,
      Effect.provideService(References.PreventSchedulerYield, true),
      Effect.forkChild({ startImmediately: true }),
      Effect.map((fiber) => {
        this.fiber = fiber
        if (this.seen !== 1) this.broken(`who watches health is shown ${this.seen} states at first`)
      })
    )
  }

  stop(): void {
    this.fiber?.interruptUnsafe()
  }

  hasEnded(): boolean {
    return this.fiber === undefined || this.fiber.pollUnsafe() !== undefined
  }

  /** More than a tenth of a second has passed since anything changed. */
  lookAt(stats: Ledger.Stats): void {
    if (this.hasEnded()) return
    const text = textOf(statesOf(stats, this.names(stats)))
    if (this.last?.text !== text) this.broken(`health was shown as ${this.last?.text} at last, and is ${text}`)
  }

  /** The log has ended. */
  lookAtEnd(): void {
    if (this.last !== undefined && this.last.status !== "closed") this.broken(`health ends with ${this.last.status}`)
  }

  private take(health: Logging.Health, stats: Ledger.Stats, at: number): void {
    const { last } = this
    const text = textOf(shownIn(health))
    const present = textOf(statesOf(stats, this.names(stats)))
    this.seen++
    this.last = { text, status: health.status, at }
    if (text !== present) this.broken(`health is shown as ${text}, and is ${present}`)
    if (last?.text === text && last.status === health.status) this.broken(`health is shown twice as ${text}`)
    if (last !== undefined && at - last.at < 100) this.broken(`health is shown after ${at - last.at} ms`)
  }
}
