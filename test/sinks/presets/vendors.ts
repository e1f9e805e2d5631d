/** What each service wants of a request, as strictly as its documentation says it, and what it answers when all is well. */
import { type Effect, Redacted } from "effect"
import type { HttpClient } from "effect/http"
import type { LogSink } from "../../../src/index.ts"
import { isRecord } from "../../../src/record/plainData.ts"
import * as HttpPresets from "../../../src/sinks/HttpPresets.ts"
import { type Received, type Reply, said } from "../../servers/Collector.ts"

type Item = Readonly<Record<string, unknown>>

export interface Vendor {
  readonly name: string
  readonly path: string
  readonly make: (options: HttpPresets.PresetOptions & { readonly url: string }) => Effect.Effect<
    LogSink.LogSink,
    never,
    HttpClient.HttpClient
  >
  /** The records of a request. */
  readonly itemsOf: (received: Received) => ReadonlyArray<Item>
  readonly uidOf: (item: Item) => string
  readonly judge: (received: Received) => string | undefined
  readonly rules: Rules
  readonly stored: Reply
}

export const credential = "credential-of-the-vendor"

const isInteger = (value: unknown): boolean => Number.isSafeInteger(value)
const isText = (value: unknown): boolean => typeof value === "string"
const isIso = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
const oneOf = (...words: ReadonlyArray<string>) => (value: unknown): boolean => words.some((word) => word === value)
const lower = oneOf("trace", "debug", "info", "warn", "error", "fatal")

type Fields = Readonly<Record<string, (value: unknown) => boolean>>

