import { assert, describe, it } from "@effect/vitest"
import { isDeepStrictEqual } from "node:util"
import { annotated } from "../../../src/capture/attributes.ts"
import { LogRecord } from "../../../src/index.ts"
import { RecordOrigin } from "../../../src/record/RecordOrigin.ts"
import { JsonLogs } from "../../../src/sinks/otlp/JsonLogs.ts"
import { ProtobufLogs } from "../../../src/sinks/otlp/ProtobufLogs.ts"
import type { Emitter } from "../../../src/sinks/otlp/resource.ts"
import { logRecordsOf } from "../../servers/otlp.ts"
import { makeSnapshot } from "../../support/capture.ts"
import { comparable, decodeRequest, hasProtoc, throughProtoc } from "./decoders.ts"
import { expectedRecord, type Rules } from "./expected.ts"
import { recordsOf } from "./randomRecords.ts"

const emitter: Emitter = {
  resource: [["service.name", "größe"], ["service.ports", [80, 443]], ["note", "n".repeat(200)]],
  scope: { name: "effect-spillway", version: "0.1.0" }
}
const resource = {
  attributes: [
    { key: "service.name", value: { stringValue: "größe" } },
    { key: "service.ports", value: { arrayValue: { values: [{ intValue: "80" }, { intValue: "443" }] } } },
    { key: "note", value: { stringValue: "n".repeat(200) } }
  ]
}

const request = (logRecords: ReadonlyArray<unknown>) => ({
  resourceLogs: [{ resource, scopeLogs: [{ scope: emitter.scope, logRecords }] }]
})

const usual: Rules = { flatten: false, uid: true, mostAttributes: 128, mostText: Infinity }

const rules: Readonly<Record<string, Rules>> = {
  "as they are": usual,
  "flattened": { ...usual, flatten: true },
  "few and short": { ...usual, mostAttributes: 4, mostText: 7 },
  "flattened, without a uid, one attribute": { flatten: true, uid: false, mostAttributes: 1, mostText: 3 },
  "none": { ...usual, mostAttributes: 0 }
}

const perRule = 2000
const perBatch = 100

/** A comparison that takes no time for what is equal. */
const assertSame = (actual: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(actual, expected)) assert.deepStrictEqual(actual, expected)
}

describe("10,000 random records as OTLP", () => {
  const readers = `protobufjs${hasProtoc ? ", protoc" : ""} and JSON`
  Object.entries(rules).forEach(([name, each], seed) => {
    it(`${name}: every field of every record is what ${readers} read`, () => {
      const protobuf = new ProtobufLogs(emitter, each)
      const json = new JsonLogs(emitter, each)
      const sent: Array<Uint8Array> = []
      const expected: Array<unknown> = []
      for (let i = 0; i < perRule / perBatch; i++) {
        const batch = recordsOf(1000 * seed + i, perBatch)
        // First, because a record that is looked at unpacks its message; copied, because the next one is written there.
        const bytes = Uint8Array.from(protobuf.encode(batch))
        const text = new TextDecoder().decode(json.encode(batch))
        const records = batch.map((record) => comparable(expectedRecord(record, each)))
        assertSame(decodeRequest(bytes), comparable(request(records)))
        assertSame(comparable(JSON.parse(text)), comparable(request(records)))
        sent.push(bytes)
        expected.push(...records)
      }
      assert.strictEqual(expected.length, perRule)
      // Messages one behind the other are one message, with what is in the lists of all.
      if (hasProtoc) assertSame(logRecordsOf(decodeRequest(throughProtoc(Buffer.concat(sent)))), expected)
    })
  })

  it("are text where they lie too deep for decoders", () => {
    const nested = (levels: number): unknown => levels === 0 ? "the end" : { a: nested(levels - 1) }
    const snapshot = makeSnapshot({ depth: 60 })
    const deep = (levels: number) => {
      snapshot.reset()
      const message = snapshot.messages(["placed", nested(levels)])
      snapshot.reset()
      const context = annotated({ nested: nested(levels) }, snapshot)
      const origin = new RecordOrigin("Info", context, undefined, 1, undefined, undefined, undefined, "r")
      return new LogRecord.LogRecord(1, 0, message, undefined, origin, 256, 0)
    }
    for (const levels of [20, 23, 24, 25, 26, 27, 50]) {
      const read = decodeRequest(new ProtobufLogs(emitter, usual).encode([deep(levels)]))
      const json = JSON.parse(new TextDecoder().decode(new JsonLogs(emitter, usual).encode([deep(levels)])))
      assert.deepStrictEqual(read, comparable(json))
      assert.strictEqual(JSON.stringify(json).includes("\\\"a\\\":"), levels > 24, String(levels))
    }
  })

  it("have the names that Effect's own logger gives to fibers and log spans", () => {
    const record = LogRecord.make({ message: "placed", fiberId: 7, spans: { request: 12 } })
    const json = JSON.parse(new TextDecoder().decode(new JsonLogs(emitter, usual).encode([record])))
    const names = json.resourceLogs[0].scopeLogs[0].logRecords[0].attributes.map(({ key }: { key: string }) => key)
    assert.deepStrictEqual(names, ["log.record.uid", "effect.log_span.request", "effect.fiberId"])
  })
})
