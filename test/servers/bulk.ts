/**
 * What Elasticsearch and OpenSearch make of bulk requests, as far as a sink sees it, on a `Collector`: a request that
 * breaks one of `bulkRules` is a fault of the collector, which must have none, a document that does not fit
 * `bulkMapping` is refused alone, one whose id is there is answered with 409 `version_conflict_engine_exception`, any
 * other is stored and answered with 201. How documents are answered can be scripted.
 */
import { Effect, type Scope } from "effect"
import { type Failed, type Kind, withTypesOf } from "./bulkMapping.ts"
import { faultOf, indexIn } from "./bulkRules.ts"
import { type Collector, collector, type Received, type Reply } from "./Collector.ts"

type Fields = Readonly<Record<string, unknown>>

/** What is answered for one document. */
export interface Item {
  readonly status: number
  readonly error?: Failed | undefined
}

interface Pair {
  readonly index: string
  readonly id: string
  readonly line: string
}

const created: Item = { status: 201 }

export const failed = (status: number, type: string, reason = "some reason"): Item => ({
  status,
  error: { type, reason }
})

/** There is no room for a document now. */
export const busy = failed(429, "es_rejected_execution_exception", "rejected execution of coordinating operation")

export class Bulk {
  readonly far: Collector
  /** What is stored, oldest first. */
  readonly stored: Array<Pair> = []
  /** The ids of each request that was taken apart, with what was answered for each. */
  readonly sent: Array<ReadonlyMap<string, number>> = []
  private readonly scripts: Array<(position: number, id: string) => Item | undefined> = []
  private readonly types = new Map<string, Map<string, Kind>>()
  private readonly places = new Set<string>()

  constructor(far: Collector) {
    this.far = far
  }

  /** Where it listens, without the path of requests. */
  get url(): string {
    return this.far.url.slice(0, -this.far.path.length)
  }

  get ids(): ReadonlyArray<string> {
    return this.stored.map(({ id }) => id)
  }

  get sources(): ReadonlyArray<Fields> {
    return this.stored.map(({ line }) => JSON.parse(line))
  }

  /** How the documents of the next request are answered: what it does not say is as it is. */
  readonly script = (answer: (position: number, id: string) => Item | undefined): Effect.Effect<void> =>
    Effect.sync(() => {
      this.scripts.push(answer)
    })

  /** Stores the documents of a request, and says what became of each. */
  take(received: Received): ReadonlyArray<Item> {
    const script = this.scripts.shift()
    const pairs = pairsOf(received)
    const items = pairs.map((pair, position) => script?.(position, pair.id) ?? this.create(pair))
    this.sent.push(new Map(pairs.map(({ id }, position) => [id, items[position]!.status])))
    return items
  }

  readonly reply: Reply = ({ received, response, store }) => {
    const items = this.take(received)
    store()
    response.writeHead(200, { "content-type": "application/json" }).end(answerOf(items))
  }

  private create(pair: Pair): Item {
    const { id, index, line } = pair
    if (this.places.has(`${index}/${id}`)) {
      const reason = `[${id}]: version conflict, document already exists (current version [1])`
      return failed(409, "version_conflict_engine_exception", reason)
    }
    const types = this.types.get(index) ?? new Map<string, Kind>([["@timestamp", "date"]])
    const mapped = withTypesOf(JSON.parse(line), types, id)
    if (!(mapped instanceof Map)) return { status: 400, error: mapped }
    this.types.set(index, mapped)
    this.places.add(`${index}/${id}`)
    this.stored.push(pair)
    return created
  }
}

/** An answer with what `filter_path` asks for. */
export const answerOf = (items: ReadonlyArray<Item>): string =>
  JSON.stringify({ errors: items.some(({ status }) => status >= 400), items: items.map((create) => ({ create })) })

/** A server that takes bulk requests at a path. */
export const bulk = (path = "/logs-generic-default/_bulk"): Effect.Effect<Bulk, never, Scope.Scope> =>
  Effect.map(collector({ contentType: "application/x-ndjson", path, judge: faultOf }), (far) => {
    const server = new Bulk(far)
    far.always = server.reply
    return server
  })

const pairsOf = ({ body, path }: Received): ReadonlyArray<Pair> => {
  const lines = body.toString().split("\n")
  const pairs: Array<Pair> = []
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const { _id: id, _index: index = indexIn(path) } = JSON.parse(lines[at]!).create
    pairs.push({ index, id, line: lines[at + 1]! })
  }
  return pairs
}
