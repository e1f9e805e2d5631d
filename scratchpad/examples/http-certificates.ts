import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { Config, Effect, FileSystem, Layer } from "effect"

const pem = (variable: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    return yield* fs.readFileString(yield* Config.String(variable))
  })

/** A client that trusts an authority of your own, and shows a certificate. */
export const ClientLive = Layer.unwrap(Effect.gen(function*() {
  const connect = { ca: yield* pem("LOGS_CA"), cert: yield* pem("LOGS_CERT"), key: yield* pem("LOGS_KEY") }
  return NodeHttpClient.layerUndiciOptions({ connect })
})).pipe(Layer.provide(NodeServices.layer))
