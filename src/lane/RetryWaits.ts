import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type { SinkError } from "../LogSink.ts"
import { parseDuration } from "../options/duration.ts"
import { monotonicMillis } from "./monotonicMillis.ts"

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
  /** When the last wait is over, in monotonic milliseconds. */
  private dueAt = Number.NEGATIVE_INFINITY

  constructor(schedule: Schedule.Schedule<unknown, SinkError>) {
    this.schedule = schedule
  }

  /** The next wait in milliseconds, or `undefined` when the schedule has ended. */
  next(error: SinkError): Effect.Effect<number | undefined> {
    return Effect.gen({ self: this }, function*() {
      this.step ??= yield* Schedule.toStep(this.schedule)
      const now = yield* clockMillis
      const exit = yield* Effect.exit(this.step(now, error))
      const wait = Exit.isSuccess(exit) ? Duration.toMillis(exit.value[1]) : undefined
      this.dueAt = now + (wait ?? 0)
      if (error.reason._tag === "Misconfigured") return Math.max(wait ?? 0, slowest)
      return wait === undefined ? undefined : Math.max(wait, askedFor(error))
    })
  }

  /** Whether the schedule has ended. Who tries before a wait is over does not use it up. */
  hasEnded(error: SinkError): Effect.Effect<boolean> {
    return Effect.flatMap(
      clockMillis,
      (now) => now < this.dueAt ? Effect.succeed(false) : Effect.map(this.next(error), (wait) => wait === undefined)
    )
  }
}

const clockMillis = Effect.map(Clock.Clock, monotonicMillis)

/** How long a sink asked to be left alone, in milliseconds. */
export const askedFor = ({ reason }: SinkError): number => {
  const isTriedAgain = reason._tag === "Unavailable" || reason._tag === "PerRecord"
  if (!isTriedAgain || reason.retryAfter === undefined) return 0
  // What a sink is asked for is whatever a peer answered.
  const asked = parseDuration(reason.retryAfter)
  return asked === undefined ? 0 : Math.min(Math.max(Duration.toMillis(asked), 0), longestRetryAfter)
}
