/**
 * Pushes records to Grafana Loki (`POST /loki/api/v1/push`, JSON), or to whatever else takes logs so.
 *
 * A few labels say what streams records belong to; what else is known of them is structured metadata, and what was
 * logged is the line. Times are in nanoseconds, and differ between records of one millisecond.
 *
 * The module is not in the index of the package, so that programs without it load no HTTP client: import it from
 * `effect-spillway/sinks/LokiSink`.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import type { Given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import { remoteLaneWithin } from "../contract/remoteLane.ts"
import type * as LogEncoder from "../LogEncoder.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { type DurationInput, durationOf } from "../options/duration.ts"
import { encoderCheck } from "./encoding/format.ts"
import { targetChecks, targetOf } from "./http/target.ts"
import { makeWrite } from "./http/write.ts"
import { errorOf } from "./loki/answers.ts"
import { annotationCheck, labelNameCheck, labelsCheck, labelsTogether, tenantCheck } from "./loki/labelChecks.ts"
import { Labels } from "./loki/Labels.ts"
import { bodyBytes, lineBytes } from "./loki/limits.ts"
import { lineEncoders, Lines } from "./loki/Lines.ts"
import { Metadata } from "./loki/Metadata.ts"
import { PushBodies } from "./loki/PushBodies.ts"
import { StreamLimit } from "./loki/StreamLimit.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LogSink.LaneOptions> {
  /**
   * Where Loki is: `http:` or `https:`. `loki/api/v1/push` is put behind its path, unless it ends like that.
   * Credentials in it are sent as Basic authentication. Messages name its host only.
   */
  readonly url: string | URL | Redacted.Redacted
  /**
   * What all streams of this sink have, at least one: `{ service_name: "orders" }`. Processes that log at
   * the same time are told apart by one that each has for itself, like `pod`.
   */
  readonly labels: Readonly<Record<string, string>>
  /**
   * The name of the label that is the level (`trace` to `fatal`), or `false` to have it as structured metadata.
   *
   * @default "level"
   */
  readonly levelLabel?: string | false | undefined
  /**
   * The annotations that are labels as well: such as have few values. A label's name is that of the annotation, with `_`
   * for what Loki does not take. In a record that has no text, number or boolean there, the label is missing.
   *
   * @default none
   */
  readonly labelsFrom?: ReadonlyArray<string> | undefined
  /**
   * Most values of each of `labelsFrom`: a whole number of at least 1. One that has more is structured metadata
   * from then on, with a line on stderr.
   *
   * @default 100 values
   */
  readonly maxLabelValues?: number | undefined
  /**
   * Whether what is no label (annotations, trace, span, fiber, log spans, uid) is sent as structured metadata, for which
   * Loki is 3.0 or later. Without, a line has all of it.
   *
   * @default true
   */
  readonly metadata?: boolean | undefined
  /**
   * What lines are: `"json"` or `"logfmt"`, of what was logged and its cause; or a `LogEncoder`, with all that that shows.
   *
   * @default "json"
   */
  readonly format?: "json" | "logfmt" | LogEncoder.LogEncoder | undefined
  /**
   * Whether a record has its uid, by which one that is there twice is known.
   *
   * @default true
   */
  readonly uid?: boolean | undefined
  /**
   * The tenant, which is sent as `X-Scope-OrgID`: 1 to 150 letters, digits and any of `!-_.*'()`.
   *
   * @default none
   */
  readonly tenant?: string | undefined
  /**
   * Headers of every request. A secret is given in a `Redacted`; none of them is ever printed.
   *
   * @default none
   */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
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
   * @default 4 MiB, as gateways and ingesters of Loki have it
   */
  readonly maxBodyBytes?: number | undefined
  /**
   * Most bytes of a line: a whole number of at least 1. A record with a longer one is shortened, and given up as
   * `too_large` where that does not help.
   *
   * @default 256 KiB, as Loki has it
   */
  readonly maxLineBytes?: number | undefined
  /**
   * How long a batch is tried again for which Loki would need more streams than it allows; `Infinity` for as long as any
   * other. After that it counts as refused, since a label with ever new values would hold up the lane for ever.
   *
   * @default 10 min
   */
  readonly streamLimitPatience?: DurationInput | undefined
  /**
   * The name of the lane.
   *
   * @default "loki"
   */
  readonly name?: string | undefined
}

