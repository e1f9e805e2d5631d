import { assert, describe, it } from "@effect/vitest"
import { SaidOnce } from "../../src/diagnostics/SaidOnce.ts"

describe("what is said once", () => {
  it("is fresh once, also among what is given at once", () => {
    const said = new SaidOnce()
    assert.deepStrictEqual(said.fresh(["a", "b", "a"]), ["a", "b"])
    assert.deepStrictEqual(said.fresh(["b", "c", "a"]), ["c"])
  })

  it("is remembered of the first thousand, and of no more", () => {
    const said = new SaidOnce()
    const names = Array.from({ length: 1500 }, (_, i) => `name ${i}`)
    assert.deepStrictEqual(said.fresh(names), names.slice(0, 1000))
    assert.deepStrictEqual(said.fresh(names), [])
  })
})
