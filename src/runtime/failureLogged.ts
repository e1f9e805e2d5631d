import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Runtime from "effect/Runtime"
import { explainCause } from "../diagnostics/describe.ts"
import { makeDiagnostics } from "../diagnostics/Diagnostics.ts"
import { CurrentLastVoice, type LastVoice } from "./LastVoice.ts"

/**
 * Provides a program with its log, and has the log say why the program failed. What the log did not take is said on stderr: that it could not be
 * built, or that a finalizer failed after it was closed.
 */
export const failureLogged = <A, E, R, LE>(
  program: Effect.Effect<A, E, R>,
  layer: Layer.Layer<R, LE>,
  accepted: Effect.Effect<number, never, R>
): Effect.Effect<A, E | LE> =>
  Effect.suspend(() => {
    let taken: ReadonlyArray<Cause.Reason<unknown>> = []
    const voice: LastVoice = { manner: undefined }
    const log = (cause: Cause.Cause<E>): Effect.Effect<void, never, R> =>
      Effect.gen(function*() {
        if (!isToBeReported(cause)) return
        const before = yield* accepted
        yield* Effect.logFatal("the program failed", cause)
        if ((yield* accepted) > before) taken = cause.reasons
      })
    const say = (cause: Cause.Cause<E | LE>): Effect.Effect<void> =>
      Effect.clockWith((clock) =>
        Effect.sync(() => {
          const left = Cause.fromReasons(cause.reasons.filter((reason) => !taken.includes(reason)))
          if (!isToBeReported(left)) return
          makeDiagnostics(voice.manner, clock, () => 0).alarm(
            `the program failed, and no log has it: ${explainCause(left)}`
          )
        })
      )
    return program.pipe(
      Effect.onError(log),
      Effect.provide(layer),
      Effect.onError(say),
      Effect.provideService(CurrentLastVoice, voice)
    )
  })

/** What `runMain` of Effect reports: no interruption, and no error that says it has been reported. */
const isToBeReported = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) => !Cause.isInterruptReason(reason)) && Runtime.getErrorReported(Cause.squash(cause))
