import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import type { LogRecord } from "../../../LogRecord.ts"
import type { LogSink, SinkError } from "../../../LogSink.ts"
import * as Check from "../../../options/check.ts"
import { checkOptions } from "../../../options/checkOptions.ts"
import { type Answer, partlyRefused } from "../answer.ts"
import { errorOf as errorByStatus } from "../statuses.ts"
import { bearer, credentialCheck } from "../target.ts"
import { numberIn } from "./numberIn.ts"
import { presetChecks, type PresetOptions, presetSink } from "./preset.ts"

/**
 * Options of {@link axiom}, besides those of every preset.
 *
 * @category options
 * @since 0.1.0
 */
export interface AxiomOptions extends PresetOptions {
  /** The API token, in a `Redacted`. */
  readonly token: Redacted.Redacted
  /** The dataset that the records go to. */
  readonly dataset: string
}

/**
 * Creates a sink that posts to a dataset of Axiom (its REST API, “Ingest data”, and “Limits”).
 *
 * **Details**
 *
 * A request has at most 10,000 records, a record at most 1,000,000 bytes. An answer of 200 may say that some records
 * were not taken: so many are counted as `rejected_by_server`, nobody knows which, and none is sent again. 430, a limit of
 * the plan, keeps the records; any other status means what it does elsewhere.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Gotchas**
 *
 * Axiom knows no record again: after a request without an answer, or one of 5xx save 503, records may be there twice.
 *
 * @category presets
 * @since 0.1.0
 */
export const axiom = (options: AxiomOptions): Effect.Effect<LogSink, never, HttpClient.HttpClient> => {
  const { dataset, token, ...rest } = checkOptions("HttpPresets.axiom", checks, options)
  return presetSink({
    name: "axiom",
    url: "https://api.axiom.co",
    path: `v1/datasets/${encodeURIComponent(dataset)}/ingest`,
    headers: { authorization: bearer(token) },
    fields: { timestamp: "_time" },
    reserved: ["_blockInfo", "_cursor", "_rowID", "_source", "_sysTime"],
    maxBatchSize: 10_000,
    maxRecordBytes: 1_000_000,
    errorOf
  }, rest)
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<AxiomOptions> = {
  ...presetChecks,
  token: Check.required(credentialCheck),
  dataset: Check.required(Check.text)
}

const errorOf = (
  answer: Answer,
  batch: ReadonlyArray<LogRecord>,
  host: string
): SinkError | undefined => {
  const error = errorByStatus(answer, host, { 430: "misconfigured" })
  const { length } = batch
  const count = Math.max(numberIn(answer, "failed") ?? 0, length - (numberIn(answer, "ingested") ?? length))
  return error === undefined && count > 0 ? partlyRefused(host, count, length) : error
}
