import { assert, describe, it } from "@effect/vitest"
import { JsonLogs } from "../../../src/sinks/otlp/JsonLogs.ts"
import { ProtobufLogs } from "../../../src/sinks/otlp/ProtobufLogs.ts"
import type { Emitter } from "../../../src/sinks/otlp/resource.ts"
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
const perBatch = 50

const batchesOf = (seed: number) =>
  Array.from({ length: perRule / perBatch }, (_, i) => recordsOf(1000 * seed + i, perBatch))

describe("10,000 random records as OTLP", () => {
  Object.entries(rules).forEach(([name, each], seed) => {
    it(`protobuf, ${name}: protobufjs reads every field of every record`, () => {
      const protobuf = new ProtobufLogs(emitter, each)
      for (const batch of batchesOf(seed)) {
        const expected = comparable(request(batch.map((record) => expectedRecord(record, each))))
        assert.deepStrictEqual(decodeRequest(protobuf.encode(batch)), expected)
      }
    })

    it(`JSON, ${name}: it is the same message`, () => {
      const json = new JsonLogs(emitter, each)
      for (const batch of batchesOf(seed)) {
        const expected = comparable(request(batch.map((record) => expectedRecord(record, each))))
        assert.deepStrictEqual(comparable(JSON.parse(new TextDecoder().decode(json.encode(batch)))), expected)
      }
    })

    it.skipIf(!hasProtoc)(`protobuf, ${name}: protoc reads the same`, () => {
      const protobuf = new ProtobufLogs(emitter, each)
      const batch = batchesOf(seed).flat()
      const bytes = protobuf.encode(batch)
      assert.deepStrictEqual(decodeRequest(throughProtoc(bytes)), decodeRequest(bytes))
    })
  })
})
