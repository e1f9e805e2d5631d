/** Runs a candidate that is a layer of loggers: opened by building it, closed by closing its scope. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { Setup } from "../job.ts"
import { effectLoop } from "../workload.ts"
import type { Session } from "./candidate.ts"

export interface Built<A> {
  readonly context: Context.Context<A>
  readonly close: Effect.Effect<void>
}

export const build = async <A, E>(layer: Layer.Layer<A, E>): Promise<Built<A>> => {
  const scope = Scope.makeUnsafe()
  const context = await Effect.runPromise(Layer.buildWithScope(layer, scope))
  return { context, close: Scope.close(scope, Exit.void) }
}

/** `beforeClose` gives the number of dropped events. */
export const openLayer = async <A, E>(
  layer: Layer.Layer<A, E>,
  { workload, yieldEvery }: Pick<Setup, "workload" | "yieldEvery">,
  beforeClose: Effect.Effect<number, never, A>,
  between?: Effect.Effect<void, never, A>
): Promise<Session> => {
  const { close, context } = await build(layer)
  const end = beforeClose.pipe(Effect.provideContext(context), Effect.tap(close))
  return {
    log: (events) =>
      Effect.runPromise(Effect.provideContext(effectLoop(workload, events, yieldEvery, between), context)),
    close: () => Effect.runPromise(end)
  }
}
