/**
 * Indexes records in Elasticsearch or OpenSearch, with bulk requests into a data stream or an index.
 *
 * Each record is answered for itself: what is stored is delivered, what there was no room for is sent again alone,
 * and a record that does not fit the mapping is refused alone, with the reason in its dead letter. A record that is
 * there already is known by its uid, which is the id of its document.
 *
 * The module is not in the index of the package, so that programs without it load no HTTP client: import it from
 * `effect-spillway/sinks/ElasticsearchSink`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import type { Given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import { remoteLaneWithin } from "../contract/remoteLane.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { shown } from "../options/shown.ts"
import { errorOf } from "./elasticsearch/answers.ts"
import { type Auth, authCheck, authorizationOf } from "./elasticsearch/authorization.ts"
import { BulkBody } from "./elasticsearch/BulkBody.ts"
import { areFreeFields, isFreeName } from "./elasticsearch/fieldNames.ts"
import { indexCheck, oneOfBoth, partCheck, placeOf } from "./elasticsearch/place.ts"
import { targetChecks, targetOf } from "./http/target.ts"
import { makeWrite } from "./http/write.ts"

export type { Auth } from "./elasticsearch/authorization.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LogSink.LaneOptions> {
  /**
   * The address of the cluster, `http:` or `https:`, with the path before that of its API if it has one. Credentials
   * in it are sent as Basic authentication. Messages name its host only.
   */
  readonly url: string | URL | Redacted.Redacted
  /**
   * Who the program is: `{ apiKey }` with an API key in the encoded form, `{ username, password }` or `{ bearer }`. A
   * secret is given in a `Redacted`; none of them is ever printed.
   *
   * @default the credentials of `url`, if any
   */
  readonly auth?: Auth | undefined
  /**
   * Headers of every request. A secret is given in a `Redacted`; none of them is ever printed.
   *
   * @default none
   */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
  /**
   * The second part of the name of the data stream, `logs-<dataset>-<namespace>`.
   *
   * @default "generic"
   */
  readonly dataset?: string | undefined
  /**
   * Its third part.
   *
   * @default "default"
   */
  readonly namespace?: string | undefined
  /**
   * An index, an alias or a data stream by its name, in place of `dataset` and `namespace`. `{yyyy.MM.dd}`,
   * `{yyyy.MM}` or `{yyyy}` in it is the date of the record in UTC.
   *
   * @default the data stream
   */
  readonly index?: string | undefined
  /**
   * The ingest pipeline that documents go through.
   *
   * @default the one of the index, if any
   */
  readonly pipeline?: string | undefined
  /**
   * Whether the name must be that of an alias.
   *
   * @default false
   */
  readonly requireAlias?: boolean | undefined
  /**
   * Whether the name must be that of a data stream, or of an index template that makes one. OpenSearch does not know
   * it.
   *
   * @default false
   */
  readonly requireDataStream?: boolean | undefined
  /**
   * The field that holds the annotations, so that they meet no field of another kind.
   *
   * @default "attributes"
   */
  readonly annotations?: string | undefined
  /**
   * Fields that every document has besides, like `{ "service.name": "orders" }`.
   *
   * @default none
   */
  readonly fields?: Readonly<Record<string, unknown>> | undefined
  /**
   * The digits of `@timestamp`: `"nanos"` has nine, of which a field of the type `date` keeps three, and `"millis"`
   * three.
   *
   * @default "nanos"
   */
  readonly time?: "nanos" | "millis" | undefined
  /**
   * How bodies of 1 KiB and more are compressed, on the thread pool: `"none"` or `"gzip"` (level 1).
   *
   * @default "gzip"
   */
  readonly compression?: "none" | "gzip" | undefined
  /**
   * Most bytes of a body before it is compressed: a whole number of at least 1. A larger batch is sent in parts,
   * before it costs a request.
   *
   * @default 10,000,000, which the smallest nodes of Amazon OpenSearch take
   */
  readonly maxBodyBytes?: number | undefined
  /**
   * The name of the lane.
   *
   * @default "elasticsearch"
   */
  readonly name?: string | undefined
}

