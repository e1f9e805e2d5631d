/**
 * Sends records to an OpenTelemetry collector, or to whatever else takes logs over OTLP/HTTP (OTLP 1.11).
 *
 * Severity, body, attributes, trace and span are as the data model of logs has them; the exception of a record follows
 * the conventions for exceptions in logs. Protobuf is written straight from the records.
 *
 * The module is not in the index of the package, so that programs without it load no HTTP client: import it from
 * `effect-spillway/sinks/OtlpSink`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { type Given, given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import { remoteLaneWithin } from "../contract/remoteLane.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkOptions, optionsOf } from "../options/checkOptions.ts"
import { variable } from "../options/variable.ts"
import { isRecord } from "../record/plainData.ts"
import { type Compression, compressionCheck } from "./http/compression.ts"
import { headersCheck, targetOf, urlCheck } from "./http/target.ts"
import { makeWrite } from "./http/write.ts"
import { errorOf } from "./otlp/answers.ts"
import { type Environment, names, settingsOf } from "./otlp/environment.ts"
import { JsonLogs } from "./otlp/JsonLogs.ts"
import { ProtobufLogs } from "./otlp/ProtobufLogs.ts"
import { resourceOf, type ResourceOptions } from "./otlp/resource.ts"
import { version } from "./otlp/version.ts"

export type { Compression } from "./http/compression.ts"
export type { ResourceOptions } from "./otlp/resource.ts"

/**
 * Who writes the records: the library, unless a program says otherwise.
 *
 * @category options
 * @since 0.1.0
 */
export interface ScopeOptions {
  /** The name of the scope. */
  readonly name: string
  /**
   * Its version.
   *
   * @default none
   */
  readonly version?: string | undefined
}

/**
 * Options of {@link make} and {@link fromEnvironment}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LogSink.LaneOptions> {
  /**
   * Where batches are posted to, with its path: `http:` or `https:`. Credentials in it are sent as Basic
   * authentication. Messages name its host only.
   *
   * @default "http://localhost:4318/v1/logs"
   */
  readonly url?: string | URL | Redacted.Redacted | undefined
  /**
   * Headers of every request. A secret is given in a `Redacted`; none of them is ever printed.
   *
   * @default none
   */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
  /**
   * How records are encoded: `"protobuf"` or `"json"`.
   *
   * @default "protobuf"
   */
  readonly format?: "protobuf" | "json" | undefined
  /**
   * How bodies of 1 KiB and more are compressed, on the thread pool: `"none"`, `"gzip"` (level 1) or `"zstd"`.
   *
   * @default "none"
   */
  readonly compression?: Compression | undefined
  /**
   * The service whose records these are: {@link ResourceOptions}.
   *
   * @default the name "unknown_service:node"
   */
  readonly resource?: ResourceOptions | undefined
  /**
   * Who writes the records: {@link ScopeOptions}.
   *
   * @default "effect-spillway" with its version
   */
  readonly scope?: ScopeOptions | undefined
  /**
   * Whether annotations in annotations are attributes of their own, with dots in their names (`user.id`), for
   * destinations that take no nested ones.
   *
   * @default false
   */
  readonly flatten?: boolean | undefined
  /**
   * Whether a record has the attribute `log.record.uid`, by which a destination knows one that it is sent twice.
   *
   * @default true
   */
  readonly uid?: boolean | undefined
  /**
   * Most attributes of a record. Those of the record itself come first, then its annotations in their order; what
   * is left out is counted in `dropped_attributes_count`.
   *
   * @default 128
   */
  readonly maxAttributes?: number | undefined
  /**
   * Most characters of a text in an attribute, whose end is cut; `Infinity` for any number. A uid is never cut.
   *
   * @default any number
   */
  readonly maxAttributeLength?: number | undefined
  /**
   * Most bytes of a body before it is compressed: a whole number of at least 1. A larger batch is sent in parts,
   * before it costs a request.
   *
   * @default 64 MiB, as OTLP asks for
   */
  readonly maxBodyBytes?: number | undefined
  /**
   * The name of the lane.
   *
   * @default "otlp"
   */
  readonly name?: string | undefined
}

