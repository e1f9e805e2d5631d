import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { outage, show } from "./outages.ts"

// As long as an outage takes, `npm run outage` goes through it, for every destination.
describe.concurrent("an outage under load with a restart in its middle", () => {
  for (const mode of ["overflow", "always"] as const) {
    it.live(`F62: loses nothing, and has twice at the far end only what was said to be in doubt (spool: ${mode})`, () =>
      Effect.gen(function*() {
        const outcome = yield* outage({ destination: "http", mode, lasts: Duration.seconds(2), rate: 1000 })
        assert.strictEqual(outcome.missing.length, 0, show(outcome))
        assert.deepStrictEqual(outcome.wrong, [], show(outcome))
        assert.isAbove(outcome.logged, 100)
        assert.isAbove(outcome.twice, 0)
        console.log(show(outcome))
      }))
  }
})
