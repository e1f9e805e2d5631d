/** What a strict collector looks at in a request, in the JSON of OTLP. */
import { isRecord } from "../../../src/record/plainData.ts"

const listOf = (u: unknown, key: string): ReadonlyArray<unknown> => {
  const list = isRecord(u) ? u[key] : undefined
  return Array.isArray(list) ? list : []
}

/** The records of a request. */
export const logRecordsOf = (request: unknown): ReadonlyArray<unknown> =>
  listOf(request, "resourceLogs").flatMap((each) => listOf(each, "scopeLogs")).flatMap((each) =>
    listOf(each, "logRecords")
  )

/** The attributes of a record or a resource, by their names. */
export const attributesOf = (u: unknown): ReadonlyMap<string, unknown> =>
  new Map(
    listOf(u, "attributes").map((pair) =>
      isRecord(pair) && typeof pair["key"] === "string"
        ? [pair["key"], Object.values(Object(pair["value"]))[0]]
        : ["", undefined]
    )
  )

export const uidOf = (record: unknown): string => String(attributesOf(record).get("log.record.uid"))

/** What is wrong with a request, if anything is. */
export const faultOfRequest = (request: unknown): string | undefined => {
  const [resource, more] = listOf(request, "resourceLogs")
  if (more !== undefined || !isRecord(resource)) return "there is not one resource"
  if (!attributesOf(resource["resource"]).has("service.name")) return "the service has no name"
  const records = logRecordsOf(request)
  if (records.length === 0) return "there are no records"
  return records.map(faultOf).find((fault) => fault !== undefined)
}

const faultOf = (record: unknown): string | undefined => {
  if (!isRecord(record)) return "a record is none"
  const names = listOf(record, "attributes").map((pair) => isRecord(pair) ? pair["key"] : undefined)
  if (new Set(names).size < names.length) return "an attribute is there twice"
  if (names.length > 128) return "there are too many attributes"
  const { timeUnixNano: time = "0" } = record
  if (typeof time !== "string" || !/^\d+$/.test(time)) return "a time is none"
  if (![1, 5, 9, 13, 17, 21].includes(Number(record["severityNumber"]))) return "a severity is none of ours"
  return undefined
}
