import { assert, describe, it } from "@effect/vitest"
import { Arbitrary } from "effect"
import { LogEncoder, LogRecord } from "../../src/index.ts"
import * as Hostile from "../support/hostile.ts"

/** A small reader of logfmt: `key=bare` or `key="JSON string"`, separated by single spaces. */
const parse = (line: string): ReadonlyArray<[key: string, value: string]> => {
  const pairs: Array<[string, string]> = []
  const pair = /(?:^| )([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"=\\]+)/y
  while (pair.lastIndex < line.length) {
    const found = pair.exec(line) ?? assert.fail(`no pair of logfmt: ${line}`)
    const [, key = "", value = ""] = found
    pairs.push([key, value.startsWith(`"`) ? String(JSON.parse(value)) : value])
  }
  return pairs
}

const encoder = LogEncoder.logfmt()
const pairs = Arbitrary.array(Arbitrary.all([Hostile.text, Hostile.text]), { maxLength: 5 })
const ours = ["timestamp", "level", "fiber", "message", "cause", "traceId", "spanId"]

describe("logfmt", () => {
  it("is one line of pairs", () => {
    const line = encoder.encode(LogRecord.make({
      message: "hello world",
      time: 0,
      level: "Warn",
      fiberId: 3,
      annotations: { user: "ada", n: 1, nested: { a: [1] }, empty: "", none: null },
      spans: { load: 12 },
      traceId: "t",
      spanId: "s"
    }))
    assert.strictEqual(
      line,
      `timestamp=1970-01-01T00:00:00.000Z level=WARN fiber=#3 message="hello world" load=12ms user=ada n=1 ` +
        `nested="{\\"a\\":[1]}" empty="" none=null traceId=t spanId=s`
    )
  })

  it.prop("reads back, whatever the texts", [Hostile.text, pairs], ([message, annotations]) => {
    const line = encoder.encode(LogRecord.make({ message, annotations: Object.fromEntries(annotations) }))
    const [timestamp, level, fiber, text, ...rest] = parse(line)
    assert.deepStrictEqual([timestamp![0], level, fiber![0]], ["timestamp", ["level", "INFO"], "fiber"])
    assert.deepStrictEqual(text, ["message", message.toWellFormed()])
    assert.deepStrictEqual(rest.map(([, value]) => value), Object.values(Object.fromEntries(annotations)))
  }, { arbitrary: { runs: 300 } })

  it.prop("user keys and span labels never stand in for ours", [pairs], ([annotations]) => {
    const named = Object.fromEntries(ours.map((key): [string, string] => [key, "forged"]))
    const spans = Object.fromEntries(ours.map((key): [string, number] => [key, 1]))
    const line = encoder.encode(LogRecord.make({
      message: "real",
      cause: [{ kind: "Interrupt", fiberId: 1 }],
      annotations: { ...Object.fromEntries(annotations), ...named },
      spans,
      traceId: "t",
      spanId: "s"
    }))
    for (const key of ours) {
      const found = parse(line).filter(([name]) => name === key)
      assert.strictEqual(found.length, 1, key)
      assert.notStrictEqual(found[0]![1], "forged")
      assert.include(line, ` annotations.${key}=forged`)
    }
  })

  it("has a pair for each of several messages", () => {
    const line = encoder.encode(LogRecord.make({ message: ["a", { b: 1 }, "c d"] }))
    assert.deepStrictEqual(parse(line).filter(([key]) => key === "message").map(([, value]) => value), [
      "a",
      `{"b":1}`,
      "c d"
    ])
  })
})
