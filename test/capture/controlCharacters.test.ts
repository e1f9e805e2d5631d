import { assert, describe, it } from "@effect/vitest"
import { Cause } from "effect"
import { LogEncoder, LogRecord } from "../../src/index.ts"
import { makeSnapshot, plain } from "../support/capture.ts"

const codes = [
  ...Array.from({ length: 0xa0 }, (_, code) => code).filter((code) => code < 0x20 || code > 0x7e),
  0x2028,
  0x2029
]

/** A text with one of them in every place of a record, short and long, alone and among what is not ASCII. */
const records = codes.flatMap((code) => {
  const one = String.fromCharCode(code)
  return [one, `a${one}b`, `${"x".repeat(60)}${one}`, `é${one}`].flatMap((text) => {
    const snapshot = makeSnapshot()
    const all = LogRecord.make({
      message: [text, snapshot.value({ [text]: text, list: [text] }), snapshot.value(new Error(text))],
      annotations: { [text]: text, nested: { [text]: text } },
      cause: snapshot.cause(Cause.fail(text)),
      spans: { [text]: 1 },
      traceId: text,
      spanId: text
    })
    return [all, LogRecord.make({ message: text }), LogRecord.make({ message: snapshot.message({ [text]: text }) })]
  })
})

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)

// oxlint-disable-next-line eslint/no-control-regex -- control characters are what must not be there
const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/

describe("F93: no control character, DEL included, reaches a terminal or a line", () => {
  it.each(["json", "logfmt", "pretty"] as const)("%s", (format) => {
    const encoder = LogEncoder.make(format)
    for (const record of records) {
      const line = encoder.encode(record)
      assert.notMatch(line, raw)
      const text = decode(encoder.encodeBatch([record, record]))
      assert.notMatch(text, raw)
      if (format === "pretty") continue
      assert.notInclude(line, "\n")
      assert.strictEqual(text, `${line}\n${line}\n`)
    }
  })

  it("and JSON still says the same", () => {
    const encoder = LogEncoder.json()
    for (const record of records) {
      const parsed: { readonly message: unknown; readonly annotations: unknown } = JSON.parse(encoder.encode(record))
      assert.deepStrictEqual(parsed.message, plain(record.message))
      assert.deepStrictEqual(parsed.annotations, plain(record.annotations))
    }
  })
})
