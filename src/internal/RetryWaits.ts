import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type { SinkError } from "../LogSink.ts"

type Step = (now: number, input: SinkError) => Pull.Pull<[unknown, Duration.Duration], never, unknown>

const slowest = Duration.toMillis("30 seconds")
const longestRetryAfter = Duration.toMillis("5 minutes")

/**
 * The waits between the attempts of one batch: the schedule's, never shorter
 * than what the sink asked for. Time is monotonic, so a wall clock that jumps
 * neither ends nor prolongs a schedule.
 */
export class RetryWaits {
  private readonly schedule: Schedule.Schedule<unknown, SinkError>
  private step: Step | undefined = undefined

  constructor(schedule: Schedule.Schedule<unknown, SinkError>) {
    this.schedule = schedule
  }

  /** The next wait in milliseconds, or `undefined` when the schedule has ended. */
  next(error: SinkError): Effect.Effect<number | undefined> {
    return Effect.gen({ self: this }, function*() {
      this.step ??= yield* Schedule.toStep(this.schedule)
      const clock = yield* Clock.Clock
      const now = Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
      const exit = yield* Effect.exit(this.step(now, error))
      const wait = Exit.isSuccess(exit) ? Duration.toMillis(exit.value[1]) : undefined
      if (error.reason._tag === "Misconfigured") return Math.max(wait ?? 0, slowest)
      if (wait === undefined || error.reason._tag !== "Unavailable") return wait
      return Math.max(wait, askedFor(error.reason.retryAfter))
    })
  }
}

const askedFor = (retryAfter: Duration.Input | undefined): number => {
  if (retryAfter === undefined) return 0
  const millis = Duration.toMillis(Duration.fromInputUnsafe(retryAfter))
  return Number.isNaN(millis) || millis < 0 ? 0 : Math.min(millis, longestRetryAfter)
}
