import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { stamped } from "../contract/SinkError.ts"
import { describeDefect } from "../diagnostics/describe.ts"
import { SinkError } from "../LogSink.ts"
import { NoEffect } from "../options/effectFrom.ts"

/**
 * How one write ended. `Abandoned`: it neither answered in time nor could be interrupted.
 * `Unheard`: it gave no Effect, so that nobody will hear how it ends.
 */
export type Outcome =
  | { readonly _tag: "Delivered" }
  | { readonly _tag: "Failed"; readonly error: SinkError }
  | { readonly _tag: "Died"; readonly error: SinkError }
  | { readonly _tag: "Abandoned" }
  | { readonly _tag: "Unheard"; readonly error: SinkError }

const delivered: Outcome = { _tag: "Delivered" }
const abandoned: Outcome = { _tag: "Abandoned" }

/** How long an interrupted write may take to end before it is abandoned. */
const interruptGrace = Duration.seconds(1)

/**
 * Waits for a write that runs in a fiber of its own. After `timeout` the write
 * is interrupted; one that does not yield to it is left behind, never awaited.
 */
export const writeOutcome = (
  sink: string,
  write: Fiber.Fiber<void, SinkError>,
  timeout: Duration.Duration
): Effect.Effect<Outcome> =>
  Effect.gen(function*() {
    const exit = write.pollUnsafe()
    if (exit !== undefined) return fromExit(sink, exit)
    const answer = yield* Effect.timeoutOption(Fiber.await(write), timeout)
    if (Option.isSome(answer)) return fromExit(sink, answer.value)
    write.interruptUnsafe()
    const late = write.pollUnsafe() ??
      Option.getOrUndefined(yield* Effect.timeoutOption(Fiber.await(write), interruptGrace))
    if (late === undefined) return abandoned
    return Exit.isSuccess(late) ? delivered : failed(sink, "the write timed out", undefined)
  })

const fromExit = (sink: string, exit: Exit.Exit<void, SinkError>): Outcome => {
  if (Exit.isSuccess(exit)) return delivered
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error instanceof SinkError) return { _tag: "Failed", error: stamped(sink, error) }
  if (Cause.hasInterruptsOnly(exit.cause)) return failed(sink, "the write was interrupted", undefined)
  const defect = Cause.squash(exit.cause)
  if (defect instanceof NoEffect) return { _tag: "Unheard", error: ambiguous(sink, defect.message, undefined) }
  return { _tag: "Died", error: ambiguous(sink, `the write died: ${describeDefect(defect)}`, defect) }
}

const failed = (sink: string, message: string, cause: unknown): Outcome => ({
  _tag: "Failed",
  error: ambiguous(sink, message, cause)
})

const ambiguous = (sink: string, message: string, cause: unknown): SinkError =>
  new SinkError({ sink, message, cause, reason: { _tag: "Unavailable", ambiguous: true } })
