import * as Effect from "effect/Effect"
import { shown } from "./shown.ts"
import { unawaited } from "./unawaited.ts"

/** A function of the program has returned something else than an Effect: how what it does ends, nobody will hear. */
export class NoEffect extends RangeError {
  override readonly name = "RangeError"
}

/** The Effect that a function of the program has returned. It dies with a sentence where that is none. */
export const effectFrom = <A, E, R>(what: string, returned: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  if (Effect.isEffect(returned)) return returned
  const other: unknown = unawaited(returned)
  return Effect.die(
    new NoEffect(
      `${what} must return an Effect, got ${shown(other)}; wrap what it does in Effect.sync or Effect.tryPromise`
    )
  )
}
