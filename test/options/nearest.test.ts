import { assert, describe, it } from "@effect/vitest"
import { didYouMean, nearest } from "../../src/options/nearest.ts"

const known = ["capacity", "maxBytes", "minimumLevel", "retry", "format", "stream"]

describe("the nearest word", () => {
  const meant: ReadonlyArray<readonly [word: string, nearest: string | undefined]> = [
    ["capasity", "capacity"],
    ["Capacity", "capacity"],
    ["capcaity", "capacity"],
    ["maxbyte", "maxBytes"],
    ["minLevel", "minimumLevel"],
    ["level", "minimumLevel"],
    ["retries", "retry"],
    ["formt", "format"],
    ["colour", undefined],
    ["x", undefined],
    ["", undefined],
    ["z".repeat(10_000), undefined]
  ]
  for (const [word, expected] of meant) {
    it(`to ${word.slice(0, 20)} is ${expected}`, () => assert.strictEqual(nearest(word, known), expected))
  }

  it("is offered as a question", () => {
    assert.strictEqual(didYouMean("formt", known), `; did you mean "format"?`)
    assert.strictEqual(didYouMean("zzzzzzzz", known), "")
  })
})
