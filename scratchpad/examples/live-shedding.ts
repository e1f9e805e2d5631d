import { Context, Effect, Layer, type Option, Ref, Stream } from "effect"
import { Logging } from "../../src/index.ts"

/** For work that can be left out. */
export class Shedding extends Context.Service<Shedding, {
  /** Does the work, or leaves it out while a lane of the log is in trouble. */
  readonly unlessDegraded: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<Option.Option<A>, E, R>
}>()("shop/Shedding") {}

export const layer = Layer.effect(
  Shedding,
  Effect.gen(function*() {
    const { health } = yield* Logging.Logging
    const status = yield* Ref.make<Logging.HealthStatus>("ok")
    yield* Effect.forkScoped(
      Stream.runForEach(health, (now) => Ref.set(status, now.status)),
      { startImmediately: true }
    )
    return Shedding.of({
      unlessDegraded: (work) =>
        Effect.flatMap(Ref.get(status), (now) => now === "ok" ? Effect.asSome(work) : Effect.succeedNone)
    })
  })
)
