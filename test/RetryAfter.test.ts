import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { RetryAfter } from "../src/index.ts"

const now = Date.parse("2026-01-01T00:00:00Z")

const millisOf = (header: string | null | undefined): number | undefined => {
  const wait = RetryAfter.parse(header, now)
  return wait && Duration.toMillis(wait)
}

describe("a Retry-After header", () => {
  const rows: ReadonlyArray<readonly [header: string | null | undefined, millis: number | undefined]> = [
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5000],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Thursday, 01-Jan-26 00:00:30 GMT", 30_000],
    ["Thu Jan  1 00:00:30 2026", 30_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["9007199254740", 9_007_199_254_740_000],
    ["", undefined],
    ["soon", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["1e3", undefined],
    ["Infinity", undefined],
    ["NaN", undefined],
    ["2026-01-01T00:00:30Z", undefined],
    ["120, 60", undefined],
    [null, undefined],
    [undefined, undefined]
  ]
  for (const [header, millis] of rows) {
    it(`${JSON.stringify(header)} is ${millis === undefined ? "nothing" : `${millis} ms`}`, () => {
      assert.strictEqual(millisOf(header), millis)
    })
  }
})
