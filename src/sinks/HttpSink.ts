/**
 * Posts records to an endpoint over HTTP: JSON lines, a JSON array, or what a function of yours makes of a batch.
 *
 * A batch counts as delivered when the answer says so. It is encoded and compressed once, and sent again in the
 * same bytes until it is answered; what answer means what is a table that can be changed.
 *
 * The module is not in the index of the package, so that programs without it load no HTTP client: import it from
 * `effect-spillway/sinks/HttpSink`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import { remoteLaneWithin } from "../contract/remoteLane.ts"
import * as LogEncoder from "../LogEncoder.ts"
import * as LogRecord from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { shown } from "../options/shown.ts"
import { unawaited } from "../options/unawaited.ts"
import { encoderCheck, encodersOf } from "./encoding/format.ts"
import { type Compression, compressionCheck } from "./http/compression.ts"
import { JsonArrays } from "./http/JsonArrays.ts"
import { errorOf, type Meaning, type Statuses, statusesCheck } from "./http/statuses.ts"
import { headerNameCheck, headerValueCheck, targetChecks, targetOf } from "./http/target.ts"
import { makeWrite } from "./http/write.ts"

/**
 * How a batch is put together. A function gets the records of one request, and gives its body: it must give the same for
 * the same records, and for all of them.
 *
 * @category models
 * @since 0.1.0
 */
export type Format = "ndjson" | "json-array" | ((batch: ReadonlyArray<LogRecord.LogRecord>) => Uint8Array | string)

export type { Compression, Meaning, Statuses }

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LogSink.LaneOptions> {
  /**
   * Where batches are posted to: `http:` or `https:`. Credentials in it (`https://user:password@host`) are sent as
   * Basic authentication. Messages name its host only.
   */
  readonly url: string | URL | Redacted.Redacted
  /**
   * Headers of every request. A secret is given in a `Redacted`; none of them is ever printed.
   *
   * @default none
   */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
  /**
   * How a batch is put together: JSON lines, one JSON array, or a function that makes the body of a request. A batch for
   * which it throws is refused, down to the records that are at fault.
   *
   * @default "ndjson"
   */
  readonly format?: Format | undefined
  /**
   * How each record is encoded for `"ndjson"` and `"json-array"`: a `LogEncoder`, for an array one of JSON. By
   * the uid a destination knows a record that it is sent twice.
   *
   * @default JSON with the uid
   */
  readonly encoder?: LogEncoder.LogEncoder | undefined
  /**
   * What the body is said to be.
   *
   * @default "application/x-ndjson"; an array "application/json"; a function "application/octet-stream"
   */
  readonly contentType?: string | undefined
  /**
   * How bodies of 1 KiB and more are compressed, on the thread pool: `"none"`, `"gzip"` (level 1) or `"zstd"`.
   *
   * @default "none"
   */
  readonly compression?: Compression | undefined
  /**
   * What some statuses mean in place of what they mean else, like `{ 409: "delivered" }`: `"delivered"`,
   * `"unavailable"`, `"rejected"`, `"tooLarge"` or `"misconfigured"`.
   *
   * @default none
   */
  readonly statuses?: Statuses | undefined
  /**
   * The header that names the batch, which is the same in each attempt: `false` for none.
   *
   * @default "Idempotency-Key"
   */
  readonly idempotencyHeader?: string | false | undefined
  /**
   * Most bytes of a body before it is compressed: a whole number of at least 1. A larger batch is sent in parts,
   * before it costs a request.
   *
   * @default any size; what is answered with 413 is sent in parts
   */
  readonly maxBodyBytes?: number | undefined
  /**
   * Most bytes of one encoded record: a whole number of at least 1. A larger one is shortened, and given up as
   * `too_large` where that does not help.
   *
   * @default any size
   */
  readonly maxRecordBytes?: number | undefined
  /**
   * The name of the lane.
   *
   * @default "http"
   */
  readonly name?: string | undefined
}

