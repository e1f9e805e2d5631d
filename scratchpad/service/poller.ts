import { Config, Context, Effect, Layer, Ref } from "effect"
import { Logging } from "../../src/index.ts"

/** Something that polls, in the background, for as long as the service runs. */
export class Poller extends Context.Service<Poller, {
  /** How many polls have ended. */
  readonly polls: Effect.Effect<number>
}>()("service/Poller") {}

/**
 * Polls every POLL_INTERVAL. The sleep between polls is interruptible, so the
 * service need not wait for it when it stops.
 */
export const layer = Layer.effect(
  Poller,
  Effect.gen(function*() {
    const interval = yield* Config.withDefault(Config.Duration("POLL_INTERVAL"), "5 seconds")
    const polls = yield* Ref.make(0)
    const poll = Effect.gen(function*() {
      const number = yield* Ref.updateAndGet(polls, (count) => count + 1)
      yield* Effect.annotateLogs(Effect.logDebug("asked the mailbox"), { poll: number })
      yield* Effect.annotateLogs(Effect.logInfo("polled the mailbox"), { poll: number, found: number % 3 })
    })
    // Finalizers run last to first: the loop has ended when this is logged.
    yield* Effect.addFinalizer(() => Effect.logInfo("poller stopped"))
    yield* Effect.forkScoped(Logging.scope("poller")(Effect.forever(Effect.andThen(poll, Effect.sleep(interval)))))
    return Poller.of({ polls: Ref.get(polls) })
  })
)
