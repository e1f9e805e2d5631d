import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import type { LogSink } from "../../../LogSink.ts"
import * as Check from "../../../options/check.ts"
import { checkOptions } from "../../../options/checkOptions.ts"
import { bearer, credentialCheck, targetChecks } from "../target.ts"
import { presetChecks, type PresetOptions, presetSink } from "./preset.ts"

/**
 * Options of {@link betterStack}, besides those of every preset.
 *
 * @category options
 * @since 0.1.0
 */
export interface BetterStackOptions extends PresetOptions {
  /** The ingesting host of the source, as Better Stack shows it, with `https://` before it. */
  readonly url: string | URL | Redacted.Redacted
  /** The token of the source, in a `Redacted`. */
  readonly sourceToken: Redacted.Redacted
}

/**
 * Creates a sink that posts to a source of Better Stack (“Ingesting logs”).
 *
 * **Details**
 *
 * A request has at most 10,000,000 bytes before it is compressed, and a record at most 9,000,000. Answers mean what their
 * status does: 202 is delivered; 402, a quota that is used up, keeps the records.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Gotchas**
 *
 * Better Stack knows no record again: after a request without an answer, or one of 5xx save 503, records may be there
 * twice.
 *
 * @category presets
 * @since 0.1.0
 */
export const betterStack = (options: BetterStackOptions): Effect.Effect<LogSink, never, HttpClient.HttpClient> => {
  const { sourceToken, url, ...rest } = checkOptions("HttpPresets.betterStack", checks, options)
  return presetSink({
    name: "better-stack",
    url,
    headers: { authorization: bearer(sourceToken) },
    fields: { timestamp: "dt" },
    maxBodyBytes: 10_000_000,
    maxRecordBytes: 9_000_000
  }, rest)
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<BetterStackOptions> = {
  ...presetChecks,
  url: targetChecks.url,
  sourceToken: Check.required(credentialCheck)
}
