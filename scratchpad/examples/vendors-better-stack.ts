import { Config, Effect } from "effect"
import * as HttpPresets from "../../src/sinks/HttpPresets.ts"

export const BetterStack = Effect.gen(function*() {
  return yield* HttpPresets.betterStack({
    url: yield* Config.String("BETTER_STACK_URL"),
    sourceToken: yield* Config.Redacted("BETTER_STACK_SOURCE_TOKEN")
  })
})
