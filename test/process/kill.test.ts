import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { killRepeatedly, show } from "./kills.ts"

const kills = 20

describe("SIGKILL", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect(
      `F55: ${kills} kills at random moments lose nothing that the spool had taken`,
      () =>
        Effect.gen(function*() {
          const outcomes = yield* Effect.all([killRepeatedly(kills / 2), killRepeatedly(kills / 2)], { concurrency: 2 })
          for (const outcome of outcomes) {
            assert.deepStrictEqual(outcome.missing, [], `${outcome.safe} were safe`)
            assert.deepStrictEqual(outcome.wrong, [], "what comes twice comes in its order, before what is new")
            assert.isAtMost(outcome.torn, outcome.kills, "a kill tears one line at most")
            console.log(show(outcome))
          }
        }),
      60_000
    )
  })
})
