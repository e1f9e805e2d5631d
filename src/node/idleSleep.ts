/// <reference types="node" />
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** What a program has that provides no other. */
const systemClock = Context.get(Context.empty(), Clock.Clock)

/** Sleeps, but does not keep the process alive for it. A clock that is not the system's own sleeps in its own way. */
export const idleSleep = (duration: Duration.Duration): Effect.Effect<void> =>
  Clock.clockWith((clock) =>
    clock === systemClock
      ? Effect.callback<void>((resume) => {
        const timer = setTimeout(() => resume(Effect.void), Duration.toMillis(duration)).unref()
        return Effect.sync(() => clearTimeout(timer))
      })
      : clock.sleep(duration)
  )
