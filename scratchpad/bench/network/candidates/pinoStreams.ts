/** pino with what sends its lines to Loki or Elasticsearch, in the same thread or in a worker. */
import { createRequire } from "node:module"
import type { Transform } from "node:stream"
import { pino } from "pino"
import type { default as MakeStream, Options as ElasticsearchOptions } from "pino-elasticsearch"
import { type LokiOptions, pinoLoki } from "pino-loki"
import type { Job } from "../../job.ts"
import { boundLog, plainLoop } from "../../workload.ts"
import { networkJob, type NetworkSetup } from "../networkJob.ts"

/** What its types call its default is the module itself. */
const pinoElasticsearch: typeof MakeStream.default = createRequire(import.meta.url)("pino-elasticsearch")

type Thread = "same" | "worker"

const job = (
  streamOf: (setup: NetworkSetup) => Transform | ReturnType<typeof pino.transport>,
  isEnded = true
): Job =>
  networkJob({
    closes: "sent",
    open(setup) {
      const stream = streamOf(setup)
      const root = pino(stream)
      const log = boundLog(setup.workload, (annotations) => root.child(annotations), {
        text: (child, text) => child.info(text),
        textAndBody: (child, text, body) => child.info(body, text)
      })
      return Promise.resolve({
        log: (events) => plainLoop(log, events, setup.yieldEvery),
        close() {
          if (isEnded) stream.end()
          return Promise.resolve(0)
        }
      })
    }
  })

/** Its buffer has no bound, since it drops the oldest lines of a full one; what it has is sent in each interval. */
const lokiOptions = ({ url }: NetworkSetup): LokiOptions => ({
  host: url,
  labels: { service_name: "bench" },
  batching: { interval: 0.05, maxBufferSize: 0 }
})

export const loki = (thread: Thread): Job =>
  job((setup) =>
    thread === "same"
      ? pinoLoki(lokiOptions(setup))
      : pino.transport({ target: "pino-loki", options: lokiOptions(setup) })
  )

/** Bodies of 1 MB, where its default is 1 kB; one that is not full is sent after the interval. */
const elasticsearchOptions = ({ url }: NetworkSetup): ElasticsearchOptions => ({
  node: url,
  index: "bench",
  flushBytes: 1_000_000,
  flushInterval: 50
})

export const elasticsearch = (thread: Thread): Job =>
  job(
    (setup) =>
      thread === "same"
        ? pinoElasticsearch(elasticsearchOptions(setup))
        : pino.transport({ target: "pino-elasticsearch", options: elasticsearchOptions(setup) }),
    // In a worker it never ends: pino waits for 10 s for that, and fails.
    thread === "same"
  )
