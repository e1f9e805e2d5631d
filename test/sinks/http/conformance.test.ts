/** The suite of sinks, on the one that posts to an endpoint, over each client of the platform. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import * as HttpSink from "../../../src/sinks/HttpSink.ts"
import { collector, type Received } from "../../servers/Collector.ts"
import { answers, secrets, secretTexts, slow, urlWithSecrets } from "../../servers/conformance.ts"
import { directory } from "../../support/spooledLanes.ts"

const storedLine = (bytes: string): SinkConformance.Stored => ({ id: JSON.parse(bytes).uid, bytes })

const linesOf = ({ body }: Received): ReadonlyArray<string> => body.toString().split("\n").filter((line) => line !== "")

const itemsOf = ({ body }: Received): ReadonlyArray<string> =>
  JSON.parse(body.toString()).map((item: unknown) => JSON.stringify(item))

interface Way {
  readonly options: Partial<HttpSink.Options>
  readonly contentType: string
  readonly partsOf: (received: Received) => ReadonlyArray<string>
}

const asLines: Way = { options: {}, contentType: "application/x-ndjson", partsOf: linesOf }

const asArray: Way = {
  options: { format: "json-array", compression: "gzip" },
  contentType: "application/json",
  partsOf: itemsOf
}

const clients = {
  undici: [NodeHttpClient.layerUndici, { "JSON lines": asLines, "a JSON array, compressed": asArray }],
  fetch: [NodeHttpClient.layerFetch, { "a JSON array, compressed": asArray }],
  "node:http": [NodeHttpClient.layerNodeHttp, { "JSON lines": asLines }]
} as const

for (const [client, [layerClient, ways]] of Object.entries(clients)) {
  layer(Layer.merge(NodeServices.layer, layerClient))(`the sink over HTTP, with ${client}`, (it) => {
    for (const [way, { contentType, options, partsOf }] of Object.entries<Way>(ways)) {
      const cases = SinkConformance.cases({
        make: Effect.gen(function*() {
          const far = yield* collector({ contentType })
          const headers = { "x-api-key": Redacted.make(secrets.token) }
          return { sink: yield* HttpSink.make({ url: urlWithSecrets(far), headers, ...options }), far }
        }),
        stored: (far) => Effect.sync(() => far.stored.flatMap(partsOf).map(storedLine)),
        attempts: (far) => Effect.sync(() => far.received.map(({ body }) => body.toString())),
        // One of them waits until its patience is over.
        answers: way === "JSON lines" ? { ...answers, slow } : answers,
        secrets: secretTexts,
        directory
      })
      for (const { name, rule, run } of cases) it.effect(`${rule}: ${name} (${way})`, () => run)
    }
  })
}
