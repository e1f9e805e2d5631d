import { Config, Effect } from "effect"
import * as HttpPresets from "../../src/sinks/HttpPresets.ts"

export const Splunk = Effect.gen(function*() {
  return yield* HttpPresets.splunk({
    url: yield* Config.String("SPLUNK_URL"),
    token: yield* Config.Redacted("SPLUNK_TOKEN"),
    index: "web",
    source: "orders"
  })
})
