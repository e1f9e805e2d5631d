import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import type { Given } from "../../../contract/given.ts"
import { laneChecks } from "../../../contract/laneChecks.ts"
import { remoteLane, remotePace } from "../../../contract/remoteLane.ts"
import { defaultMaxAge } from "../../../contract/spoolChecks.ts"
import type { JsonFields, JsonOptions } from "../../../encode/jsonOptions.ts"
import { JsonRenderer } from "../../../encode/JsonRenderer.ts"
import { JsonShape } from "../../../encode/JsonShape.ts"
import type { LogRecord } from "../../../LogRecord.ts"
import * as LogSink from "../../../LogSink.ts"
import * as Check from "../../../options/check.ts"
import { type DurationInput, durationOf } from "../../../options/duration.ts"
import type { Answer } from "../answer.ts"
import { type Compression, compressionCheck } from "../compression.ts"
import { errorOf as errorByStatus } from "../statuses.ts"
import { type HeadersInput, plain, targetChecks, targetOf, type TargetOptions, urlCheck } from "../target.ts"
import { makeWrite } from "../write.ts"
import { arrayOf, type Envelope, enveloped } from "./envelope.ts"

/**
 * What every preset takes, besides the options of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface PresetOptions extends Given<LogSink.LaneOptions> {
  /**
   * Where batches are posted to: `http:` or `https:`. Behind a URL without a path comes the path of the destination.
   *
   * @default the address of the destination
   */
  readonly url?: string | URL | Redacted.Redacted | undefined
  /**
   * Further headers of every request. A secret is given in a `Redacted`; none of them is ever printed.
   *
   * @default none
   */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
  /**
   * How bodies of 1 KiB and more are compressed, on the thread pool: `"none"`, `"gzip"` (level 1) or `"zstd"`, which not
   * every destination takes.
   *
   * @default "gzip"
   */
  readonly compression?: Compression | undefined
  /**
   * The name of the lane.
   *
   * @default the name of the preset
   */
  readonly name?: string | undefined
}

export const presetChecks: Check.Checks<PresetOptions> = {
  url: urlCheck,
  headers: targetChecks.headers,
  compression: compressionCheck,
  name: Check.text,
  ...laneChecks
}

/** The table of a destination: what it wants that others do not. */
export interface Preset {
  readonly name: string
  /** Where it is, unless the program says otherwise. */
  readonly url: TargetOptions["url"]
  /** What comes behind a URL without a path. */
  readonly path?: string | undefined
  /** Its credentials. */
  readonly headers: HeadersInput
  /** What it calls the fields of a record. */
  readonly fields: JsonFields
  /** What else a record is like that is not as others have it. */
  readonly shape?: JsonOptions | undefined
  /** Fields that all records begin with. No annotation may have such a name. */
  readonly first?: Readonly<Record<string, unknown>> | undefined
  /** Names of fields that the destination takes for something of its own. No annotation may have one either. */
  readonly reserved?: ReadonlyArray<string> | undefined
  /** What stands around the records, and between them, if that is not an array. */
  readonly envelope?: Partial<Envelope> | undefined
  /** Most records of a request. */
  readonly maxBatchSize?: number | undefined
  /** Most bytes of a body before it is compressed. */
  readonly maxBodyBytes?: number | undefined
  /** Most bytes of one record. */
  readonly maxRecordBytes: number
  /** How long a record may wait on a spool: it leaves out what is older, and does not say so. */
  readonly maxAge?: DurationInput | undefined
  /** What an answer means; without it what its status means. */
  readonly errorOf?: ErrorOf | undefined
}

type ErrorOf = (answer: Answer, batch: ReadonlyArray<LogRecord>, host: string) => LogSink.SinkError | undefined

/** What most of them want. */
const message: JsonOptions["message"] = "text"
const shape: JsonOptions = { level: "lower", annotations: "flat", message, uid: true }
const fields: JsonFields = { traceId: "trace_id", spanId: "span_id", spans: false, fiberId: false }

/** The sink of a destination. */
export const presetSink = (
  { first = {}, maxAge = Infinity, maxBatchSize = Infinity, maxBodyBytes = Infinity, reserved = [], ...preset }: Preset,
  { compression = "gzip", headers, name = preset.name, spool, url = preset.url, ...lane }: PresetOptions
): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  const { errorOf: own = errorOf, path } = preset
  const target = targetOf({ url, headers }, { headers: preset.headers, path: hasPath(url) ? undefined : path })
  const form = { ...shape, ...preset.shape, fields: { ...fields, ...preset.fields } }
  const envelope = { ...arrayOf(first), ...preset.envelope }
  const bodies = () => enveloped(envelope, new JsonRenderer(new JsonShape(form, [...Object.keys(first), ...reserved])))
  return Effect.suspend(() => {
    const measure = bodies()
    return Effect.map(
      makeWrite({
        target,
        contentType: "application/json",
        compression,
        encode: bodies(),
        maxBodyBytes,
        errorOf: (answer, batch) => own(answer, batch, target.host)
      }),
      (write) =>
        LogSink.make({
          pace: remotePace,
          ...lane,
          name,
          spool: spool &&
            { ...spool, maxAge: Duration.min(durationOf(spool.maxAge ?? defaultMaxAge), durationOf(maxAge)) },
          maxBatchSize: Math.min(lane.maxBatchSize ?? remoteLane.maxBatchSize, maxBatchSize),
          maxBatchBytes: Math.min(lane.maxBatchBytes ?? LogSink.defaults.maxBatchBytes, maxBodyBytes),
          recordLimit: { maxBytes: preset.maxRecordBytes, sizeOf: (record) => measure([record]).length },
          write
        })
    )
  })
}

const errorOf: ErrorOf = (answer, _batch, host) => errorByStatus(answer, host)

const hasPath = (url: TargetOptions["url"]): boolean => new URL(String(plain(url))).pathname !== "/"
