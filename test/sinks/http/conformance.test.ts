/** The suite of sinks, on the one that posts to an endpoint, over each client of the platform. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import * as HttpSink from "../../../src/sinks/HttpSink.ts"
import {
  broken,
  type Collector,
  collector,
  echoed,
  type Received,
  refused,
  reset,
  silent,
  storedAndReset,
  unending
} from "../../servers/Collector.ts"
import { directory } from "../../support/spooledLanes.ts"

const secrets = {
  password: "password-of-the-url",
  parameter: "parameter-of-the-url",
  token: "token-of-a-header"
}

const answers: SinkConformance.Answers<Collector> = {
  unavailable: (far) => far.script(echoed(503)),
  busyForSevenSeconds: (far) => far.script(echoed(429, { "retry-after": "7" })),
  busyUntilInSevenSeconds: (far) =>
    Effect.suspend(() => far.script(echoed(503, { "retry-after": new Date(Date.now() + 7000).toUTCString() }))),
  busyForNonsense: (far, text) => far.script(echoed(503, { "retry-after": text })),
  refused: (far) => far.script(echoed(400)),
  tooLarge: (far) => far.script(echoed(413)),
  misconfigured: (far) => far.script(echoed(401)),
  acknowledgementLost: (far) => far.script(storedAndReset),
  hangUp: (far) => far.script(reset),
  brokenAnswer: (far) => far.script(broken),
  silence: (far) => {
    const { came, reply } = silent()
    return Effect.as(far.script(reply), came)
  },
  slow: (far) => far.script(unending(new Uint8Array(1)).reply),
  endless: (far) => {
    const { reply, taken } = unending(new Uint8Array(1024 * 1024))
    return Effect.as(far.script(reply), taken)
  },
  redirect: (far) =>
    Effect.as(
      far.script(refused(307, { location: "/elsewhere" })),
      Effect.sync(() => far.elsewhere.length)
    )
}

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
          const url = far.url.replace("://", `://reader:${secrets.password}@`) + `?token=${secrets.parameter}`
          const headers = { "x-api-key": Redacted.make(secrets.token) }
          return { sink: yield* HttpSink.make({ url, headers, ...options }), far }
        }),
        stored: (far) => Effect.sync(() => far.stored.flatMap(partsOf).map(storedLine)),
        attempts: (far) => Effect.sync(() => far.received.map(({ body }) => body.toString())),
        // One of them waits until its patience is over.
        answers: way === "JSON lines" ? answers : { ...answers, slow: undefined },
        secrets: [...Object.values(secrets), btoa(`reader:${secrets.password}`)],
        directory
      })
      for (const { name, rule, run } of cases) it.effect(`${rule}: ${name} (${way})`, () => run)
    }
  })
}
