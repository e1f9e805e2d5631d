import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import type { LogSink } from "../../../LogSink.ts"
import * as Check from "../../../options/check.ts"
import { checkOptions } from "../../../options/checkOptions.ts"
import { credentialCheck, targetChecks } from "../target.ts"
import { beginning } from "./envelope.ts"
import { presetChecks, type PresetOptions, presetSink } from "./preset.ts"
import { errorOf } from "./splunkAnswers.ts"

/**
 * Options of {@link splunk}, besides those of every preset.
 *
 * @category options
 * @since 0.1.0
 */
export interface SplunkOptions extends PresetOptions {
  /** Where the collector is, like `"https://splunk.example:8088"`. Behind a URL without a path comes `/services/collector/event`. */
  readonly url: string | URL | Redacted.Redacted
  /** The token of the collector, in a `Redacted`. */
  readonly token: Redacted.Redacted
  /**
   * The index that the records go to.
   *
   * @default that of the token
   */
  readonly index?: string | undefined
  /**
   * The host of the records.
   *
   * @default that of the token
   */
  readonly host?: string | undefined
  /**
   * The source of the records.
   *
   * @default that of the token
   */
  readonly source?: string | undefined
  /**
   * The source type of the records.
   *
   * @default "_json"
   */
  readonly sourcetype?: string | undefined
}

/**
 * Creates a sink that posts to an HTTP Event Collector of Splunk (“Format events for HTTP Event Collector”, and the table
 * of its codes in “Troubleshoot HTTP Event Collector”).
 *
 * **Details**
 *
 * A request has at most 1,000,000 bytes, which Splunk Cloud takes, and a record at most 900,000. An answer with the number
 * of an event says that those before it are stored: where it is refused, it is given up and those behind it are sent
 * again; where the collector is busy, it is sent again too. With the codes 7, 10, 11, 14 and 16 somebody must change
 * something. 200 says that the records were read, not that they are indexed: acknowledgements of indexers are not
 * asked for.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Gotchas**
 *
 * Splunk knows no record again: after a request without an answer, or one of 5xx save 503, records may be there twice.
 * A token with acknowledgement wants a channel: `headers: { "x-splunk-request-channel": … }`.
 *
 * @category presets
 * @since 0.1.0
 */
export const splunk = (options: SplunkOptions): Effect.Effect<LogSink, never, HttpClient.HttpClient> => {
  const { host, index, source, sourcetype = "_json", token, url, ...rest } = checkOptions(
    "HttpPresets.splunk",
    checks,
    options
  )
  const metadata = beginning({ host, index, source, sourcetype })
  return presetSink({
    name: "splunk",
    url,
    path: "services/collector/event",
    headers: { authorization: Redacted.make(`Splunk ${Redacted.value(token)}`) },
    fields: { timestamp: false },
    envelope: {
      open: "",
      begin: ({ time }) => `${metadata}${timeOf(time)}"event":{`,
      end: "}",
      between: "\n",
      close: ""
    },
    maxBodyBytes: 1_000_000,
    maxRecordBytes: 900_000,
    errorOf
  }, rest)
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<SplunkOptions> = {
  ...presetChecks,
  url: targetChecks.url,
  token: Check.required(credentialCheck),
  index: Check.text,
  host: Check.text,
  source: Check.text,
  sourcetype: Check.text
}

/** Never with an exponent, which Splunk does not read; without a time it takes its own. */
const timeOf = (millis: number): string => Number.isFinite(millis) ? `"time":${(millis / 1000).toFixed(3)},` : ""