/**
 * Creates a sink that sends its batches with the `HttpClient` of the program.
 *
 * **Details**
 *
 * A batch is a request to `_bulk`. Each record is created under its uid (`op_type` `create`, the only one that data
 * streams take): one that is there already is answered with 409, and is delivered.
 *
 * The protocol is that of Elasticsearch 9, "Bulk index or delete documents", and OpenSearch 3, "Bulk". A document has `@timestamp`, `log.level`, `message` as a text with the objects that were logged in `data`,
 * `error.type`, `error.message` and `error.stack_trace` of its cause or of an error among its messages,
 * `trace.id`, `span.id`, the annotations in `attributes`, and fiber and log spans in `effect`. Blank names are `_`,
 * and what lies deeper than 16 levels is text, because a server takes neither.
 *
 * Of the records of an answer, 408, 429 and 5xx are tried again alone. What a mapping does not take is refused alone
 * (`rejected_by_server`), with the reason of the server, without what that quotes, as `lastError` of its dead letter.
 * 401, 403, 404, a closed or blocked index and a pipeline that is not there keep the records until somebody has
 * changed something. An answer that does not tell of each record is tried again. For all of a request the same
 * holds by its status; 413 is sent in parts.
 *
 * Of an answer 4 MiB are read; where there is more, what it says of the first records counts. TLS, proxies, certificates and connections are matters of the client.
 *
 * **Gotchas**
 *
 * A data stream knows the ids of its newest index only: a record that is sent again, because the answer was lost, may
 * be there twice where the stream has rolled over between the two attempts. Records are lost, and counted, when the
 * cluster cannot be reached for longer than the retry schedule (`retries_exhausted`, `unconfirmed`) or the
 * queue (`queue_full`) lasts, and when it refuses them (`rejected_by_server`). A spool keeps them. What is queued when
 * the process ends without a drain goes to a spool, or to the last resort of `ProcessHooks`: nothing is posted
 * synchronously.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Example** (Sending records to a data stream)
 *
 * ```ts
 * import { Effect, Layer, Redacted } from "effect"
 * import { Logging } from "effect-spillway"
 * import * as ElasticsearchSink from "effect-spillway/sinks/ElasticsearchSink"
 * import { HttpClient, HttpClientResponse } from "effect/http"
 *
 * const posted: Array<string> = []
 * // In a program: NodeHttpClient.layerUndici
 * const Client = Layer.succeed(
 *   HttpClient.HttpClient,
 *   HttpClient.make((request) => {
 *     posted.push(new URL(request.url).pathname)
 *     const answer = { errors: false, items: [{ create: { status: 201 } }] }
 *     return Effect.succeed(HttpClientResponse.fromWeb(request, Response.json(answer)))
 *   })
 * )
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [
 *     ElasticsearchSink.make({
 *       url: "https://search.example:9200",
 *       auth: { apiKey: Redacted.make("MTIzNDpzZWNyZXQ=") },
 *       dataset: "orders"
 *     })
 *   ]
 * }).pipe(Layer.provide(Client))
 *
 * await Effect.runPromise(Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive)))
 *
 * posted // => ["/logs-orders-default/_bulk"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  const {
    annotations = "attributes",
    auth,
    compression = "gzip",
    dataset,
    fields = {},
    headers,
    index,
    maxBodyBytes = mostBodyBytes,
    name = "elasticsearch",
    namespace,
    pipeline,
    requireAlias,
    requireDataStream,
    time = "nanos",
    url,
    ...lane
  } = checkOptions("ElasticsearchSink.make", checks, options, together)
  const place = placeOf({ dataset, namespace, index, pipeline, requireAlias, requireDataStream })
  const target = targetOf({ url, headers }, {
    path: place.path,
    parameters: place.parameters,
    headers: auth && { authorization: authorizationOf(auth) }
  })
  return Effect.suspend(() => {
    const body = new BulkBody({ annotations, fields, time, index: place.index })
    return Effect.map(
      makeWrite({
        target,
        contentType: "application/x-ndjson",
        compression,
        encode: (batch) => body.encode(batch),
        maxBodyBytes,
        mostAnswerBytes,
        errorOf: (answer, batch) => errorOf(answer, batch, target.host)
      }),
      (write) =>
        LogSink.make({
          name,
          ...remoteLaneWithin(maxBodyBytes),
          ...lane,
          write
        })
    )
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const mostBodyBytes = 10_000_000

/** Room for 10,000 refusals, each with its reason. */
const mostAnswerBytes = 4 * 1024 * 1024

const checks: Check.Checks<Options> = {
  name: Check.text,
  ...targetChecks,
  auth: authCheck,
  dataset: partCheck,
  namespace: partCheck,
  index: indexCheck,
  pipeline: Check.text,
  requireAlias: Check.flag,
  requireDataStream: Check.flag,
  annotations: Check.satisfies(
    "the name of a field that a document does not have",
    isFreeName
  ),
  fields: Check.satisfies("an object of fields that a document does not have, as JSON can show them", areFreeFields),
  time: Check.words("nanos", "millis"),
  compression: Check.words("none", "gzip"),
  maxBodyBytes: Check.wholeNumber(1),
  ...laneChecks
}

const together: Check.Rule<Options> = (options) => {
  const { annotations = "attributes", fields = {} } = options
  const twice = Object.hasOwn(fields, annotations)
    ? { at: ".fields", text: `must not have ${shown(annotations)}, where the annotations are` }
    : undefined
  return oneOfBoth(options) ?? twice
}
