/** What a bulk request must be, rule by rule: `test/sinks/elasticsearch/rules.test.ts` breaks each. */
import { isRecord } from "../../src/record/plainData.ts"
import type { Received } from "./Collector.ts"

/** A request that was taken apart as far as it goes. */
interface Request {
  /** The index of all its documents. */
  readonly index: string | undefined
  readonly parameters: URLSearchParams
  readonly text: string
  readonly actions: ReadonlyArray<string>
  readonly documents: ReadonlyArray<string>
}

interface Rule {
  readonly id: string
  readonly rule: string
  /** Where it stands. */
  readonly document: string
  readonly isBroken: (request: Request) => boolean
}

const bulkApi = "Elasticsearch 9, REST API, \"Bulk index or delete documents\""

const known: Readonly<Record<string, RegExp>> = {
  filter_path: /^errors,items\.\*\.status,items\.\*\.error\.type,items\.\*\.error\.reason$/,
  pipeline: /./,
  require_alias: /^true$/,
  require_data_stream: /^true$/
}

/** What is created by an action: nothing, if it is another one. */
const createdBy = (action: string): Readonly<Record<string, unknown>> | undefined => {
  const parsed = read(action)
  return isRecord(parsed) && Object.keys(parsed).join() === "create" && isRecord(parsed["create"])
    ? parsed["create"]
    : undefined
}

const isId = (id: unknown): boolean => typeof id === "string" && id !== "" && Buffer.byteLength(id) <= 512

const isIndex = (name: unknown): boolean => typeof name === "string" && /^[a-z\d][-\w.]*$/.test(name)

export const isTimestamp = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z$/.test(value)

export const rules: ReadonlyArray<Rule> = [
  {
    id: "parameters",
    rule: "there is no parameter that a server does not know: it refuses all of such a request",
    document: `${bulkApi}; OpenSearch 3, "Bulk" (which has no require_data_stream)`,
    isBroken: ({ parameters }) => [...parameters].some(([name, value]) => known[name]?.test(value) !== true)
  },
  {
    id: "filter",
    rule: "no more of every item is asked for than is needed",
    document: "Elasticsearch 9, \"Common options\", response filtering",
    isBroken: ({ parameters }) => !parameters.has("filter_path")
  },
  {
    id: "newline",
    rule: "each line ends with a newline, the last one too",
    document: bulkApi,
    isBroken: ({ text }) => !text.endsWith("\n")
  },
  {
    id: "pairs",
    rule: "an action stands in one line, and its document in the next",
    document: bulkApi,
    isBroken: ({ actions, documents }) => actions.length !== documents.length
  },
  {
    id: "create",
    rule: "each action is create, the only one that a data stream takes, and says no more than where",
    document: "Elasticsearch 9, \"Use a data stream\"",
    isBroken: ({ actions }) =>
      actions.some((action) => !/^(?:_index,)?_id$/.test(Object.keys(createdBy(action) ?? {}).join()))
  },
  {
    id: "id",
    rule: "each document has an id of its own of at most 512 bytes",
    document: "Elasticsearch 9, \"_id field\"",
    isBroken({ actions }) {
      const ids = actions.map((action) => createdBy(action)?.["_id"])
      return !ids.every(isId) || new Set(ids).size < ids.length
    }
  },
  {
    id: "index",
    rule: "each action names its index where the path names none, and no other does",
    document: bulkApi,
    isBroken: ({ actions, index }) =>
      actions.some((action) => {
        const { _index: own } = createdBy(action) ?? {}
        return index === undefined ? !isIndex(own) : own !== undefined
      })
  },
  {
    id: "document",
    rule: "each document is an object",
    document: bulkApi,
    isBroken: ({ documents }) => documents.some((document) => !isRecord(read(document)))
  },
  {
    id: "names",
    rule: "no object has a name twice",
    document: "Elasticsearch, StreamReadFeature.STRICT_DUPLICATE_DETECTION of its JSON parser",
    isBroken: ({ documents }) => documents.some(hasNameTwice)
  },
  {
    id: "time",
    rule: "each document has a @timestamp in ISO 8601 with up to nine digits",
    document: "Elasticsearch 9, \"Data streams\"; \"format\", strict_date_optional_time",
    isBroken: ({ documents }) =>
      documents.some((document) => {
        const fields = read(document)
        return !isRecord(fields) || !isTimestamp(fields["@timestamp"])
      })
  }
]

/** The index that a path names. */
export const indexIn = (path: string): string | undefined => /^\/(?:.*\/)?([^/?]+)\/_bulk/.exec(path)?.[1]

/** Which rule a request breaks. */
export const faultOf = ({ body, path }: Pick<Received, "body" | "path">): string | undefined => {
  const text = body.toString()
  const lines = text.split("\n").slice(0, -1)
  const request: Request = {
    index: indexIn(path),
    parameters: new URL(path, "http://localhost").searchParams,
    text,
    actions: lines.filter((_, at) => at % 2 === 0),
    documents: lines.filter((_, at) => at % 2 === 1)
  }
  return rules.find(({ isBroken }) => isBroken(request))?.id
}

const read = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const hasNameTwice = (json: string): boolean => {
  const open: Array<Set<string>> = []
  for (const [token, text, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g)) {
    if (token === "{") open.push(new Set())
    else if (token === "}") open.pop()
    else if (colon !== undefined && text !== undefined) {
      const name: string = JSON.parse(text)
      const names = open.at(-1)
      if (names?.has(name) === true) return true
      names?.add(name)
    }
  }
  return false
}
