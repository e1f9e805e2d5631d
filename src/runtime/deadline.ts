import * as Duration from "effect/Duration"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"

/** How long an event loop may be busy before it looks at a signal. */
const eventLoopMargin = 1000

/** The milliseconds of a `shutdownTimeout`; throws where it is none. */
export const checkedTimeout = (input: Duration.Input): number => {
  const millis = Duration.toMillis(Duration.fromInputUnsafe(input))
  if (!(millis > 0) || !Number.isFinite(millis)) {
    throw new RangeError(
      `Logging.layer: shutdownTimeout must be a finite duration above 0, got ${
        Duration.format(Duration.millis(millis))
      }`
    )
  }
  return millis
}

/** Says so when a platform grants less time than shutdown may take. */
export const checkGracePeriod = (
  gracePeriod: Duration.Input | undefined,
  timeoutMillis: number,
  diagnostics: Diagnostics
): void => {
  if (gracePeriod === undefined) return
  const granted = Duration.toMillis(Duration.fromInputUnsafe(gracePeriod))
  const needed = timeoutMillis + eventLoopMargin
  if (granted < needed) {
    diagnostics.announce(
      `the grace period of ${granted} ms is shorter than what shutdown may take: ` +
        `shutdownTimeout ${timeoutMillis} ms and a margin of ${eventLoopMargin} ms for a busy event loop`
    )
  }
}
