/**
 * Two programs that read OTLP without a line of ours: protobufjs, and Debian's `protoc`. Where the official definitions
 * are beside the repository both read with these, else with a description of our own.
 */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import protobuf from "protobufjs"
import { engines } from "../../../scratchpad/engines/engines.ts"
import { hasEngine } from "../../support/engines.ts"

const official = {
  folder: "../shared/data/otlp-proto",
  service: "opentelemetry/proto/collector/logs/v1/logs_service.proto"
}
const messages = "opentelemetry.proto.collector.logs.v1"

export const hasOfficial = existsSync(join(official.folder, official.service))
const { folder, service } = hasOfficial ? official : { folder: "test/sinks/otlp", service: "logs.proto" }

export const hasProtoc = hasEngine(engines.protoc)

if (!hasOfficial) {
  console.log("skipped: the official definitions of OTLP are not here; a description of our own is in their place")
}

const typeOf = (name: string): protobuf.Type => {
  const root = new protobuf.Root()
  root.resolvePath = (_, target) => join(folder, target)
  return root.loadSync(service).lookupType(`${messages}.${name}`)
}

let request: protobuf.Type | undefined
let response: protobuf.Type | undefined

/** What protobufjs reads in a request, with the names and the texts of its JSON. */
export const decodeRequest = (bytes: Uint8Array): unknown => {
  request ??= typeOf("ExportLogsServiceRequest")
  return comparable(request.toObject(request.decode(bytes), { longs: String, json: true }))
}

/** What protobufjs writes for an answer. */
export const encodeResponse = (answer: Record<string, unknown>): Uint8Array => {
  response ??= typeOf("ExportLogsServiceResponse")
  return response.encode(response.fromObject(answer)).finish()
}

const protoc = (mode: "--decode" | "--encode", input: Uint8Array): Buffer =>
  execFileSync("protoc", ["-I", folder, `${mode}=${messages}.ExportLogsServiceRequest`, service], {
    input,
    maxBuffer: 2 ** 30
  })

/** What `protoc` has read, written by it again. */
export const throughProtoc = (bytes: Uint8Array): Uint8Array => protoc("--encode", protoc("--decode", bytes))

/** A message of JSON with one form for what may be written in several: bytes, and what is not there. */
export const comparable = (u: unknown): unknown => {
  if (u instanceof Uint8Array) return Buffer.from(u).toString("base64")
  if (Array.isArray(u)) return u.map(comparable)
  if (typeof u !== "object" || u === null) return u
  return Object.fromEntries(
    Object.entries(u).filter(([key, value]) => !isDefault(key, value)).map(([key, value]) => [
      key,
      (key === "traceId" || key === "spanId") && value instanceof Uint8Array
        ? Buffer.from(value).toString("hex")
        : comparable(value)
    ])
  )
}

/** Fields that are not sent where they say nothing. */
const isDefault = (key: string, value: unknown): boolean =>
  value === undefined || (value === "" && key === "key") || (value === "0" && key.endsWith("UnixNano")) ||
  (value === 0 && (key === "flags" || key === "droppedAttributesCount")) ||
  ((key === "values" || key === "attributes") && Array.isArray(value) && value.length === 0)
