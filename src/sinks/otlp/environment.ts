/**
 * What the variables of OpenTelemetry say (Specification 1.50, `configuration/sdk-environment-variables` and
 * `protocol/exporter`): an empty one is not set, and one that cannot be read is ignored with a warning.
 */
import * as Parse from "./environmentValues.ts"

/** What is said of the sink. What is not is `undefined`. */
export interface Settings {
  /** Whether no records are to be sent. */
  readonly isDisabled: boolean
  readonly url: string | undefined
  readonly headers: Readonly<Record<string, string>> | undefined
  readonly compression: "none" | "gzip" | undefined
  readonly format: "protobuf" | "json" | undefined
  /** Milliseconds; `Infinity` for no bound. */
  readonly writeTimeout: number | undefined
  /** Milliseconds. */
  readonly batchWindow: number | undefined
  readonly capacity: number | undefined
  readonly maxBatchSize: number | undefined
  readonly maxAttributes: number | undefined
  readonly maxAttributeLength: number | undefined
  readonly attributes: Readonly<Record<string, string>>
}

export type Environment = Readonly<Record<string, string | undefined>>

const otlp = (name: string): readonly [string, string] => [
  `OTEL_EXPORTER_OTLP_LOGS_${name}`,
  `OTEL_EXPORTER_OTLP_${name}`
]
const attribute = (name: string): ReadonlyArray<string> => [
  `OTEL_LOGRECORD_ATTRIBUTE_${name}`,
  `OTEL_ATTRIBUTE_${name}`
]

/** The variables by what they say, each that is for logs before the one for all signals. */
const variables = {
  disabled: ["OTEL_SDK_DISABLED"],
  exporter: ["OTEL_LOGS_EXPORTER"],
  endpoint: otlp("ENDPOINT"),
  headers: otlp("HEADERS"),
  compression: otlp("COMPRESSION"),
  protocol: otlp("PROTOCOL"),
  timeout: otlp("TIMEOUT"),
  certificate: otlp("CERTIFICATE"),
  clientKey: otlp("CLIENT_KEY"),
  clientCertificate: otlp("CLIENT_CERTIFICATE"),
  scheduleDelay: ["OTEL_BLRP_SCHEDULE_DELAY"],
  exportTimeout: ["OTEL_BLRP_EXPORT_TIMEOUT"],
  maxQueueSize: ["OTEL_BLRP_MAX_QUEUE_SIZE"],
  maxExportBatchSize: ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE"],
  countLimit: attribute("COUNT_LIMIT"),
  lengthLimit: attribute("VALUE_LENGTH_LIMIT"),
  resourceAttributes: ["OTEL_RESOURCE_ATTRIBUTES"],
  serviceName: ["OTEL_SERVICE_NAME"]
} as const satisfies Record<string, ReadonlyArray<string>>

/** The names of all variables that are read. */
export const names: ReadonlyArray<string> = Object.values(variables).flat()

/** What the variables say, and a sentence about each that is ignored. Pure. */
export const settingsOf = (
  environment: Environment
): { readonly settings: Settings; readonly warnings: ReadonlyArray<string> } => {
  const warnings: Array<string> = []
  const read = <A>(names: ReadonlyArray<string>, parse: Parse.Parse<A>): A | undefined => {
    for (const name of names) {
      const text = environment[name]?.trim() ?? ""
      if (text === "") continue
      const parsed = parse(text)
      if ("value" in parsed) return parsed.value
      warnings.push(`${name} is ignored: expected ${parsed.expected}, got ${parsed.got}; correct it, or unset it`)
    }
    return undefined
  }
  const [endpointOfLogs, endpointOfAll] = variables.endpoint
  const timeouts = [read(variables.timeout, Parse.timeout), read(variables.exportTimeout, Parse.timeout)]
  const times = timeouts.filter((time) => time !== undefined)
  const exporters = read(variables.exporter, Parse.exporters)
  const serviceName = read(variables.serviceName, Parse.text)
  for (const names of [variables.certificate, variables.clientKey, variables.clientCertificate]) {
    read(names, Parse.ofClient)
  }
  const settings: Settings = {
    isDisabled: read(variables.disabled, Parse.flag) === true || exporters?.includes("otlp") === false,
    url: read([endpointOfLogs], Parse.endpoint) ?? read([endpointOfAll], Parse.baseEndpoint),
    headers: read(variables.headers, Parse.headers),
    compression: read(variables.compression, Parse.oneOf({ none: "none", gzip: "gzip" })),
    format: read(variables.protocol, Parse.oneOf({ "http/protobuf": "protobuf", "http/json": "json" })),
    writeTimeout: times.length === 0 ? undefined : Math.min(...times),
    batchWindow: read(variables.scheduleDelay, Parse.wholeNumber(0)),
    capacity: read(variables.maxQueueSize, Parse.wholeNumber(1)),
    maxBatchSize: read(variables.maxExportBatchSize, Parse.wholeNumber(1)),
    maxAttributes: read(variables.countLimit, Parse.wholeNumber(0)),
    maxAttributeLength: read(variables.lengthLimit, Parse.wholeNumber(0)),
    attributes: {
      ...read(variables.resourceAttributes, Parse.pairs),
      ...(serviceName !== undefined && { "service.name": serviceName })
    }
  }
  return { settings, warnings }
}
