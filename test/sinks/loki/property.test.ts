/** Whatever a record holds, the request is one that Loki reads, with all that the record says. */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary } from "effect"
import { LogEncoder, type LogRecord } from "../../../src/index.ts"
import { Labels } from "../../../src/sinks/loki/Labels.ts"
import { lineEncoders, type LineFormat, Lines } from "../../../src/sinks/loki/Lines.ts"
import { Metadata } from "../../../src/sinks/loki/Metadata.ts"
import { PushBodies } from "../../../src/sinks/loki/PushBodies.ts"
import { pushed } from "../../servers/loki.ts"
import { faultOfPush } from "../../servers/lokiForm.ts"
import { hostileRecord } from "../../support/hostileRecord.ts"

const bodiesOf = (format: LineFormat, isBeside: boolean, levelLabel: string | false): PushBodies =>
  new PushBodies(
    new Labels({
      labels: { service_name: "orders" },
      labelsFrom: ["level", "value", "__proto__", "\n", "é"],
      levelLabel,
      maxLabelValues: 3
    }),
    new Lines(lineEncoders(format, isBeside, true).make()),
    isBeside ? new Metadata({ uid: true, level: levelLabel === false }) : undefined
  )

const batches = Arbitrary.array(hostileRecord, { minLength: 1, maxLength: 3 })

const pushedOf = (bodies: PushBodies, batch: ReadonlyArray<LogRecord.LogRecord>) => {
  const body = Buffer.from(bodies.encode(batch).slice())
  assert.isUndefined(faultOfPush({ body, headers: {} }))
  const entries = pushed({ body }).flat()
  assert.deepStrictEqual(
    entries.map(({ time }) => time).toSorted((a, b) => Number(a - b)),
    batch.map(({ timeNanos }) => timeNanos).toSorted((a, b) => Number(a - b))
  )
  return entries
}

describe("F29: a request to Loki", () => {
  const own = bodiesOf("json", true, "level")
  const plain = LogEncoder.json({
    fields: {
      level: false,
      timestamp: false,
      annotations: false,
      spans: false,
      fiberId: false,
      traceId: false,
      spanId: false
    }
  })

  it.prop("has lines of JSON, and an entry of metadata for each annotation that is no label", [batches], ([batch]) => {
    const entries = pushedOf(own, batch)
    assert.deepStrictEqual(
      entries.map(({ line }) => line).toSorted(),
      batch.map((record) => plain.encode(record)).toSorted()
    )
    for (const record of batch) {
      const [entry] = pushedOf(own, [record])
      assert.isDefined(entry)
      const labels = Object.keys(entry.labels).length - 2
      const besides = Object.keys(entry.metadata).filter((name) => !/^(uid|trace_id|span_id|log_span_.*)$/.test(name))
      assert.isAtLeast(labels + besides.length, Object.keys(record.annotations).length)
    }
  }, { arbitrary: { runs: 25 } })

  it.prop("is read with lines of all else, of logfmt, and without the level as a label", [batches], ([batch]) => {
    for (
      const bodies of [
        bodiesOf("logfmt", true, false),
        bodiesOf("logfmt", false, "level"),
        bodiesOf("json", false, false),
        bodiesOf(LogEncoder.json({ annotations: "flat" }), true, "severity"),
        bodiesOf(LogEncoder.fromRenderer((record) => LogEncoder.logfmt().encode(record)), true, "level")
      ]
    ) {
      pushedOf(bodies, batch)
    }
  }, { arbitrary: { runs: 8 } })
})
