import { assert, describe, it } from "@effect/vitest"
import { emptyContext } from "../../src/capture/attributes.ts"
import { LogEncoder } from "../../src/index.ts"
import { LogRecord } from "../../src/LogRecord.ts"
import { LogSpans } from "../../src/record/LogSpans.ts"
import { RecordOrigin } from "../../src/record/RecordOrigin.ts"

const texts = [
  undefined,
  "4bf92f3577b34da6a3ce929d0e0e4736",
  "",
  "\"\\\n\u007f\u0085\u2028",
  "Ü請",
  "\ud800",
  "x".repeat(64)
]
const labels = [[], ["request"], ["a\"b\u007f"], ["\udfff"], ["l".repeat(100)], ["one", "two"]]
const fiberIds = [0, 7, 2 ** 40, Number.NaN]

const formats = {
  "all fields": LogEncoder.json(),
  "no fiber": LogEncoder.json({ fields: { fiberId: false } }),
  "no trace": LogEncoder.json({ fields: { traceId: false } }),
  "no log spans": LogEncoder.json({ fields: { spans: false } }),
  "nothing at the end": LogEncoder.json({ fields: { fiberId: false, traceId: false, spanId: false, spans: false } }),
  "other names": LogEncoder.json({ fields: { message: "\u2028m", spanId: "é\u007f\"", spans: "s\u2029" } })
}

const spansOf = (names: ReadonlyArray<string>): LogSpans | undefined =>
  names.length === 0 ? undefined : new LogSpans(Object.fromEntries(names.map((name, i) => [name, i + 3])), 5)

const recordOf = (origin: RecordOrigin, time: number): LogRecord =>
  new LogRecord(0, time, `at ${time}`, undefined, origin, 0, 0)

const origins = fiberIds.flatMap((fiberId) =>
  labels.flatMap((names) =>
    texts.flatMap((traceId) =>
      texts.map((spanId) =>
        new RecordOrigin("Info", emptyContext, spansOf(names), fiberId, traceId, spanId, undefined, "r")
      )
    )
  )
)

describe("the end of a line of JSON", () => {
  for (const [name, encoder] of Object.entries(formats)) {
    it(`is the same in a batch as in a line alone: ${name}`, () => {
      // Of each origin two apart, so that its end is written once and copied once.
      const records = [...origins.map((origin) => recordOf(origin, 6)), ...origins.map((origin) => recordOf(origin, 9))]
      const lines = new TextDecoder().decode(encoder.encodeBatch(records)).split("\n")
      assert.deepStrictEqual(lines, [...records.map((record) => encoder.encode(record)), ""])
    })
  }
})
