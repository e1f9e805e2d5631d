import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { roomForText, writeEscaped } from "../../src/encode/bytes/escapedText.ts"
import { Memory } from "../../src/encode/bytes/Memory.ts"
import { notPlain, roomForPlain, writePlain } from "../../src/encode/bytes/plainText.ts"
import { escapeJson } from "../../src/encode/escapes.ts"
import * as Hostile from "../support/hostile.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** What was written between other bytes, in no more room than it asks for. */
const between = (
  write: typeof writePlain,
  room: typeof roomForPlain,
  text: string,
  at: number
): string | undefined => {
  const memory = new Memory(at + room(text.length))
  memory.bytes.fill(0xff)
  const end = write(memory, at, text)
  assert.isTrue(memory.bytes.subarray(0, at).every((byte) => byte === 0xff), "nothing before it is touched")
  return end === notPlain ? undefined : decoder.decode(memory.bytes.subarray(at, end))
}

const plain = (text: string, at: number): string | undefined => between(writePlain, roomForPlain, text, at)
const escaped = (text: string, at: number): string | undefined => between(writeEscaped, roomForText, text, at)

/** What the engine makes of a text. */
const expected = (text: string): string => escapeJson(JSON.stringify(text.toWellFormed()))

const isAscii = (text: string): boolean => /^[ !#-[\]-~]*$/.test(text)

/** Checks both ways. Whether the text was plain. */
const check = (text: string, at: number, wrong: Array<string>): boolean => {
  const found = plain(text, at)
  if (found !== expected(text) && (found !== undefined || isAscii(text))) wrong.push(JSON.stringify(text))
  if (escaped(text, at) !== expected(text)) wrong.push(`escaped: ${JSON.stringify(text)}`)
  return found !== undefined
}

const odd = [
  ..."\u0000\n\"\\\u007f\u0080\u009f\u00a0é\u2027\u2028\u2029\u202a漢\ud7ff\ud800\udfff\ue000\ufeff\uffff".split(""),
  "😀"
]

describe("plain text", () => {
  it("is told from text that needs an escape, whichever character it is and wherever it stands", () => {
    const wrong: Array<string> = []
    let count = 0
    for (const length of [1, 2, 3, 4, 5, 31, 32, 33, 34, 35, 36, 37, 100]) {
      for (let code = 0; code < 0x180; code++) {
        for (const place of new Set([0, 1, length >> 1, length - 2, length - 1])) {
          if (place < 0 || place >= length) continue
          const text = `${"a".repeat(place)}${String.fromCharCode(code)}${"~".repeat(length - place - 1)}`
          if (check(text, place, wrong)) count++
        }
      }
    }
    assert.deepStrictEqual(wrong, [])
    assert.isAbove(count, 4000)
  })

  it("stays so beside every other character, whose bytes are looked at together", () => {
    const wrong: Array<string> = []
    for (let first = 0; first < 0x100; first++) {
      for (let second = 0; second < 0x100; second++) {
        check("x".repeat(32) + String.fromCharCode(first, second, first), 0, wrong)
      }
    }
    assert.deepStrictEqual(wrong, [])
  })

  it("holds what is not ASCII, as long as nothing in it needs an escape", () => {
    for (const text of ["Die Größe der Übung fällt jäh auf für", `${"a".repeat(50)}漢字漢字`, `${"a".repeat(60)}😀`]) {
      assert.strictEqual(plain(text, 3), expected(text))
    }
  })

  it("is not what is cut off where the memory ends", () => {
    for (const text of ["é".repeat(60), `${"a".repeat(50)}€€€€`, "🦉".repeat(40), `${"a".repeat(60)}\ud800`]) {
      assert.strictEqual(escaped(text, 0), expected(text))
      assert.include([undefined, expected(text)], plain(text, 0))
    }
  })

  it.prop(
    "is written as the engine would, whatever it is",
    [Hostile.text, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))],
    ([text, spaces]) => {
      const wrong: Array<string> = []
      check(text + " ".repeat(spaces), spaces, wrong)
      check(" ".repeat(spaces) + text, spaces, wrong)
      assert.deepStrictEqual(wrong, [])
    },
    { arbitrary: { runs: 500 } }
  )
})

describe("text with escapes", () => {
  it("is written as the engine would, whichever character of the lowest plane it is", () => {
    const wrong: Array<string> = []
    for (let code = 0; code < 0x10000; code++) {
      check(`${String.fromCharCode(code)}.`, 1, wrong)
      check(`${"a".repeat(40)}${String.fromCharCode(code)}b`, 0, wrong)
    }
    assert.deepStrictEqual(wrong, [])
  })

  it("is so beside each other, wherever they stand in a word, and where all of it is odd", () => {
    const wrong: Array<string> = []
    for (const first of odd) {
      check(first.repeat(20), 0, wrong)
      check(first.repeat(200), 0, wrong)
      for (const second of odd) {
        for (let before = 29; before < 37; before++) {
          check(`${"a".repeat(before)}${first}${second}${"z".repeat(40)}`, before, wrong)
          check(`${"a".repeat(before)}${first}${second}`, 0, wrong)
        }
      }
    }
    assert.deepStrictEqual(wrong, [])
  })

  it("is so at any length, also where a field is cut", () => {
    const wrong: Array<string> = []
    for (const length of [31, 32, 33, 48, 49, 1023, 31 * 1024, 33 * 1024]) {
      for (const unit of odd) {
        const filler = "plain text ".repeat(Math.ceil(length / 11)).slice(0, length)
        check(filler + unit, 0, wrong)
        check(unit + filler, 0, wrong)
        check(unit.repeat(Math.ceil(length / unit.length)).slice(0, length), 0, wrong)
      }
    }
    assert.deepStrictEqual(wrong, [])
  })
})