/**
 * Creates a sink that posts its batches with the `HttpClient` of the program.
 *
 * **Details**
 *
 * TLS, proxies, certificates and connections are matters of the client. The sink adds nothing to traces, logs nothing of
 * its requests, and follows no redirect: that is a `Misconfigured` that names where it points. Of an answer 64 KiB are
 * read; what comes after them, or after `writeTimeout`, is cut off with its connection.
 *
 * 2xx is delivered. 408, 421, 425, 429 and 5xx are tried again, not before `Retry-After`; 413 is sent in
 * parts; 401 to 405, 407, 410, 411, 414, 415, 426, 431, 451, 501, 505 and 511 keep the records until somebody
 * has changed something; any other 4xx refuses the batch, and the lane finds the records that are at fault.
 * A certificate that is not to be trusted is `Misconfigured` too.
 *
 * Records may be there twice after a request that had no answer, or one of 5xx save 503: these fail as `ambiguous`. A
 * connection that was unused for a second and breaks before an answer is taken for one that the server has closed
 * meanwhile; the batch is sent again at once, and when that is answered well a line on stderr says so.
 *
 * After a failure the name of the host is looked up anew, once the connection of one more attempt has closed.
 *
 * **Gotchas**
 *
 * Records are lost, and counted, when the endpoint cannot be reached for longer than the retry schedule
 * (`retries_exhausted`, `unconfirmed`) or the queue (`queue_full`) lasts, and when it refuses them
 * (`rejected_by_server`). A spool keeps them. What is queued when the process ends without a drain goes to
 * a spool, or to the last resort of `ProcessHooks`: nothing is posted synchronously.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Example** (Posting JSON lines)
 *
 * ```ts
 * import { Effect, Layer, Redacted } from "effect"
 * import { Logging } from "effect-spillway"
 * import * as HttpSink from "effect-spillway/sinks/HttpSink"
 * import { HttpClient, HttpClientResponse } from "effect/http"
 *
 * const posted: Array<string | undefined> = []
 * // In a program: NodeHttpClient.layerUndici
 * const Client = Layer.succeed(
 *   HttpClient.HttpClient,
 *   HttpClient.make((request) => {
 *     posted.push(request.headers["authorization"])
 *     return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 204 })))
 *   })
 * )
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [
 *     HttpSink.make({
 *       url: "https://logs.example/in",
 *       headers: { authorization: Redacted.make("Bearer 1234") }
 *     })
 *   ]
 * }).pipe(Layer.provide(Client))
 *
 * await Effect.runPromise(Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive)))
 *
 * posted // => ["Bearer 1234"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  const {
    compression = "none",
    encoder = LogEncoder.json({ uid: true }),
    format = "ndjson",
    contentType = contentTypeOf(format),
    headers,
    idempotencyHeader = "Idempotency-Key",
    maxBodyBytes,
    maxRecordBytes,
    name = "http",
    statuses,
    url,
    ...lane
  } = checkOptions("HttpSink.make", checks, options, arrayOfJson)
  const target = targetOf({ url, headers })
  return Effect.suspend(() => {
    const encoders = encodersOf(encoder)
    const encode = bodyMaker(format, encoders.make())
    const measure = bodyMaker(format === "json-array" ? "ndjson" : format, encoders.make())
    return Effect.map(
      makeWrite({
        target,
        contentType,
        compression,
        encode,
        maxBodyBytes,
        headersOf: idempotencyHeader === false
          ? undefined
          : (batch) => ({ [idempotencyHeader]: LogRecord.batchId(batch) }),
        errorOf: (answer) => errorOf(answer, target.host, statuses)
      }),
      (write) =>
        encoders.countedIn(LogSink.make({
          name,
          ...remoteLaneWithin(maxBodyBytes ?? Infinity, LogSink.defaults.maxBatchBytes),
          recordLimit: maxRecordBytes === undefined
            ? undefined
            : { maxBytes: maxRecordBytes, sizeOf: (record) => measure([record]).length },
          ...lane,
          write
        }))
    )
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const contentTypeOf = (format: Format): string => {
  if (typeof format === "function") return "application/octet-stream"
  return format === "ndjson" ? "application/x-ndjson" : "application/json"
}

const utf8 = new TextEncoder()

/** Makes the body of a batch: a view, until the next call, in memory of its own. */
const bodyMaker = (
  format: Format,
  { encodeBatch }: Pick<LogEncoder.LogEncoder, "encodeBatch">
): (batch: ReadonlyArray<LogRecord.LogRecord>) => Uint8Array => {
  if (format === "ndjson") return encodeBatch
  if (format === "json-array") {
    const arrays = new JsonArrays()
    return (batch) => arrays.of(encodeBatch(batch))
  }
  return (batch) => {
    const body: unknown = unawaited(format(batch))
    if (typeof body === "string") return utf8.encode(body)
    if (body instanceof Uint8Array) return body
    throw new TypeError(`format must give a text or bytes, it gave ${shown(body)}`)
  }
}

const checks: Check.Checks<Options> = {
  ...targetChecks,
  format: Check.either(Check.words("ndjson", "json-array"), Check.aSyncFunction),
  encoder: encoderCheck,
  contentType: headerValueCheck,
  compression: compressionCheck,
  statuses: statusesCheck,
  idempotencyHeader: Check.either(headerNameCheck, Check.no),
  maxBodyBytes: Check.wholeNumber(1),
  maxRecordBytes: Check.wholeNumber(1),
  name: Check.text,
  ...laneChecks
}

/** What is put into an array must be JSON. An encoder that throws has its records written as markers. */
const arrayOfJson: Check.Rule<Options> = ({ encoder, format }) => {
  if (format !== "json-array" || encoder === undefined) return undefined
  const line = Result.try(() => encoder.encode(LogRecord.make({ message: "" })))
  return Result.isFailure(line) || line.success.startsWith("{")
    ? undefined
    : { at: ".encoder", text: `must be an encoder of JSON where format is "json-array"` }
}