const faultOfItem = (item: unknown, fields: Fields, most: number): string | undefined => {
  if (!isRecord(item)) return "a record is no object"
  for (const [name, is] of Object.entries(fields)) {
    if (!is(item[name])) return `${name} of a record is ${JSON.stringify(item[name])}`
  }
  const size = Buffer.byteLength(JSON.stringify(item))
  return size > most ? `a record has ${size} bytes` : undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const listOf = (u: unknown): ReadonlyArray<unknown> => Array.isArray(u) ? u : []
const itemsIn = (u: unknown): ReadonlyArray<Item> => listOf(u).filter(isRecord)

/** What a service wants of a request, by its documentation. */
interface Rules {
  /** Where that stands. */
  readonly document: string
  readonly header: readonly [name: string, value: string]
  readonly list: (received: Received) => unknown
  readonly fields: Fields
  readonly mostItems?: number
  readonly mostBytes?: number
  readonly mostItemBytes: number
}

const judgeOf =
  ({ fields, header: [name, value], list, mostBytes, mostItemBytes, mostItems }: Rules) =>
  (received: Received): string | undefined => {
    const { body, headers } = received
    if (headers[name] !== value) return `${name} is wrong`
    if (mostBytes !== undefined && body.length > mostBytes) return `the body has ${body.length} bytes`
    const items = list(received)
    if (!Array.isArray(items) || items.length === 0) return `there are no records in ${body.toString().slice(0, 80)}`
    if (mostItems !== undefined && items.length > mostItems) return `there are ${items.length} records`
    return items.map((item) => faultOfItem(item, fields, mostItemBytes)).find((fault) => fault !== undefined)
  }

const array = ({ body }: Received): unknown => parsed(body.toString())

/** One object after the other, each on a line. */
const concatenated = ({ body }: Received): ReadonlyArray<unknown> => body.toString().split("\n").map(parsed)

const newRelicLogs = (received: Received): unknown => {
  const [block, more] = listOf(array(received))
  if (more !== undefined || !isRecord(block) || !isRecord(block["common"])) return undefined
  if (!isRecord(block["common"]["attributes"])) return undefined
  return block["logs"]
}

const seconds = (value: unknown): boolean => typeof value === "number" && value < 1e10

const json = { "content-type": "application/json" }

/** What Axiom answers that has not taken the first of the records. */
export const ingested = (failed: number): Reply => ({ received, response, store }) => {
  const items = itemsIn(array(received))
  const stored = items.slice(failed)
  store({ ...received, body: Buffer.from(JSON.stringify(stored)) })
  const failures = items.slice(0, failed).map(() => ({ error: "too many fields" }))
  response.writeHead(200, json).end(JSON.stringify({ ingested: stored.length, failed, failures, processedBytes: 1 }))
}

const vendor = (
  given: Pick<Vendor, "make" | "name" | "path" | "rules" | "stored"> & { readonly uidOf?: Vendor["uidOf"] }
): Vendor => ({
  uidOf: (item) => String(item["uid"]),
  ...given,
  itemsOf: (received) => itemsIn(given.rules.list(received)),
  judge: judgeOf(given.rules)
})

export const vendors: ReadonlyArray<Vendor> = [
  vendor({
    name: "datadog",
    path: "/api/v2/logs",
    make: (options) =>
      HttpPresets.datadog({
        apiKey: Redacted.make(credential),
        service: "orders",
        hostname: "web-1",
        tags: { env: "test", team: "a" },
        ...options
      }),
    rules: {
      document: "Datadog, API reference, Logs, “Send logs” (v2)",
      header: ["dd-api-key", credential],
      list: array,
      fields: {
        message: isText,
        status: lower,
        date: isInteger,
        uid: isText,
        ddsource: oneOf("nodejs"),
        ddtags: oneOf("env:test,team:a"),
        hostname: oneOf("web-1"),
        service: oneOf("orders")
      },
      mostItems: 1000,
      mostBytes: 5_000_000,
      mostItemBytes: 1_000_000
    },
    stored: said(202, "{}", json)
  }),
  vendor({
    name: "splunk",
    path: "/services/collector/event",
    make: (options) =>
      HttpPresets.splunk({
        token: Redacted.make(credential),
        index: "main",
        host: "web-1",
        source: "orders",
        ...options
      }),
    uidOf: ({ event }) => String(isRecord(event) ? event["uid"] : undefined),
    rules: {
      document: "Splunk, “Format events for HTTP Event Collector”",
      header: ["authorization", `Splunk ${credential}`],
      list: concatenated,
      fields: {
        time: seconds,
        host: oneOf("web-1"),
        source: oneOf("orders"),
        sourcetype: oneOf("_json"),
        index: oneOf("main"),
        event: (event) => isRecord(event) && isText(event["message"]) && lower(event["level"]) && isText(event["uid"])
      },
      mostBytes: 1_000_000,
      mostItemBytes: 900_000
    },
    stored: said(200, `{"text":"Success","code":0}`, json)
  }),
  vendor({
    name: "new-relic",
    path: "/log/v1",
    make: (options) =>
      HttpPresets.newRelic({
        licenseKey: Redacted.make(credential),
        attributes: { "service.name": "orders", port: 80, canary: true },
        ...options
      }),
    rules: {
      document: "New Relic, “Introduction to the Log API”, the detailed JSON body",
      header: ["api-key", credential],
      list: newRelicLogs,
      fields: { message: isText, timestamp: isInteger, level: lower, uid: isText },
      mostBytes: 1_000_000,
      mostItemBytes: 900_000
    },
    stored: said(202, `{"requestId":"c0ffee"}`, json)
  }),
  vendor({
    name: "better-stack",
    path: "/",
    make: (options) => HttpPresets.betterStack({ sourceToken: Redacted.make(credential), ...options }),
    rules: {
      document: "Better Stack, Logs, “Ingesting logs” over HTTP",
      header: ["authorization", `Bearer ${credential}`],
      list: array,
      fields: { message: isText, dt: isIso, level: lower, uid: isText },
      mostBytes: 10_000_000,
      mostItemBytes: 9_000_000
    },
    stored: said(202, "")
  }),
  vendor({
    name: "axiom",
    path: "/v1/datasets/orders%2Fweb/ingest",
    make: (options) => HttpPresets.axiom({ token: Redacted.make(credential), dataset: "orders/web", ...options }),
    rules: {
      document: "Axiom, REST API, “Ingest data”, and “Limits”",
      header: ["authorization", `Bearer ${credential}`],
      list: array,
      fields: { message: isText, _time: isIso, level: lower, uid: isText },
      mostItems: 10_000,
      mostItemBytes: 1_000_000
    },
    stored: ingested(0)
  })
]
