/**
 * What Loki says of what it does not take, and what that means for a sink. Written from the documentation ("Troubleshoot
 * ingestion errors", "Request validation and rate limits") and `pkg/validation/validate.go`, `pkg/distributor/validator.go`,
 * `pkg/ingester/stream.go` and `pkg/util/errors.go` of Loki 3; the sentences are our own around the words that versions have in common.
 */
export interface Rule {
  /** The name in `loki_discarded_samples_total`. */
  readonly name: string
  readonly status: number
  /** The sentence, about some stream. */
  readonly sentence: (stream: string) => string
  /** Who says so: ingesters count what they ignore, distributors group what they say. */
  readonly by: "distributor" | "ingester" | "request"
  /** What is stored of the request all the same. */
  readonly stored: "other entries" | "other streams" | "maybe others" | "nothing"
  /** What it means. */
  readonly means:
    | "refused"
    | "refused, of unknown number"
    | "refused, or misconfigured if all are"
    | "misconfigured"
    | "again"
    | "again, ambiguous"
    | "parts"
}

/** What a tenant is told that may send so many bytes a second, of a request of so many. */
export const rateLimited = (rate: number, bytes: number): string =>
  `Ingestion rate limit exceeded for user fake (limit: ${rate} bytes/sec) while attempting to ingest '5' lines ` +
  `totaling '${bytes}' bytes, reduce that`

const entry = { status: 400, stored: "other entries", means: "refused" } as const
const stream = { status: 400, stored: "other streams", means: "refused, of unknown number" } as const

export const rules: ReadonlyArray<Rule> = [
  {
    ...entry,
    name: "line_too_long",
    by: "distributor",
    sentence: (of) => `Max entry size '262144' bytes is less than one of stream '${of}' has`
  },
  {
    ...entry,
    name: "too_far_behind",
    by: "ingester",
    sentence: () => "entry too far behind, of 10:00, the oldest that is taken is of 11:00"
  },
  { ...entry, name: "out_of_order", by: "ingester", sentence: () => "entry out of order" },
  {
    ...entry,
    name: "greater_than_max_sample_age",
    by: "distributor",
    sentence: (of) => `entry of stream '${of}' has timestamp too old: 2026-01-01T00:00:00Z`
  },
  {
    ...entry,
    name: "too_far_in_future",
    by: "distributor",
    sentence: (of) => `entry of stream '${of}' has timestamp too new: 2036-01-01T00:00:00Z`
  },
  {
    ...entry,
    name: "structured_metadata_too_large",
    by: "distributor",
    sentence: (of) => `stream '${of}' has structured metadata too large: '70000' bytes`
  },
  {
    ...entry,
    name: "structured_metadata_too_many",
    by: "distributor",
    sentence: (of) => `stream '${of}' has too many structured metadata labels: '129'`
  },
  {
    ...stream,
    name: "max_label_names_per_series",
    by: "distributor",
    sentence: (of) => `one of stream '${of}' has 16 label names; limit 15`
  },
  {
    ...stream,
    name: "label_name_too_long",
    by: "distributor",
    sentence: (of) => `'${of}' has label name too long: 'a'`
  },
  {
    ...stream,
    name: "label_value_too_long",
    by: "distributor",
    sentence: (of) => `'${of}' has label value too long: 'a'`
  },
  {
    ...stream,
    name: "duplicate_label_names",
    by: "distributor",
    sentence: (of) => `'${of}' has duplicate label name: 'a'`
  },
  { ...stream, name: "invalid_labels", by: "distributor", sentence: (of) => `Error parsing labels '${of}': no` },
  {
    ...stream,
    name: "missing_labels",
    by: "distributor",
    sentence: () => "each stream must have at least one label pair"
  },
  {
    name: "disallowed_structured_metadata",
    status: 400,
    by: "distributor",
    stored: "other entries",
    means: "refused, or misconfigured if all are",
    sentence: (of) => `stream '${of}' includes structured metadata, but that is off`
  },
  {
    name: "missing_enforced_labels",
    status: 400,
    by: "distributor",
    stored: "other streams",
    means: "misconfigured",
    sentence: (of) => `missing required labels team,Zone for user fake for stream ${of}`
  },
  {
    name: "rate_limited",
    status: 429,
    by: "request",
    stored: "nothing",
    means: "again",
    sentence: () => rateLimited(4_194_304, 4_194_304)
  },
  {
    name: "per_stream_rate_limit",
    status: 429,
    by: "ingester",
    stored: "maybe others",
    means: "again, ambiguous",
    sentence: (of) => `Per stream rate limit exceeded (3MB a second) by stream '${of}'`
  },
  {
    name: "stream_limit",
    status: 429,
    by: "request",
    stored: "maybe others",
    means: "again, ambiguous",
    sentence: (of) => `Maximum active stream limit exceeded by stream ${of}`
  },
  {
    name: "blocked_ingestion",
    status: 260,
    by: "request",
    stored: "nothing",
    means: "refused",
    sentence: () => "ingestion blocked for user fake until tomorrow"
  },
  {
    name: "no_org_id",
    status: 401,
    by: "request",
    stored: "nothing",
    means: "misconfigured",
    sentence: () => "no org id"
  },
  {
    name: "invalid_org_id",
    status: 400,
    by: "request",
    stored: "nothing",
    means: "misconfigured",
    sentence: () => "tenant ID 'a b' contains unsupported character ' '"
  },
  {
    name: "request_body_too_large",
    status: 413,
    by: "request",
    stored: "nothing",
    means: "parts",
    sentence: () => "request body too large: 9 bytes, 8 are taken"
  }
]

export const ruleOf = (name: string): Rule => {
  const rule = rules.find((one) => one.name === name)
  if (rule === undefined) throw new Error(`there is no rule ${name}`)
  return rule
}

/** What a distributor says of some sentences: each with its number, unless there is only one. */
export const grouped = (sentences: ReadonlyArray<string>): string => {
  const counts = new Map<string, number>()
  for (const sentence of sentences) counts.set(sentence, (counts.get(sentence) ?? 0) + 1)
  return Array.from(
    counts,
    ([sentence, count]) => sentences.length === 1 ? sentence : `${count} errors like: ${sentence}`
  ).join("; ")
}

/** What an ingester says of a stream of which it ignores some entries. */
export const ignored = (sentence: string, count: number, of: number, stream: string): string =>
  `entry with timestamp 2026-01-01 ignored, reason: '${sentence}',\n`.repeat(count) +
  `user 'fake', total ignored: ${count} out of ${of} for stream: ${stream}`
