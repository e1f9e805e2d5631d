import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import type { LogSink } from "../../../LogSink.ts"
import * as Check from "../../../options/check.ts"
import { checkOptions } from "../../../options/checkOptions.ts"
import { isRecord } from "../../../record/plainData.ts"
import { credentialCheck } from "../target.ts"
import { presetChecks, type PresetOptions, presetSink } from "./preset.ts"

/**
 * Options of {@link datadog}, besides those of every preset.
 *
 * @category options
 * @since 0.1.0
 */
export interface DatadogOptions extends PresetOptions {
  /** The API key, in a `Redacted`. */
  readonly apiKey: Redacted.Redacted
  /**
   * The site of Datadog that the account is on, like `"datadoghq.eu"`.
   *
   * @default "datadoghq.com"
   */
  readonly site?: string | undefined
  /**
   * The service whose records these are.
   *
   * @default none
   */
  readonly service?: string | undefined
  /**
   * What Datadog chooses its pipeline by (`ddsource`).
   *
   * @default "nodejs"
   */
  readonly source?: string | undefined
  /**
   * Tags of every record, like `{ env: "production" }`.
   *
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /**
   * The machine that the program runs on.
   *
   * @default none
   */
  readonly hostname?: string | undefined
}

/**
 * Creates a sink that posts to the intake of Datadog (its API reference, “Send logs”, version 2).
 *
 * **Details**
 *
 * A request has at most 1,000 records and 5,000,000 bytes, a record at most 1,000,000: Datadog would cut a longer one and
 * say nothing, so it is shortened before. Answers mean what their status does: 202 is delivered, which says that Datadog
 * has the records, not that it has indexed them. It drops records of more than 18 hours ago and says nothing
 * (“Log Date Remapper”), so those that wait on a spool are given up as `expired` after 17, whatever its `maxAge` is.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Gotchas**
 *
 * Datadog knows no record again: after a request without an answer, or one of 5xx save 503, records may be there twice.
 *
 * @category presets
 * @since 0.1.0
 */
export const datadog = (options: DatadogOptions): Effect.Effect<LogSink, never, HttpClient.HttpClient> => {
  const { apiKey, hostname, service, site = "datadoghq.com", source = "nodejs", tags = {}, ...rest } = checkOptions(
    "HttpPresets.datadog",
    checks,
    options
  )
  const ddtags = Object.entries(tags).map(([name, value]) => `${name}:${value}`).join(",") || undefined
  return presetSink({
    name: "datadog",
    url: `https://http-intake.logs.${site}`,
    path: "api/v2/logs",
    headers: { "dd-api-key": apiKey },
    fields: { level: "status", timestamp: "date", cause: "error.stack" },
    shape: { time: "millis" },
    first: { ddsource: source, ddtags, hostname, service },
    reserved: ofDatadog,
    maxBatchSize: 1000,
    maxBodyBytes: 5_000_000,
    maxRecordBytes: 1_000_000,
    maxAge: "17 hours"
  }, rest)
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** What it takes for the time of a record besides `date` (“Log Date Remapper”), or for its host besides `hostname`. */
const ofDatadog = ["timestamp", "@timestamp", "_timestamp", "Timestamp", "eventTime", "published_date", "host"]

/** What would end a tag, or begin another part of it. */
const isTag = (value: unknown): boolean => typeof value === "string" && value !== "" && !/[,\s]/.test(value)

const checks: Check.Checks<DatadogOptions> = {
  ...presetChecks,
  apiKey: Check.required(credentialCheck),
  site: Check.satisfies(
    "the name of a site, like datadoghq.eu",
    (value) => typeof value === "string" && /^[a-z\d-]+(\.[a-z\d-]+)+$/i.test(value)
  ),
  service: Check.text,
  source: Check.text,
  tags: Check.satisfies(
    "an object of tags, each a text without blanks and commas",
    (value) => isRecord(value) && Object.entries(value).flat().every(isTag)
  ),
  hostname: Check.text
}
