/**
 * Why Loki refuses something, by the names that its metric `loki_discarded_samples_total` has for it
 * (`pkg/validation/validate.go`). An answer has no name, only a sentence: a part of it that versions have in common.
 */
export interface Reason {
  readonly name: string
  readonly words: RegExp
  readonly refuses:
    /** Single entries; the others are stored. */
    | "entries"
    /** All entries of a stream; the others are stored. */
    | "streams"
    /** The request. */
    | "everything"
  /** Who says so: an ingester counts the entries that it ignores, stream by stream. */
  readonly by?: "ingester"
  /** Whether somebody can change that, so that records that are like this are taken. */
  readonly isSetting?: true
}

/** What the decoder of JSON says; it quotes what it could not read. */
const undecoded: Reason = { name: "undecoded", words: /error found in #/i, refuses: "everything" }

/** What is said of a request that names no tenant where there are several, with 401 or, behind some gateways, 400. */
export const noTenant: Reason = { name: "no_org_id", words: /no org id/i, refuses: "everything", isSetting: true }

/** What is said of a name that no tenant can have: a setting is wrong, and no record. */
const wrongTenant: Reason = {
  name: "invalid_org_id",
  words: /tenant ID (is|')|multiple org IDs present/i,
  refuses: "everything",
  isSetting: true
}

/** What an answer of any status begins with, for as long as an operator lets nothing in. */
export const blocked: Reason = { name: "blocked_ingestion", words: /ingestion blocked for user/i, refuses: "streams" }

/** What is said of streams that have not the labels that an operator wants, with the names of these. */
export const missingLabels: Reason = {
  name: "missing_enforced_labels",
  words: /missing required labels/i,
  refuses: "streams",
  isSetting: true
}

/** What is said of a request with 400. */
export const reasons: ReadonlyArray<Reason> = [
  { name: "line_too_long", words: /max entry size/i, refuses: "entries" },
  { name: "too_far_behind", words: /entry too far behind/i, refuses: "entries", by: "ingester" },
  { name: "out_of_order", words: /entry out of order/i, refuses: "entries", by: "ingester" },
  { name: "greater_than_max_sample_age", words: /has timestamp too old/i, refuses: "entries" },
  { name: "too_far_in_future", words: /has timestamp too new/i, refuses: "entries" },
  { name: "structured_metadata_too_large", words: /structured metadata too large/i, refuses: "entries" },
  { name: "structured_metadata_too_many", words: /too many structured metadata labels/i, refuses: "entries" },
  {
    name: "disallowed_structured_metadata",
    words: /includes structured metadata, but/i,
    refuses: "entries",
    isSetting: true
  },
  { name: "max_label_names_per_series", words: /label names; limit/i, refuses: "streams" },
  { name: "label_name_too_long", words: /label name too long/i, refuses: "streams" },
  { name: "label_value_too_long", words: /label value too long/i, refuses: "streams" },
  { name: "duplicate_label_names", words: /duplicate label name/i, refuses: "streams" },
  { name: "invalid_labels", words: /error parsing labels/i, refuses: "streams" },
  { name: "missing_labels", words: /at least one label pair/i, refuses: "streams" },
  missingLabels,
  blocked,
  noTenant,
  wrongTenant
]

/** What is said with 429: of the streams of a tenant, of one stream, and of the tenant. */
export const streamLimit = { name: "stream_limit", words: /maximum active stream limit exceeded/i }
export const streamRateLimit = { name: "per_stream_rate_limit", words: /per stream rate limit exceeded/i }
export const rateLimit = { name: "rate_limited", words: /ingestion rate limit exceeded/i }

/** What a tenant is told whose request is larger than it may send in a second: that it would be told always. */
export const rateAndSize = /limit: (\d+) bytes\/sec\) while attempting to ingest '\d+' lines totaling '(\d+)' bytes/i

/** What an answer begins with to a request that is too large, of 400 or of 5xx in place of 413. */
export const tooLarge = /^(request body too large|rpc error: code = ResourceExhausted .*message larger than max)/i

/** What a sentence says: the first words that are known, since it may go on with a text of the program. */
export const reasonIn = (said: string): Reason | undefined => {
  let first: Reason | undefined
  let at = Infinity
  for (const reason of [...reasons, undecoded]) {
    const found = said.search(reason.words)
    if (found === -1 || found >= at) continue
    first = reason
    at = found
  }
  return first === undecoded ? undefined : first
}
