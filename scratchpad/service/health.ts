import { Context, Effect, Layer, Ref, Stream } from "effect"
import { Logging } from "../../src/index.ts"

/** How the log is, as the stream of its states has said last. */
export class LogHealth extends Context.Service<LogHealth, {
  readonly now: Effect.Effect<Logging.Health>
}>()("service/LogHealth") {}

export const layer = Layer.effect(
  LogHealth,
  Effect.gen(function*() {
    const { health } = yield* Logging.Logging
    const now = yield* Ref.make<Logging.Health>({ status: "ok", lanes: {} })
    yield* Effect.forkScoped(Stream.runForEach(health, (next) => Ref.set(now, next)), { startImmediately: true })
    return LogHealth.of({ now: Ref.get(now) })
  })
)
