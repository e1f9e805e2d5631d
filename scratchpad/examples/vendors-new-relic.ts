import { Config, Effect } from "effect"
import * as HttpPresets from "../../src/sinks/HttpPresets.ts"

export const NewRelic = Effect.gen(function*() {
  return yield* HttpPresets.newRelic({
    licenseKey: yield* Config.Redacted("NEW_RELIC_LICENSE_KEY"),
    region: "eu",
    attributes: { "service.name": "orders" }
  })
})
