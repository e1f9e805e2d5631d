/**
 * What a strict collector looks at in an `ExportLogsServiceRequest`, in the JSON of OTLP: a table of rules, each with the
 * document that it is from. `test/sinks/otlp/rules.test.ts` breaks each of them.
 */
import { isRecord } from "../../src/record/plainData.ts"

type Fields = Readonly<Record<string, unknown>>

const listOf = (u: unknown, key: string): ReadonlyArray<unknown> => {
  const list = isRecord(u) ? u[key] : undefined
  return Array.isArray(list) ? list : []
}

const scopesOf = (request: unknown) =>
  listOf(request, "resourceLogs").flatMap((each) => listOf(each, "scopeLogs")).filter(isRecord)

/** The records of a request. */
export const logRecordsOf = (request: unknown): ReadonlyArray<unknown> =>
  scopesOf(request).flatMap((each) => listOf(each, "logRecords"))

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

/** An empty text is not sent. */
const nameOf = (pair: unknown): unknown => isRecord(pair) ? pair["key"] ?? "" : undefined

/** Whether no two names in a list of pairs are the same, nor in any list in it. */
const haveOneName = (pairs: ReadonlyArray<unknown>): boolean =>
  new Set(pairs.map(nameOf)).size === pairs.length &&
  pairs.every((pair) => isRecord(pair) && hasOneName(pair["value"]))

const hasOneName = (value: unknown): boolean =>
  haveOneName(listOf(isRecord(value) ? value["kvlistValue"] : undefined, "values")) &&
  listOf(isRecord(value) ? value["arrayValue"] : undefined, "values").every(hasOneName)

const kinds = new Set([
  "stringValue",
  "boolValue",
  "intValue",
  "doubleValue",
  "arrayValue",
  "kvlistValue",
  "bytesValue"
])

/** Whether a value has one kind at most, and those in it too. */
const isAnyValue = (value: unknown): boolean =>
  isRecord(value) && Object.keys(value).length <= 1 && Object.keys(value).every((kind) => kinds.has(kind)) &&
  !("intValue" in value && !/^-?\d{1,19}$/.test(String(value["intValue"]))) &&
  listOf(value["arrayValue"], "values").every(isAnyValue) &&
  listOf(value["kvlistValue"], "values").every((pair) => isRecord(pair) && isAnyValue(pair["value"] ?? {}))

const isTime = (u: unknown): boolean => u === undefined || (typeof u === "string" && /^\d{1,20}$/.test(u))

const isId = (u: unknown, digits: number): boolean =>
  u === undefined || (typeof u === "string" && u.length === digits && /^(?!0+$)[0-9a-f]+$/.test(u))

const severities: Fields = { Trace: 1, Debug: 5, Info: 9, Warn: 13, Error: 17, Fatal: 21 }

/** A rule, and whether a request keeps it, or each record of one. */
export interface Rule {
  readonly id: string
  readonly document: string
  readonly ofRequest?: (request: unknown) => boolean
  readonly ofRecord?: (record: Fields) => boolean
}

export const rules: ReadonlyArray<Rule> = [
  {
    id: "one resource",
    document: "logs/v1/logs.proto, ResourceLogs: what the logs of a resource have in common is sent once",
    ofRequest: (request) => listOf(request, "resourceLogs").length === 1
  },
  {
    id: "a named service",
    document: "Semantic Conventions 1.45, resource/service: service.name is required",
    ofRequest: (request) =>
      listOf(request, "resourceLogs").every((each) =>
        isRecord(each) && (attributesOf(each["resource"]).get("service.name") ?? "") !== ""
      )
  },
  {
    id: "a named scope",
    document: "common/v1/common.proto, InstrumentationScope: an empty name is an unknown one",
    ofRequest: (request) => scopesOf(request).every(({ scope }) => isRecord(scope) && (scope["name"] ?? "") !== "")
  },
  {
    id: "records",
    document: "OTLP 1.11, OTLP/HTTP: an empty request is a request for nothing",
    ofRequest: (request) => logRecordsOf(request).length > 0 && logRecordsOf(request).every(isRecord)
  },
  {
    id: "uids of their own",
    document: "Semantic Conventions 1.45, general/logs: log.record.uid, two records that can be told apart have two",
    ofRequest: (request) => {
      const uids = logRecordsOf(request).map((record) => attributesOf(record).get("log.record.uid"))
        .filter((uid) => uid !== undefined)
      return new Set(uids).size === uids.length
    }
  },
  {
    id: "names once",
    document: "common/v1/common.proto, KeyValueList: keys must be unique",
    ofRecord: (record) => haveOneName(listOf(record, "attributes")) && hasOneName(record["body"])
  },
  {
    id: "names of attributes",
    document: "OpenTelemetry specification, Common, Attribute: its key is a text that is not empty",
    ofRecord: (record) =>
      listOf(record, "attributes").map(nameOf).every((name) => typeof name === "string" && name !== "")
  },
  {
    id: "values of one kind",
    document: "common/v1/common.proto, AnyValue: oneof; OTLP 1.11, JSON: integers of 64 bits are decimal",
    ofRecord: (record) =>
      isAnyValue(record["body"] ?? {}) &&
      listOf(record, "attributes").every((pair) => isRecord(pair) && isAnyValue(pair["value"] ?? {}))
  },
  {
    id: "128 attributes",
    document: "Logs SDK, LogRecord limits: AttributeCountLimit is 128",
    ofRecord: (record) => listOf(record, "attributes").length <= 128
  },
  {
    id: "times",
    document: "logs/v1/logs.proto, time_unix_nano, fixed64; Logs Data Model: where nobody else observes, both are one",
    ofRecord: (record) => isTime(record["timeUnixNano"]) && record["observedTimeUnixNano"] === record["timeUnixNano"]
  },
  {
    id: "severities",
    document: "Logs Data Model, SeverityNumber and SeverityText",
    ofRecord: (record) => {
      const { severityNumber, severityText } = record
      return typeof severityText === "string" && severities[severityText] === Number(severityNumber)
    }
  },
  {
    id: "ids",
    document: "W3C Trace Context: 16 and 8 bytes, not all zero; Logs Data Model: a SpanId only with a TraceId",
    ofRecord: ({ spanId, traceId }) =>
      isId(traceId, 32) && isId(spanId, 16) && (spanId === undefined || traceId !== undefined)
  },
  {
    id: "flags",
    document: "logs/v1/logs.proto, LogRecordFlags: the low 8 bits, the others are zero",
    ofRecord: ({ flags = 0 }) => Number(flags) >= 0 && Number(flags) < 256
  },
  {
    id: "exceptions",
    document: "Semantic Conventions 1.45, exceptions-logs: exception.type or exception.message is required",
    ofRecord: (record) => {
      const attributes = attributesOf(record)
      return !attributes.has("exception.stacktrace") || attributes.has("exception.type") ||
        attributes.has("exception.message")
    }
  },
  {
    id: "events by their field",
    document: "Semantic Conventions 1.45: the attribute event.name is deprecated, event_name is its field",
    ofRecord: (record) => (attributesOf(record).get("event.name") ?? "") === ""
  }
]

/** The rules that a request breaks. */
export const brokenRules = (request: unknown): ReadonlyArray<Rule> =>
  rules.filter(({ ofRecord = () => true, ofRequest = () => true }) =>
    !ofRequest(request) || !logRecordsOf(request).filter(isRecord).every(ofRecord)
  )

/** What is wrong with a request, if anything is. */
export const faultOfRequest = (request: unknown): string | undefined => {
  const [broken] = brokenRules(request)
  return broken && `${broken.id}: ${broken.document}`
}
