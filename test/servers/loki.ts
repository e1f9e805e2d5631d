/**
 * Loki as a sink sees it: it judges every request by the form that is documented for `POST /loki/api/v1/push` (`lokiForm.ts`), keeps entries as
 * an ingester does, and answers as the real one (`lokiRules.ts`).
 */
import type { Effect, Scope } from "effect"
import { type Collector, collector, type Options, type Received, type Reply } from "./Collector.ts"
import { faultOfPush } from "./lokiForm.ts"
import { grouped, ignored, ruleOf } from "./lokiRules.ts"

/** An entry as it was pushed. */
export interface Entry {
  readonly labels: Readonly<Record<string, string>>
  readonly time: bigint
  readonly line: string
  readonly metadata: Readonly<Record<string, string>>
}

export const pushPath = "/loki/api/v1/push"

/** A stream as Loki writes it. */
export const streamOf = (labels: Readonly<Record<string, string>>): string =>
  `{${
    Object.entries(labels).toSorted(([a], [b]) => a < b ? -1 : 1).map(([name, value]) =>
      `${name}=${JSON.stringify(value)}`
    ).join(", ")
  }}`

/** The entries of a request whose form is right, stream by stream. */
export const pushed = ({ body }: Pick<Received, "body">): ReadonlyArray<ReadonlyArray<Entry>> =>
  JSON.parse(body.toString()).streams.map(
    (stream: { stream: Record<string, string>; values: Array<[string, string, Record<string, string>?]> }) =>
      stream.values.map(([time, line, metadata = {}]) => ({
        labels: stream.stream,
        time: BigInt(time),
        line,
        metadata
      }))
  )

/** All entries of a request as a query shows them, by time. */
export const entriesOf = (received: Pick<Received, "body">): ReadonlyArray<Entry> =>
  pushed(received).flat().toSorted((a, b) => a.time < b.time ? -1 : a.time > b.time ? 1 : 0)

const hour = 3_600_000_000_000n

/** What a Loki has stored: it takes no entry that is an hour older than the newest of its stream, nor more streams than so many. */
export class Store {
  readonly entries: Array<Entry> = []
  mostStreams: number
  /** The oldest time that is taken. */
  oldest = 0n
  private readonly newest = new Map<string, bigint>()

  constructor(mostStreams = 5000) {
    this.mostStreams = mostStreams
  }

  /** Stores what it can, and says what it cannot. */
  readonly reply: Reply = ({ received, response, store }) => {
    const tooOld: Array<string> = []
    const behind: Array<string> = []
    let tooMany: string | undefined
    for (const entries of pushed(received)) {
      const stream = streamOf(entries[0]!.labels)
      const young = entries.filter(({ time }) => time >= this.oldest)
      const rule = ruleOf("greater_than_max_sample_age")
      tooOld.push(...entries.slice(young.length).map(() => rule.sentence(stream)))
      if (young.length === 0) continue
      if (!this.newest.has(stream) && this.newest.size >= this.mostStreams) {
        tooMany = ruleOf("stream_limit").sentence(stream)
        continue
      }
      let count = 0
      for (const entry of young) {
        const newest = this.newest.get(stream) ?? entry.time
        if (entry.time < newest - hour) {
          count++
          continue
        }
        this.newest.set(stream, entry.time > newest ? entry.time : newest)
        this.entries.push(entry)
      }
      if (count > 0) behind.push(ignored(ruleOf("too_far_behind").sentence(stream), count, young.length, stream))
    }
    store()
    if (tooMany !== undefined) response.writeHead(429).end(tooMany)
    else if (behind.length > 0) response.writeHead(400).end(behind.join("\n"))
    else if (tooOld.length > 0) response.writeHead(400).end(grouped(tooOld))
    else response.writeHead(204).end()
  }
}

/** A Loki of which every request is judged; its answers are scripted as those of any collector. */
export const loki = (
  options: Partial<Options> & { readonly lineBytes?: number } = {}
): Effect.Effect<Collector, never, Scope.Scope> => {
  const { lineBytes, ...others } = options
  return collector({
    contentType: "application/json",
    path: pushPath,
    judge: (received) => faultOfPush(received, lineBytes),
    ...others
  })
}
