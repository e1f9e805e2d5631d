/** The form of a request to push, rule by rule; the documents are those of Loki 3. */
import type { Received } from "./Collector.ts"

/** A request, and one part of it: what a rule may look at. */
interface Part {
  readonly headers: Received["headers"]
  readonly text: string
  readonly lineBytes: number
  readonly push: unknown
  /** A stream, with its labels and its entries. */
  readonly stream: unknown
  readonly labels: Fields
  readonly values: ReadonlyArray<unknown>
  /** An entry, with what it is of. */
  readonly entry: ReadonlyArray<unknown>
  readonly time: string
  readonly line: string
  readonly metadata: Fields
}

type Fields = Readonly<Record<string, unknown>>

/** A rule of the form. Those of a part come into question only where all before them are kept. */
export interface FormRule {
  readonly id: string
  readonly of: "request" | "stream" | "entry"
  readonly rule: string
  readonly document: string
  readonly isKept: (part: Part) => boolean
}

const http = "docs/sources/reference/loki-http-api.md, Ingest logs"
const labelsPage = "docs/sources/get-started/labels/_index.md"
const metadataPage = "docs/sources/get-started/labels/structured-metadata.md"
const limits = "pkg/validation/limits.go"
const dedupe = "pkg/chunkenc/unordered.go"

const bytesOf = (text: string): number => Buffer.byteLength(text)
const isFields = (u: unknown): u is Fields => typeof u === "object" && u !== null && !Array.isArray(u)
const isText = (u: unknown): u is string => typeof u === "string" && u.isWellFormed()
const hasKeys = (u: unknown, keys: string): u is Fields => isFields(u) && Object.keys(u).join() === keys
const isName = (name: string): boolean => /^[a-zA-Z_]\w*$/.test(name) && !name.startsWith("__")
const areDifferent = (all: ReadonlyArray<unknown>): boolean => new Set(all).size === all.length

/** The streams of what has passed the first rules. */
const streamsOf = (push: unknown): ReadonlyArray<unknown> =>
  isFields(push) && Array.isArray(push["streams"]) ? push["streams"] : []

const streamKey = (stream: unknown): string =>
  isFields(stream) && isFields(stream["stream"])
    ? Object.entries(stream["stream"]).map(String).toSorted().join("\n")
    : ""

const nanos = (time: unknown): bigint => typeof time === "string" ? BigInt(time) : -1n

