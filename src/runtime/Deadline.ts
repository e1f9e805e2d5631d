import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import { describeCause } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { type DurationInput, durationOf } from "../options/duration.ts"

/** The least a last step is given, and how long after the deadline shutdown may still return. */
export const toleranceMillis = 50

/** The one deadline of shutdown, which the process may move to now, and the waits that end with it. */
export class Deadline {
  private readonly now: () => number
  private readonly timeoutMillis: number
  private readonly moved = Latch.makeUnsafe(false)
  private begunAt = 0

  constructor(now: () => number, timeoutMillis: number) {
    this.now = now
    this.timeoutMillis = timeoutMillis
  }

  begin(): void {
    this.begunAt = this.now()
  }

  get elapsedMillis(): number {
    return this.now() - this.begunAt
  }

  get remainingMillis(): number {
    return this.timeoutMillis - this.elapsedMillis
  }

  /** What is kept of the time for the last steps. */
  get reserveMillis(): number {
    return this.timeoutMillis / 10
  }

  /** Moves the deadline to now. */
  move(): void {
    this.moved.openUnsafe()
  }

  get isMoved(): boolean {
    return this.moved.isOpen()
  }

  /** Waits for so long at most, and no longer when the deadline is moved. */
  wait(done: Effect.Effect<void>, millis: number): Effect.Effect<void> {
    return done.pipe(
      Effect.raceFirst(this.moved.await),
      Effect.timeoutOption(millis),
      Effect.asVoid
    )
  }

  /** Runs a step in a fiber of its own for a bounded time, shorter when the deadline is moved; gives what went wrong. */
  bound(step: Effect.Effect<unknown, unknown>, millis: number): Effect.Effect<string | undefined> {
    return Effect.gen({ self: this }, function*() {
      const fiber = yield* Effect.forkDetach(step, { startImmediately: true })
      const hurried = Effect.andThen(this.moved.await, Effect.as(Effect.sleep(toleranceMillis), undefined))
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
}

/** How long an event loop may be busy before it looks at a signal. */
const eventLoopMargin = 1000

/** Says so when a platform grants less time than shutdown may take. */
export const checkGracePeriod = (
  gracePeriod: DurationInput | undefined,
  timeoutMillis: number,
  diagnostics: Diagnostics
): void => {
  if (gracePeriod === undefined) return
  const granted = Duration.toMillis(durationOf(gracePeriod))
  const needed = timeoutMillis + eventLoopMargin
  if (granted < needed) {
    diagnostics.announce(
      `the grace period of ${granted} ms is shorter than what shutdown may take: ` +
        `shutdownTimeout ${timeoutMillis} ms and a margin of ${eventLoopMargin} ms for a busy event loop; ` +
        "make shutdownTimeout shorter, or the grace period of the platform longer"
    )
  }
}