/**
 * Creates a sink that sends its batches with the `HttpClient` of the program.
 *
 * **Details**
 *
 * A record is sent with its time in nanoseconds; `severity_number` 1, 5, 9, 13, 17 or 21 and its level; its message as
 * `body`, a text or what was logged, with lists and nested keys; its trace, its span and the flag `sampled`, where their
 * ids are valid. Whole numbers are integers as long as they are safe.
 *
 * Its attributes are `log.record.uid`, `exception.type`, `exception.message` and `exception.stacktrace` of its cause or
 * of an error among its messages, `effect.log_span.<label>` in milliseconds, `effect.fiberId`, and its annotations. An
 * annotation that has the name of another attribute is moved: `exception.type` becomes `annotations.exception.type`. The
 * annotation `event.name` makes the record an event: it is sent as `event_name`.
 *
 * 429, 502, 503 and 504 are tried again, not before `Retry-After`, as is what had no answer; 413 is sent in parts; 401,
 * 403, 404 and redirects keep the records until somebody has changed something; anything else refuses the
 * batch, and the lane finds the records that are at fault. Of a partial success so many records count as
 * `rejected_by_server` and nothing is sent again; a warning in it is said on stderr.
 *
 * Where this is one of the sinks, log calls are no events of their spans unless `spanEvents` says so: the records have
 * trace and span, and would be there twice.
 *
 * A write takes 10 s at most (`writeTimeout`). TLS, proxies, certificates and connections are matters of the client.
 *
 * **Gotchas**
 *
 * Records may be there twice after a request that had no answer, or one of 502 or 504. They are lost, and counted, when the
 * collector cannot be reached for longer than the retry schedule (`retries_exhausted`, `unconfirmed`) or the queue
 * (`queue_full`) lasts, and when it refuses them (`rejected_by_server`). A spool keeps them. What is queued when the
 * process ends without a drain goes to a spool, or to the last resort of `ProcessHooks`: nothing is posted synchronously.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be. The variables of OpenTelemetry are read
 * by {@link fromEnvironment} only.
 *
 * **Example** (Sending records to a collector)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Logging } from "effect-spillway"
 * import * as OtlpSink from "effect-spillway/sinks/OtlpSink"
 * import { HttpClient, HttpClientResponse } from "effect/http"
 *
 * const posted: Array<string> = []
 * // In a program: NodeHttpClient.layerUndici
 * const Client = Layer.succeed(
 *   HttpClient.HttpClient,
 *   HttpClient.make((request) => {
 *     posted.push(request.url)
 *     return Effect.succeed(HttpClientResponse.fromWeb(request, new Response("{}")))
 *   })
 * )
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [OtlpSink.make({ resource: { serviceName: "orders", serviceVersion: "1.4.2" } })]
 * }).pipe(Layer.provide(Client))
 *
 * await Effect.runPromise(Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive)))
 *
 * posted // => ["http://localhost:4318/v1/logs"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> =>
  made(checkOptions("OtlpSink.make", checks, options))

/**
 * Creates the sink of {@link make} with what the variables of OpenTelemetry say (`OTEL_EXPORTER_OTLP_*`,
 * `OTEL_RESOURCE_ATTRIBUTES` and others), read through the program's `ConfigProvider`.
 *
 * **Details**
 *
 * What `options` say goes before the variables, and of these the ones for logs before the ones for all signals. An
 * empty one is not set. One that cannot be read is ignored with a line on stderr and never ends the program, as the
 * specification of OpenTelemetry has it; the variables of `Logging.layerFromConfig` (`LOGGING_*`) are stricter.
 *
 * With `OTEL_SDK_DISABLED`, or an `OTEL_LOGS_EXPORTER` without `otlp`, all records pass the sink by.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEnvironment = (
  options: Options = {}
): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  const set = checkOptions("OtlpSink.fromEnvironment", checks, options)
  return Effect.gen(function*() {
    const { settings, warnings } = settingsOf(yield* environment)
    for (const warning of warnings) yield* Effect.logWarning(warning)
    const { attributes, headers, isDisabled, ...own } = settings
    const sink = yield* made({
      ...given(own),
      ...(headers !== undefined && { headers: redacted(headers) }),
      ...set,
      resource: { ...set.resource, attributes: { ...attributes, ...set.resource?.attributes } }
    })
    return isDisabled ? passedBy(sink) : sink
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = {
  url: urlCheck,
  headers: headersCheck,
  format: Check.words("protobuf", "json"),
  compression: compressionCheck,
  resource: optionsOf<ResourceOptions>({
    serviceName: Check.text,
    serviceVersion: Check.text,
    attributes: Check.satisfies("an object of attributes", isRecord)
  }),
  scope: optionsOf<ScopeOptions>({ name: Check.required(Check.text), version: Check.text }),
  flatten: Check.flag,
  uid: Check.flag,
  maxAttributes: Check.wholeNumber(0),
  maxAttributeLength: Check.either(
    Check.wholeNumber(0),
    Check.satisfies("Infinity", (value) => value === Infinity)
  ),
  maxBodyBytes: Check.wholeNumber(1),
  name: Check.text,
  ...laneChecks
}

/** OTLP 1.11, "OTLP/HTTP Request": what a client should bound a request to. */
const mostBodyBytes = 64 * 1024 * 1024

const made = (
  {
    compression = "none",
    flatten = false,
    format = "protobuf",
    headers,
    maxAttributeLength = Infinity,
    maxAttributes = 128,
    maxBodyBytes = mostBodyBytes,
    name = "otlp",
    resource = {},
    scope = { name: "effect-spillway", version },
    uid = true,
    url = "http://localhost:4318/v1/logs",
    ...lane
  }: Options
): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  const target = targetOf({ url, headers }, { headers: { "user-agent": userAgent } })
  const emitter = { resource: resourceOf(resource), scope: { name: scope.name, version: scope.version } }
  const mapping = { flatten, uid, mostAttributes: maxAttributes, mostText: maxAttributeLength }
  const isJson = format === "json"
  return Effect.suspend(() => {
    const logs = isJson ? new JsonLogs(emitter, mapping) : new ProtobufLogs(emitter, mapping)
    return Effect.map(
      makeWrite({
        target,
        contentType: isJson ? "application/json" : "application/x-protobuf",
        compression,
        encode: (batch) => logs.encode(batch),
        maxBodyBytes,
        errorOf: (answer, batch) => errorOf(answer, batch, target.host, isJson)
      }),
      (write) =>
        LogSink.make({
          name,
          ...remoteLaneWithin(maxBodyBytes),
          writeTimeout: "10 seconds",
          ...lane,
          replacesSpanEvents: true,
          write
        })
    )
  })
}

/** The sink that no record goes to, whatever level the environment sets for it. */
const passedBy = (sink: LogSink.LogSink): LogSink.LogSink => ({
  ...sink.pipe(LogSink.withMinimumLevel("None"), LogSink.filter(() => false)),
  replacesSpanEvents: false
})

const userAgent = `effect-spillway-OTLP-Exporter-JavaScript/${version}`

const redacted = (headers: Readonly<Record<string, string>>): Readonly<Record<string, Redacted.Redacted>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Redacted.make(value)]))

const environment: Effect.Effect<Environment> = Effect.map(
  Effect.forEach(names, (name) => Effect.map(variable(name), (text) => [name, text] as const)),
  (entries) => Object.fromEntries(entries)
)
