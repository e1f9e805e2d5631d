import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { durationOf, parseDuration } from "../../src/options/duration.ts"

describe("a duration", () => {
  const texts: ReadonlyArray<readonly [text: unknown, millis: number]> = [
    ["5s", 5000],
    ["5 s", 5000],
    ["5 sec", 5000],
    ["5 secs", 5000],
    ["5 seconds", 5000],
    ["1.5 Seconds", 1500],
    [" 500ms ", 500],
    ["500 millis", 500],
    ["500 milliseconds", 500],
    ["1m", 60_000],
    ["2 mins", 120_000],
    ["1 hour", 3_600_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["1 week", 604_800_000],
    ["1500 us", 1.5],
    ["Infinity", Number.POSITIVE_INFINITY],
    [250, 250],
    [1_000_000n, 1],
    [[1, 500_000_000], 1500],
    [{ seconds: 1, milliseconds: 5 }, 1005],
    [Duration.minutes(1), 60_000]
  ]
  for (const [text, millis] of texts) {
    it(`of ${millis} ms as ${typeof text === "string" ? text : typeof text}`, () => {
      const found = parseDuration(text)
      assert.isDefined(found)
      assert.strictEqual(Duration.toMillis(found), millis)
    })
  }

  for (
    const text of [
      "",
      "5",
      "-5s",
      "5 parsecs",
      "s",
      "1,5s",
      "5s 3",
      Number.NaN,
      null,
      undefined,
      {},
      { second: 1 },
      true,
      []
    ]
  ) {
    it(`is not ${JSON.stringify(text)}`, () => assert.isUndefined(parseDuration(text)))
  }

  it("that was not checked is refused", () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no type allows
    assert.throws(() => durationOf("soon" as "5s"), RangeError, "expected a duration, got \"soon\"")
  })
})