export const formRules: ReadonlyArray<FormRule> = [
  {
    id: "encoding",
    of: "request",
    rule: "the body is compressed with gzip, or not at all",
    document: http,
    isKept: ({ headers }) => ["gzip", undefined].includes(headers["content-encoding"])
  },
  {
    id: "json",
    of: "request",
    rule: "the body is JSON, without a key that is there twice",
    document: http,
    // A key that is there twice is gone then, as is whatever JSON does not need.
    isKept: ({ push, text }) => JSON.stringify(push) === text
  },
  {
    id: "streams",
    of: "request",
    rule: "it has streams, at least one, and nothing else",
    document: http,
    isKept: ({ push }) => hasKeys(push, "streams") && streamsOf(push).length > 0
  },
  {
    id: "streams once",
    of: "request",
    rule: "each stream is there once",
    document: http,
    isKept: ({ push }) => areDifferent(streamsOf(push).map(streamKey))
  },
  {
    id: "stream",
    of: "stream",
    rule: "a stream has labels and entries, at least one, and nothing else",
    document: http,
    isKept: ({ stream, values }) => hasKeys(stream, "stream,values") && isFields(stream["stream"]) && values.length > 0
  },
  {
    id: "number of labels",
    of: "stream",
    rule: "a stream has 1 to 15 labels",
    document: `${limits}, max_label_names_per_series`,
    isKept: ({ labels }) => Object.keys(labels).length >= 1 && Object.keys(labels).length <= 15
  },
  {
    id: "names of labels",
    of: "stream",
    rule: "a label has a name of letters, digits and _, no digit and no __ in front",
    document: labelsPage,
    isKept: ({ labels }) => Object.keys(labels).every(isName)
  },
  {
    id: "long names of labels",
    of: "stream",
    rule: "the name of a label has at most 1024 bytes",
    document: `${limits}, max_label_name_length`,
    isKept: ({ labels }) => Object.keys(labels).every((name) => bytesOf(name) <= 1024)
  },
  {
    id: "values of labels",
    of: "stream",
    rule: "the value of a label is a text that is not empty",
    document: labelsPage,
    isKept: ({ labels }) => Object.values(labels).every((value) => isText(value) && value !== "")
  },
  {
    id: "long values of labels",
    of: "stream",
    rule: "the value of a label has at most 2048 bytes",
    document: `${limits}, max_label_value_length`,
    isKept: ({ labels }) => Object.values(labels).every((value) => bytesOf(String(value)) <= 2048)
  },
  {
    id: "entry",
    of: "entry",
    rule: "an entry is of a time, a line and structured metadata, or without these",
    document: http,
    isKept: ({ entry }) => (entry.length === 2 || entry.length === 3) && isFields(entry[2] ?? {})
  },
  {
    id: "time",
    of: "entry",
    rule: "a time is a text of nanoseconds since 1970 in 63 bits",
    document: http,
    isKept: ({ entry: [time] }) => isText(time) && /^(0|[1-9]\d*)$/.test(time) && BigInt(time) < 2n ** 63n
  },
  {
    id: "line",
    of: "entry",
    rule: "a line is a text that is not empty",
    document: http,
    isKept: ({ entry: [, line] }) => isText(line) && line !== ""
  },
  {
    id: "long line",
    of: "entry",
    rule: "a line has at most 256 KiB",
    document: `${limits}, max_line_size`,
    isKept: ({ line, lineBytes }) => bytesOf(line) <= lineBytes
  },
  {
    id: "number of metadata",
    of: "entry",
    rule: "there are at most 128 structured metadata",
    document: `${limits}, max_structured_metadata_entries_count`,
    isKept: ({ metadata }) => Object.keys(metadata).length <= 128
  },
  {
    id: "names of metadata",
    of: "entry",
    rule: "structured metadata has a name as a label has",
    document: metadataPage,
    isKept: ({ metadata }) => Object.keys(metadata).every(isName)
  },
  {
    id: "metadata beside labels",
    of: "entry",
    rule: "structured metadata has no name that a label has",
    document: metadataPage,
    isKept: ({ labels, metadata }) => Object.keys(metadata).every((name) => !Object.hasOwn(labels, name))
  },
  {
    id: "values of metadata",
    of: "entry",
    rule: "structured metadata is a text",
    document: http,
    isKept: ({ metadata }) => Object.values(metadata).every(isText)
  },
  {
    id: "size of metadata",
    of: "entry",
    rule: "the names and values of structured metadata have at most 64 KiB",
    document: `${limits}, max_structured_metadata_size`,
    isKept: ({ metadata }) => bytesOf(Object.entries(metadata).flat().join("")) <= 64 * 1024
  },
  {
    id: "order",
    of: "stream",
    rule: "the entries of a stream are sorted by their time",
    document: "docs/sources/operations/troubleshooting/troubleshoot-ingest.md",
    isKept: ({ values }) =>
      values.every((value, i) => {
        const before = values[i - 1]
        return !Array.isArray(value) || !Array.isArray(before) || nanos(before[0]) <= nanos(value[0])
      })
  },
  {
    id: "same entries",
    of: "stream",
    rule: "no two entries of a stream have the same time and the same line, or one of them would be gone",
    document: dedupe,
    isKept: ({ values }) =>
      // Of records without a time nothing else can be said.
      areDifferent(
        values.flatMap((value) => Array.isArray(value) && value[0] !== "0" ? [value.slice(0, 2).join()] : [])
      )
  }
]

const partOf = (all: Pick<Part, "headers" | "text" | "lineBytes" | "push">, stream: unknown, entry: unknown): Part => {
  const values = isFields(stream) && Array.isArray(stream["values"]) ? stream["values"] : []
  const [time, line, metadata]: ReadonlyArray<unknown> = Array.isArray(entry) ? entry : []
  return {
    ...all,
    stream,
    labels: isFields(stream) && isFields(stream["stream"]) ? stream["stream"] : {},
    values,
    entry: Array.isArray(entry) ? entry : [],
    time: String(time),
    line: String(line),
    metadata: isFields(metadata) ? metadata : {}
  }
}

/** The rule that a request breaks. */
export const faultOfPush = (
  { body, headers }: Pick<Received, "body" | "headers">,
  lineBytes = 256 * 1024
): string | undefined => {
  const text = body.toString()
  const all = { headers, text, lineBytes, push: parsed(text) }
  const streams = streamsOf(all.push).map((stream) => partOf(all, stream, undefined))
  const parts = {
    request: [partOf(all, undefined, undefined)],
    stream: streams,
    entry: streams.flatMap(({ stream, values }) => values.map((entry) => partOf(all, stream, entry)))
  }
  return formRules.find(({ isKept, of }) => !parts[of].every(isKept))?.id
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
