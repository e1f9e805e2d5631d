/** OTLP/HTTP, in protobuf, read by protobufjs, and in JSON. */
import { join } from "node:path"
import protobuf from "protobufjs"
import type { Body } from "../Body.ts"
import { isObject, itemsOf } from "../plain.ts"
import type { Protocol } from "./protocol.ts"

const json = "application/json"

export const otlp: Protocol = {
  takes: (path) => path === "/v1/logs",
  answer: ({ body: { contentType } }) => ({
    status: 200,
    headers: { "content-type": contentType },
    body: contentType === json ? "{}" : ""
  }),
  records: (body) =>
    itemsOf(requestIn(body), "resourceLogs").flatMap((resource) =>
      itemsOf(resource, "scopeLogs").flatMap((scope) => itemsOf(scope, "logRecords").map(plainRecord))
    )
}

const requestType = new protobuf.Root()
  .loadSync(join(import.meta.dirname, "../../../../test/sinks/otlp/logs.proto"))
  .lookupType("opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest")

const requestIn = ({ content, contentType }: Body): unknown =>
  contentType === json
    ? JSON.parse(content.toString())
    : requestType.toObject(requestType.decode(content), { longs: Number })

const plainRecord = (record: unknown): unknown => ({
  body: isObject(record) ? plainValue(record["body"]) : undefined,
  attributes: plainPairs(itemsOf(record, "attributes"))
})

const plainPairs = (pairs: ReadonlyArray<unknown>): unknown =>
  Object.fromEntries(
    pairs.flatMap((pair) => isObject(pair) ? [[String(pair["key"]), plainValue(pair["value"])]] : [])
  )

const plainValue = (value: unknown): unknown => {
  if (!isObject(value)) return undefined
  if ("arrayValue" in value) return itemsOf(value["arrayValue"], "values").map(plainValue)
  if ("kvlistValue" in value) return plainPairs(itemsOf(value["kvlistValue"], "values"))
  if ("intValue" in value) return Number(value["intValue"])
  return Object.values(value)[0]
}
