import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as RpcMiddleware from "effect/rpc/RpcMiddleware"
import type { EventOptions } from "../events/eventOptions.ts"
import type { Declaration } from "../events/EventState.ts"
import type { OpenEvent } from "../events/OpenEvent.ts"
import { levelByOutcome, type Outcome } from "../events/outcome.ts"
import type { Level } from "../record/level.ts"
import { recordWork } from "./recordWork.ts"

/** A typed error is one that the client is told of, as a status of 400 is in HTTP. */
const usualLevel = (_: unknown, outcome: Outcome): Level => outcome === "failure" ? "Warn" : levelByOutcome[outcome]

/** Makes one record of each call, until its stream or what it has promised has ended. */
export const recordCalls =
  (declaration: Declaration, options: EventOptions): RpcMiddleware.RpcMiddleware<never, never, never> =>
  (effect, { client, requestId, rpc }) => {
    const given: EventOptions = {
      ...options,
      level: options.level ?? usualLevel,
      own(said) {
        said.say("rpc.system.name", "effect_rpc")
        said.say("rpc.method", rpc._tag)
        said.say("rpc.request.id", String(requestId))
        said.say("rpc.client.id", client.id)
      }
    }
    return recordWork(declaration, () => given, endOfCall)(effect)
  }

const endOfCall: Parameters<typeof recordWork>[2] = (event, fiber, exit) => {
  if (Exit.isSuccess(exit) && Deferred.isDeferred(exit.value)) awaitPromised(event, exit.value)
  else event.endIn(fiber, exit)
}

/** A handler may give what it will answer later. */
const awaitPromised = (event: OpenEvent, promised: Deferred.Deferred<unknown, unknown>): void => {
  Effect.runForkWith(event.context)(
    Effect.onExit(Deferred.await(promised), (exit) => {
      event.end(exit)
      return Effect.void
    }).pipe(Effect.catchCause((cause: Cause.Cause<unknown>) => Effect.succeed(cause)))
  )
}
