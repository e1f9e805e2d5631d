import { NodeHttpClient } from "@effect/platform-node"
import { EnvHttpProxyAgent } from "@effect/platform-node/Undici"
import { Effect, Layer } from "effect"

/** A client that goes through the proxy of `HTTP_PROXY` and `HTTPS_PROXY`, but not to the hosts of `NO_PROXY`. */
export const ClientLive = NodeHttpClient.layerUndiciNoDispatcher.pipe(
  Layer.provide(Layer.effect(
    NodeHttpClient.Dispatcher,
    Effect.acquireRelease(
      Effect.sync(() => new EnvHttpProxyAgent()),
      (agent) => Effect.promise(() => agent.destroy())
    )
  ))
)
