import { assert, describe, it } from "@effect/vitest"
import { looksOf } from "../../../src/bridges/pino/looks.ts"

/** An object of many fields that counts how many of them were read. */
const fieldsOf = (count: number, value: unknown) => {
  let reads = 0
  const object: Record<string, unknown> = {}
  for (let i = 0; i < count; i++) {
    Object.defineProperty(object, `field${i}`, {
      enumerable: true,
      get() {
        reads++
        return value
      }
    })
  }
  return { object, reads: () => reads }
}

describe("how much is looked at of a value that is shown", () => {
  const cases: ReadonlyArray<readonly [what: string, count: number, value: unknown, most: number]> = [
    ["fields", 20_000, 1, 10_001],
    ["text", 1000, "x".repeat(16 * 1024), 17],
    ["nothing much", 9000, 1, 9000]
  ]
  for (const [what, count, value, most] of cases) {
    it(`is bounded: ${what}`, () => {
      const { object, reads } = fieldsOf(count, value)
      assert.strictEqual(looksOf({ object }), count > most ? "boundless" : "plain")
      assert.isAtMost(reads(), most)
    })
  }

  it("is bounded by the names of fields", () => {
    assert.strictEqual(looksOf({ ["x".repeat(1024 * 1024)]: 1 }), "boundless")
  })
})
