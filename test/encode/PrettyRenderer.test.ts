import { assert, describe, it } from "@effect/vitest"
import { LogEncoder, LogRecord } from "../../src/index.ts"
import { ErrorSnapshot } from "../../src/record/ErrorSnapshot.ts"
import { snapshotOf } from "../support/capture.ts"

const plain = LogEncoder.pretty()
const colored = LogEncoder.pretty({ colors: true })
const escape = String.fromCharCode(27)

describe("pretty", () => {
  const record = LogRecord.make({
    message: "hello world",
    level: "Warn",
    fiberId: 3,
    annotations: { user: "ada", text: "two words" },
    spans: { load: 12 },
    traceId: "t",
    spanId: "s"
  })

  it("is a line for people", () => {
    assert.match(
      plain.encode(record),
      /^\d\d:\d\d:\d\d\.000 WARN {2}\(#3\) hello world user=ada text="two words" load=12ms traceId=t spanId=s$/
    )
  })

  it("is coloured only when asked, also where sinks share records", () => {
    const before = plain.encode(record)
    assert.include(colored.encode(record), escape)
    assert.strictEqual(LogEncoder.pretty().encode(record), before)
    assert.strictEqual(plain.encode(record), before)
    assert.notInclude(before, escape)
    const fresh = LogRecord.make({ message: "x", annotations: { a: 1 } })
    assert.include(colored.encode(fresh), escape)
    assert.notInclude(plain.encode(fresh), escape)
  })

  it("F35: shows control characters wherever they stand", () => {
    const text = `a\n\r\t${escape}[2J\u0085\u2028`
    const shown = "a\\n\\r\\t\\u001b[2J\\u0085\\u2028"
    const line = plain.encode(LogRecord.make({
      message: [text, { [text]: text }],
      annotations: { [text]: text },
      spans: { [text]: 1 },
      traceId: text,
      cause: [{ kind: "Fail", error: `first\n${escape}[2J` }]
    }))
    const lines = line.split("\n")
    assert.strictEqual(lines.length, 4)
    assert.notInclude(line, escape)
    assert.include(lines[0], ` ${shown} `)
    assert.include(lines[0], `${shown}=1ms`)
    assert.include(lines[0], `traceId=${shown}`)
    assert.strictEqual(lines[3], "    \\u001b[2J")
  })

  it("indents stacks below the line, for causes and for errors as messages", () => {
    const error = snapshotOf(new TypeError("broken", { cause: new Error("below") }))
    const inCause = LogRecord.make({ message: "oops", cause: [{ kind: "Die", error }] })
    assert.match(
      plain.encode(inCause),
      /oops\n {4}Defect: TypeError: broken\n {8}at [^]*\n {6}\[cause\]: Error: below\n/
    )
    assert.match(plain.encode(LogRecord.make({ message: error })), /\(#0\)\n {4}TypeError: broken\n {8}at /)
    assert.match(plain.encode(LogRecord.make({ message: ["oops", error] })), / oops\n {4}TypeError: broken\n/)
  })

  it("writes a record without message", () => {
    assert.match(plain.encode(LogRecord.make({ message: [] })), /\(#0\)$/)
    assert.match(plain.encode(LogRecord.make({ message: undefined })), /\(#0\) undefined$/)
  })

  it("F93: an error that stands in an object or an annotation has its stack on lines of its own", () => {
    const error = snapshotOf(Object.assign(new Error("broken\n12:00:00.000 INFO forged"), { code: 7 }))
    const line = plain.encode(LogRecord.make({
      message: ["oops", { user: "a\nb", failed: [error] }],
      annotations: { request: 1, reason: error }
    }))
    const lines = line.split("\n")
    assert.match(lines[0]!, / oops request=1$/)
    assert.match(line, /\n {4}reason=Error: broken\n {4}12:00:00.000 INFO forged\n {8}at [^]*\n {6}code: 7\n {4}\}\n/)
    assert.match(
      line,
      /\n {4}\{\n {6}"user": "a\\nb",\n {6}"failed": \[\n {8}Error: broken\n {8}12:00:00[^]*\n {12}at /
    )
    assert.isTrue(line.endsWith("\n        }\n      ]\n    }"))
    for (const below of lines.slice(1)) assert.isTrue(below.startsWith("    "), below)
  })

  it("F93: an error is shown as one however short it is", () => {
    const error = new ErrorSnapshot({ name: "Error", message: "no" })
    assert.match(
      plain.encode(LogRecord.make({ message: { a: [error] } })),
      /\(#0\)\n {4}\{\n {6}"a": \[\n {8}Error: no\n/
    )
  })

  it("F93: long objects go over several lines, whose texts stay escaped", () => {
    const text = "x".repeat(60)
    const long = { a: text, b: { c: text, d: [1, "2\n3"] }, [`k\n${escape}`]: { e: text, f: text } }
    const below = [
      "    {",
      `      "a": "${text}",`,
      `      "b": {"c":"${text}","d":[1,"2\\n3"]},`,
      "      \"k\\n\\u001b\": {",
      `        "e": "${text}",`,
      `        "f": "${text}"`,
      "      }",
      "    }"
    ].join("\n")
    assert.strictEqual(
      plain.encode(LogRecord.make({ message: long })).replace(/^.*?\n/, ""),
      below
    )
    assert.strictEqual(
      plain.encode(LogRecord.make({ message: "m", annotations: { short: { a: 1 }, long } })).replace(/^.*?\n/, ""),
      `    long=${below.trimStart()}`
    )
    assert.match(plain.encode(LogRecord.make({ message: { a: 1, b: [text] } })), / \{"a":1,"b":\["x+"\]\}$/)
  })
})
