/** An Effect program under `NodeRuntime.runMain`, whose loggers a layer provides. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type { Candidate } from "../candidate.ts"

export const underRunMain = <A, E>(layer: (path: string) => Layer.Layer<A, E>): Candidate => (path, act) => {
  const program = Effect.gen(function*() {
    const context = yield* Effect.context()
    const run = Effect.runSyncWith(context)
    yield* Effect.promise(() => act((line) => run(Effect.logInfo(line))))
  })
  NodeRuntime.runMain(Effect.provide(program, layer(path)))
  return Promise.resolve()
}
