import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { notAscii, roomForText, writeAscii } from "../../src/encode/bytes/asciiText.ts"
import { Memory } from "../../src/encode/bytes/Memory.ts"
import * as Hostile from "../support/hostile.ts"

const decoder = new TextDecoder()

/** What was written between other bytes, or `undefined` where the text is not plain. */
const written = (text: string, at: number): string | undefined => {
  const memory = new Memory(at + roomForText(text.length))
  memory.bytes.fill(0xff)
  const end = writeAscii(memory, at, text)
  if (end === notAscii) return undefined
  assert.isTrue(memory.bytes.subarray(0, at).every((byte) => byte === 0xff), "nothing before it is touched")
  return decoder.decode(memory.bytes.subarray(at, end))
}

const expected = (text: string): string | undefined => /^[ !#-[\]-~]*$/.test(text) ? JSON.stringify(text) : undefined

describe("plain text", () => {
  it("is told from text that needs an escape, whichever character it is and wherever it stands", () => {
    const wrong: Array<string> = []
    let plain = 0
    for (const length of [1, 2, 3, 4, 5, 31, 32, 33, 34, 35, 36, 37, 100]) {
      for (let code = 0; code < 0x180; code++) {
        for (const place of new Set([0, 1, length >> 1, length - 2, length - 1])) {
          if (place < 0 || place >= length) continue
          const text = `${"a".repeat(place)}${String.fromCharCode(code)}${"~".repeat(length - place - 1)}`
          const found = written(text, place)
          if (found !== expected(text)) wrong.push(JSON.stringify(text))
          if (found !== undefined) plain++
        }
      }
    }
    assert.deepStrictEqual(wrong, [])
    assert.isAbove(plain, 4000)
  })

  it("stays so beside every other character, whose bytes are looked at together", () => {
    const wrong: Array<string> = []
    for (let first = 0; first < 0x100; first++) {
      for (let second = 0; second < 0x100; second++) {
        const text = "x".repeat(32) + String.fromCharCode(first, second, first)
        if (written(text, 0) !== expected(text)) wrong.push(JSON.stringify(text))
      }
    }
    assert.deepStrictEqual(wrong, [])
  })

  it("is not what is cut off where the memory ends", () => {
    for (const text of ["é".repeat(60), `${"a".repeat(50)}€€€€`, "🦉".repeat(40), `${"a".repeat(60)}\ud800`]) {
      assert.strictEqual(written(text, 0), undefined)
    }
  })

  it.prop(
    "is written as the engine would, whatever it is",
    [Hostile.text, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))],
    ([text, spaces]) => {
      const long = text + " ".repeat(spaces)
      assert.strictEqual(written(long, spaces), expected(long))
    },
    { arbitrary: { runs: 500 } }
  )
})
