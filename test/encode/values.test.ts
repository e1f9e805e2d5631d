/** Values as JSON: those that are written by hand are as the engine writes them. */
import { assert, describe, it } from "@effect/vitest"
import { LineBuffer } from "../../src/encode/bytes/LineBuffer.ts"
import { jsonEscape } from "../../src/encode/bytes/lineEscapes.ts"
import { LogEncoder, LogRecord } from "../../src/index.ts"

const numbers = [
  0,
  -0,
  9,
  10,
  2 ** 31 - 1,
  2 ** 31,
  -1,
  -(2 ** 31),
  0.1,
  -0.125,
  1 / 3,
  2 ** 53,
  1e21,
  1e300,
  5e-324,
  Number.MAX_VALUE,
  Number.NaN,
  Infinity,
  -Infinity
]

const values = [...numbers, true, false, null, "", "x".repeat(48), "x".repeat(49), "é".repeat(112), "é".repeat(113)]

const lineOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe("values as JSON", () => {
  it("are as the engine writes them, the first time and again", () => {
    const buffer = new LineBuffer(jsonEscape)
    for (const value of [...values, ...values, ...values]) {
      buffer.cut(0)
      buffer.appendJson(value)
      assert.strictEqual(lineOf(buffer.bytes), JSON.stringify(value))
    }
  })

  it("are numbers with three digits behind the point, those next to them, and those with more, as the engine writes them", () => {
    const buffer = new LineBuffer(jsonEscape)
    const near = [0, 1, -1, 2, -2].map((steps) => 1 + steps * Number.EPSILON)
    for (let i = 0; i < 20_000; i++) {
      const whole = i < 5_000 ? i : (i * 104_729 * 7) % (2 ** 31 + 5_000)
      for (const factor of near) {
        const value = whole / 1000 * factor
        buffer.cut(0)
        buffer.appendJson(value)
        assert.strictEqual(lineOf(buffer.bytes), JSON.stringify(value))
      }
    }
  })

  it("are in a batch as in a line of their own", () => {
    const encoder = LogEncoder.json()
    const batch = [...values, ...values].map((value) =>
      LogRecord.make({ message: value, annotations: { value, list: [value] } })
    )
    assert.deepStrictEqual(
      lineOf(encoder.encodeBatch(batch)).trimEnd().split("\n"),
      batch.map((record) => encoder.encode(record))
    )
  })
})
