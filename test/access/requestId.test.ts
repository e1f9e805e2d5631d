import { assert, describe, it } from "@effect/vitest"
import { requestIdIn, requestIdOf } from "../../src/access/requestId.ts"

describe("a request id in a header", () => {
  for (
    const id of [
      "a",
      "0b9f4c3e-6a8e-4b53-9f7a-1c1f3a2d9b11",
      "01J9Z3NDEKTSV4RRFFQ69G5FAV",
      "Root=1-67891233-abcdef012345678912345678",
      "dGVzdA+/==",
      "x".repeat(128)
    ]
  ) {
    it(`is taken over: ${id.slice(0, 40)}`, () => {
      assert.strictEqual(requestIdIn(id), id)
    })
  }

  for (
    const id of [
      "",
      "x".repeat(129),
      "a b",
      "a, b",
      "a\r\nSet-Cookie: x",
      "\u0000",
      "é",
      "a\"b",
      "<script>",
      "{}",
      "a;b",
      "a,b",
      undefined,
      ["a"],
      7
    ]
  ) {
    it(`is none: ${JSON.stringify(id)?.slice(0, 40)}`, () => {
      assert.isUndefined(requestIdIn(id))
      assert.match(requestIdOf(id), /^[\w-]{16}$/)
    })
  }

  it("is made by the program, when that makes one", () => {
    assert.strictEqual(requestIdOf(undefined, () => "own-1"), "own-1")
    assert.strictEqual(requestIdOf("theirs", () => "own-1"), "theirs")
    for (const make of [() => "no id", () => Reflect.apply(String, undefined, []), () => assert.fail("thrown")]) {
      assert.match(requestIdOf(undefined, make), /^[\w-]{16}$/)
    }
  })
})