/**
 * Creates a sink that pushes its batches with the `HttpClient` of the program.
 *
 * **Details**
 *
 * The entries of a stream are sorted by their time. Structured metadata are texts: `uid`, `trace_id`, `span_id`,
 * `fiber_id`, `log_span_<label>` in milliseconds, then the annotations, whose names have `_` for what Loki does not
 * take. Objects in them are entries of their own (`user_id`), an annotation that has the name of something else is moved
 * (`annotations_uid`), and two that would have one name get numbers. Of more than 128 entries or 64 KiB the last are left
 * out, and `annotations_left_out` says how many.
 *
 * 429 and 5xx are tried again, not before `Retry-After`; 413, and a batch that is larger than the tenant may send in a
 * second, is sent in parts; 401, 403 and 404 keep the records until
 * somebody has changed something. Of a 400 that names entries so many records count as `rejected_by_server`, the others
 * are stored, and nothing is sent again. Of any other the lane finds the records that are at fault.
 *
 * **Gotchas**
 *
 * Loki refuses what is more than an hour older than the newest entry of its stream. A lane keeps the order, through
 * outages and from its spool; `concurrency` above 1 does not.
 *
 * Of two entries with the same time and the same line in one stream Loki keeps one: records of one process never are, those of
 * two that share all labels may be.
 *
 * A 400 has the number of one ingester only, and where that refuses something, nothing of what a distributor does: the rest
 * of what is refused counts as delivered.
 *
 * Records may be there twice after a request that had no answer, one of 5xx save 503, and a 429 for a stream. They are lost,
 * and counted, when Loki cannot be reached for longer than the retry schedule (`retries_exhausted`, `unconfirmed`) or the
 * queue (`queue_full`) lasts, and when it refuses them (`rejected_by_server`). A spool keeps them. What is queued when
 * the process ends without a drain goes to a spool, or to the last resort of `ProcessHooks`: nothing is posted synchronously.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Example** (Pushing records with a label and structured metadata)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Logging } from "effect-spillway"
 * import * as LokiSink from "effect-spillway/sinks/LokiSink"
 * import { HttpClient, HttpClientResponse } from "effect/http"
 *
 * const posted: Array<string> = []
 * // In a program: NodeHttpClient.layerUndici
 * const Client = Layer.succeed(
 *   HttpClient.HttpClient,
 *   HttpClient.make((request) => {
 *     posted.push(request.url)
 *     return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 204 })))
 *   })
 * )
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [LokiSink.make({ url: "http://localhost:3100", labels: { service_name: "orders" } })]
 * }).pipe(Layer.provide(Client))
 *
 * await Effect.runPromise(Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive)))
 *
 * posted // => ["http://localhost:3100/loki/api/v1/push"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  const {
    compression = "gzip",
    format = "json",
    headers,
    labels,
    labelsFrom = [],
    levelLabel = "level",
    maxBodyBytes = bodyBytes,
    maxLabelValues = 100,
    maxLineBytes = lineBytes,
    metadata = true,
    name = "loki",
    streamLimitPatience = "10 minutes",
    tenant,
    uid = true,
    url,
    ...lane
  } = checkOptions("LokiSink.make", checks, options, labelsTogether)
  const target = targetOf({ url, headers }, {
    path: isWhole(url) ? undefined : pushPath,
    headers: tenant === undefined ? {} : { "x-scope-orgid": tenant }
  })
  return Clock.clockWith((clock) => {
    const streamLabels = new Labels({ labels, labelsFrom, levelLabel, maxLabelValues })
    const encoders = lineEncoders(format, metadata, uid)
    const lines = new Lines(encoders.make())
    const bodies = new PushBodies(
      streamLabels,
      lines,
      metadata ? new Metadata({ uid, level: levelLabel === false }) : undefined
    )
    const sent = {
      host: target.host,
      limit: new StreamLimit(clock, durationOf(streamLimitPatience)),
      someLabels: streamLabels.ofSome
    }
    return Effect.map(
      makeWrite({
        target,
        contentType: "application/json",
        compression,
        maxBodyBytes,
        encode: (batch) => bodies.encode(batch),
        errorOf: (answer, batch) => errorOf(answer, batch, sent)
      }),
      (write) =>
        encoders.countedIn(LogSink.make({
          name,
          ...remoteLaneWithin(maxBodyBytes, mostBatchBytes),
          recordLimit: {
            maxBytes: maxLineBytes,
            sizeOf: (record) => lines.sizeOf(record),
            allFit: (batch) => lines.areWithin(batch, maxLineBytes)
          },
          ...lane,
          write: (batch) => Effect.ensuring(write(batch), streamLabels.tell)
        }))
    )
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** What the collectors of Grafana send at once. */
const mostBatchBytes = 1024 * 1024

const pushPath = "loki/api/v1/push"

/** Whether a URL has the path already, as the pages of hosted Loki show it. */
const isWhole = (url: Options["url"]): boolean =>
  new URL(String(Redacted.isRedacted(url) ? Redacted.value(url) : url)).pathname.endsWith(`/${pushPath}`)

const checks: Check.Checks<Options> = {
  ...targetChecks,
  labels: Check.required(labelsCheck),
  levelLabel: Check.either(labelNameCheck, Check.no),
  labelsFrom: Check.listOf(annotationCheck),
  maxLabelValues: Check.wholeNumber(1),
  metadata: Check.flag,
  format: Check.either(Check.words("json", "logfmt"), encoderCheck),
  uid: Check.flag,
  tenant: tenantCheck,
  compression: Check.words("none", "gzip"),
  maxBodyBytes: Check.wholeNumber(1),
  maxLineBytes: Check.wholeNumber(1),
  streamLimitPatience: Check.duration("zero", "any"),
  name: Check.text,
  ...laneChecks
}
