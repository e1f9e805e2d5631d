import { Config, Effect } from "effect"
import * as HttpPresets from "../../src/sinks/HttpPresets.ts"

export const Axiom = Effect.gen(function*() {
  return yield* HttpPresets.axiom({
    token: yield* Config.Redacted("AXIOM_TOKEN"),
    dataset: "orders"
  })
})
