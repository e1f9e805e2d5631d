import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { temporary } from "./files.ts"
import { fixture, run } from "./program.ts"

describe("a runtime that is built in a request", () => {
  it.live("keeps neither it nor those that used it in memory", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* run(fixture("remembering"), [yield* temporary("logs")])
      assert.strictEqual(code, 0, stderr)
      assert.deepStrictEqual(/^remembered (.*)$/m.exec(stderr)?.[1], "")
    }))
})
