/** Each rule of the judge (`test/servers/otlp.ts`) is broken by a request that breaks no other. */
import { assert, describe, it } from "@effect/vitest"
import { brokenRules, faultOfRequest, rules } from "../../servers/otlp.ts"

const pair = (key: string, stringValue: string) => ({ key, value: { stringValue } })

const resource = { attributes: [pair("service.name", "orders")] }
const scope = { name: "effect-spillway" }

const record = {
  timeUnixNano: "1700000000123000000",
  observedTimeUnixNano: "1700000000123000000",
  severityNumber: 9,
  severityText: "Info",
  body: { kvlistValue: { values: [pair("a", "1"), pair("b", "2")] } },
  attributes: [pair("log.record.uid", "q-1"), { key: "total", value: { intValue: "7" } }],
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "00f067aa0ba902b7",
  flags: 1
}

const request = (logRecords: ReadonlyArray<unknown>, around: object = { resource }, within: object = { scope }) => ({
  resourceLogs: [{ ...around, scopeLogs: [{ ...within, logRecords }] }]
})

const withRecord = (fields: object) => request([{ ...record, ...fields }])
const withAttributes = (...attributes: ReadonlyArray<unknown>) => withRecord({ attributes })

const breaking: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  "one resource": [
    { resourceLogs: [...request([record]).resourceLogs, ...request([{ ...record, attributes: [] }]).resourceLogs] }
  ],
  "a named service": [
    request([record], {}),
    request([record], { resource: { attributes: [pair("service.name", "")] } })
  ],
  "a named scope": [request([record], { resource }, {}), request([record], { resource }, { scope: { name: "" } })],
  "records": [request([]), request([record, "none"])],
  "uids of their own": [request([record, record])],
  "names once": [
    withAttributes(pair("a", "1"), pair("a", "2")),
    withRecord({ body: { arrayValue: { values: [{ kvlistValue: { values: [pair("a", "1"), pair("a", "1")] } }] } } })
  ],
  "names of attributes": [withAttributes({ value: { stringValue: "no name" } }), withAttributes(pair("", "none"))],
  "values of one kind": [
    withAttributes({ key: "a", value: { stringValue: "1", intValue: "1" } }),
    withAttributes({ key: "a", value: { intValue: "1.5" } }),
    withRecord({ body: { arrayValue: { values: [{ textValue: "1" }] } } }),
    withRecord({ body: { kvlistValue: { values: [{ key: "a", value: "1" }] } } })
  ],
  "128 attributes": [withAttributes(...Array.from({ length: 129 }, (_, i) => pair(`a${i}`, "")))],
  "times": [
    withRecord({ timeUnixNano: 1, observedTimeUnixNano: 1 }),
    withRecord({ timeUnixNano: "-1", observedTimeUnixNano: "-1" }),
    withRecord({ observedTimeUnixNano: undefined })
  ],
  "severities": [withRecord({ severityNumber: 10 }), withRecord({ severityText: "INFO" })],
  "ids": [
    withRecord({ traceId: "0".repeat(32) }),
    withRecord({ traceId: "00f067aa0ba902b7" }),
    withRecord({ spanId: "00F067AA0BA902B7" }),
    withRecord({ traceId: undefined })
  ],
  "flags": [withRecord({ flags: 256 })],
  "exceptions": [withAttributes(pair("exception.stacktrace", "Error: no card"))],
  "events by their field": [withAttributes(pair("event.name", "order.placed"))]
}

describe("the rules of OTLP", () => {
  it("are kept by a request that is right", () => {
    assert.isUndefined(faultOfRequest(request([record, { ...record, attributes: [pair("log.record.uid", "q-2")] }])))
  })

  it("are all broken below", () => {
    assert.deepStrictEqual(Object.keys(breaking), rules.map(({ id }) => id))
  })

  it.each(Object.entries(breaking))("%s: what breaks it is found", (id, requests) => {
    for (const each of requests) {
      assert.deepStrictEqual(brokenRules(each).map((rule) => rule.id), [id])
      assert.include(faultOfRequest(each), id)
    }
  })
})
