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
 * Options of {@link newRelic}, besides those of every preset.
 *
 * @category options
 * @since 0.1.0
 */
export interface NewRelicOptions extends PresetOptions {
  /** The licence key, in a `Redacted`. */
  readonly licenseKey: Redacted.Redacted
  /**
   * The region of the account: `"us"` or `"eu"`.
   *
   * @default "us"
   */
  readonly region?: "us" | "eu" | undefined
  /**
   * Attributes that all records have in common, like `{ "service.name": "orders" }`.
   *
   * @default none
   */
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined
}

/**
 * Creates a sink that posts to the Log API of New Relic (“Introduction to the Log API”, the detailed body).
 *
 * **Details**
 *
 * A request has at most 1,000,000 bytes and a record 900,000. Answers mean what their status does: 202 is delivered,
 * which says that New Relic has the records; it looks at them later. It drops those of more than 48 hours ago and says
 * nothing, so those that wait on a spool are given up as `expired` after 47, whatever its `maxAge` is. It takes 255
 * attributes of a record, the fields of objects counted one by one, may drop a record that has more, and cuts values above
 * 128 KB.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Gotchas**
 *
 * New Relic knows no record again: after a request without an answer, or one of 5xx save 503, records may be there twice.
 *
 * @category presets
 * @since 0.1.0
 */
export const newRelic = (options: NewRelicOptions): Effect.Effect<LogSink, never, HttpClient.HttpClient> => {
  const { attributes = {}, licenseKey, region = "us", ...rest } = checkOptions("HttpPresets.newRelic", checks, options)
  return presetSink({
    name: "new-relic",
    url: `https://log-api.${region === "eu" ? "eu." : ""}newrelic.com`,
    path: "log/v1",
    headers: { "api-key": licenseKey },
    fields: { cause: "error.stack", traceId: "trace.id", spanId: "span.id" },
    shape: { time: "millis" },
    reserved: ["accountId", "attributes", "eventType"],
    envelope: { open: `[{"common":${JSON.stringify({ attributes })},"logs":[`, close: "]}]" },
    maxBodyBytes: 1_000_000,
    maxRecordBytes: 900_000,
    maxAge: "47 hours"
  }, rest)
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const isAttribute = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)

const checks: Check.Checks<NewRelicOptions> = {
  ...presetChecks,
  licenseKey: Check.required(credentialCheck),
  region: Check.words("us", "eu"),
  attributes: Check.satisfies(
    "an object of attributes, each a text, a number, true or false",
    (value) => isRecord(value) && Object.values(value).every(isAttribute)
  )
}
