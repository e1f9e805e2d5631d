import { assert, describe, it } from "@effect/vitest"
import { Cause } from "effect"
import { fieldsOf } from "../../src/capture/attributes.ts"
import { defaultLimits } from "../../src/capture/limits.ts"
import { LogEncoder, LogRecord } from "../../src/index.ts"
import { prefixWithin } from "../../src/record/text.ts"
import { makeSnapshot, snapshotOf } from "../support/capture.ts"
import * as Hostile from "../support/hostile.ts"

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length

const nested = (depth: number): unknown => depth === 0 ? "bottom" : { next: nested(depth - 1) }

describe("F31: bounds of a value", () => {
  it("objects end at depth 8", () => {
    assert.include(JSON.stringify(snapshotOf(nested(8))), `"bottom"`)
    assert.include(JSON.stringify(snapshotOf(nested(9))), `"next":"[Object]"`)
    assert.notInclude(JSON.stringify(snapshotOf(nested(9))), `"bottom"`)
  })

  it("an array at the depth limit shows its length", () => {
    assert.deepStrictEqual(JSON.stringify(snapshotOf([[1, 2, 3]], { depth: 1 })), `["[Array(3)]"]`)
  })

  it("objects, arrays, maps and sets end after 100 entries and say how many are missing", () => {
    const entries = Array.from({ length: 250 }, (_, i): [string, number] => [`k${i}`, i])
    for (const keyed of [Object.fromEntries(entries), new Map(entries)]) {
      const copy = Object.entries(Object(snapshotOf(keyed)))
      assert.strictEqual(copy.length, 101)
      assert.deepStrictEqual(copy.at(-1), ["…", "[150 more keys]"])
    }
    for (const list of [entries.map(([, i]) => i), new Set(entries.map(([, i]) => i))]) {
      const copy: ReadonlyArray<unknown> = Array.from(Object(snapshotOf(list)))
      assert.strictEqual(copy.length, 101)
      assert.strictEqual(copy.at(-1), "[150 more items]")
    }
  })

  it("an array of a billion holes costs nothing", () => {
    const copy: ReadonlyArray<unknown> = Array.from(
      Object(snapshotOf(Object.assign([], { length: 1e9 })))
    )
    assert.strictEqual(copy.at(-1), "[999999900 more items]")
  })

  it("a huge key is cut, and does not use up the record", () => {
    const copy = Object.entries(Object(snapshotOf({ ["k".repeat(10_000_000)]: 1, after: "still here" })))
    assert.deepStrictEqual(copy, [[`${"k".repeat(256)}…[truncated: 10000000 characters]`, 1], ["after", "still here"]])
  })

  it("a record ends at 256 KiB, and later text gives its size only", () => {
    const snapshot = makeSnapshot()
    const parts = Array.from({ length: 40 }, () => "x".repeat(30_000))
    const copy = JSON.stringify(snapshot.value(parts))
    assert.isBelow(snapshot.bytes, defaultLimits.recordBytes + 64 * 1024)
    assert.isBelow(copy.length, 200_000)
    assert.match(copy, /"\[\d+ more items\]"\]$/)
    assert.strictEqual(snapshot.value("late"), "[truncated: 4 characters]")
  })

  it("wide and deep objects are bounded by the record, not by the product of the limits", () => {
    let calls = 0
    const endless = (): object => {
      calls++
      return Object.fromEntries(
        Array.from({ length: 100 }, (_, i) => [`key${i}`, i]).concat([["child", 0]])
      )
    }
    const tree = (): object => new Proxy(endless(), { get: (_, key) => typeof key === "string" ? tree() : undefined })
    const copy = JSON.stringify(snapshotOf(tree()))
    assert.isBelow(copy.length, 1_000_000)
    assert.isBelow(calls, 20_000)
  })
})

describe("F32: bounds of a text", () => {
  it("a field ends at 32 KiB with its original size", () => {
    const copy = String(snapshotOf("x".repeat(100_000)))
    assert.strictEqual(copy, `${"x".repeat(32 * 1024)}…[truncated: 100000 characters]`)
  })

  it("text that just fits is kept whole", () => {
    for (const text of ["x".repeat(32 * 1024), "漢".repeat(10_922), "😀".repeat(8192)]) {
      assert.strictEqual(snapshotOf(text), text)
    }
  })

  it.prop("is cut at a code point, as late as possible", [Hostile.text], ([text]) => {
    for (let limit = 0; limit <= utf8Bytes(text); limit++) {
      const prefix = prefixWithin(text, limit)
      assert.isTrue(prefix.isWellFormed())
      assert.isTrue(text.toWellFormed().startsWith(prefix))
      assert.isAtMost(utf8Bytes(prefix), limit)
      assert.isAbove(utf8Bytes(prefix), limit - 4)
    }
  })

  it("the original is not kept alive by its prefix", () => {
    assert.strictEqual(prefixWithin("😀".repeat(100_000), 10), "😀😀")
  })
})

describe("F33: lone surrogates", () => {
  it("become U+FFFD in values, keys and long text", () => {
    assert.strictEqual(JSON.stringify(snapshotOf({ "k\ud800": "v\udc00" })), `{"k\ufffd":"v\ufffd"}`)
    const long = String(snapshotOf("\ud800".repeat(50_000)))
    assert.isTrue(long.isWellFormed())
  })

  it.prop("UTF-8 gives every snapshot back", [Hostile.text], ([text]) => {
    const copy = String(snapshotOf(text))
    assert.strictEqual(new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(copy)), copy)
  })
})

describe("any value", () => {
  const encode = LogEncoder.json()
  const limits = { ...defaultLimits, fieldBytes: 1024, recordBytes: 8192 }
  // An escape has six bytes for the two of its unit, and one field may start just below the limit.
  const longest = 6 * (limits.recordBytes + 4 * limits.fieldBytes)

  it.prop("gives one bounded line of JSON without secrets", [Hostile.value, Hostile.value], ([message, annotation]) => {
    const snapshot = makeSnapshot(limits)
    const annotations = fieldsOf(snapshot.value({ annotation }))
    const record = LogRecord.make({
      message: snapshot.value(message),
      cause: snapshot.cause(Cause.fromReasons([Cause.makeFailReason(message), Cause.makeDieReason(annotation)])),
      annotations
    })
    const line = encode.encode(record)
    assert.isAtMost(line.length, longest + 8192)
    // oxlint-disable-next-line eslint/no-control-regex -- control characters are what must be missing
    assert.notMatch(line, /[\u0000-\u001f\u0080-\u009f\u2028\u2029]/)
    assert.notInclude(line, Hostile.secret)
    assert.isObject(JSON.parse(line))
  }, { arbitrary: { runs: 400 } })
})
