/** The suite of sinks, on the one for Loki. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import * as LokiSink from "../../../src/sinks/LokiSink.ts"
import { refused, said } from "../../servers/Collector.ts"
import { answers, secrets, secretTexts, urlWithSecrets } from "../../servers/conformance.ts"
import { entriesOf, loki } from "../../servers/loki.ts"
import { ignored, ruleOf } from "../../servers/lokiRules.ts"
import { directory } from "../../support/spooledLanes.ts"

const tenant = "tenant-of-the-sink"

// One record of the suite has 1 MB.
const lineBytes = 2 * 1024 * 1024

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("the sink for Loki", (it) => {
  const cases = SinkConformance.cases({
    make: Effect.gen(function*() {
      const far = yield* loki({ lineBytes })
      const sink = yield* LokiSink.make({
        url: urlWithSecrets(far),
        headers: { "x-api-key": Redacted.make(secrets.token) },
        tenant,
        labels: { service_name: "orders" },
        maxLineBytes: lineBytes
      })
      return { sink, far }
    }),
    stored: (far) =>
      Effect.sync(() =>
        far.stored.flatMap(entriesOf).map(({ line, metadata, time }) => ({
          id: metadata["uid"] ?? "",
          bytes: `${time} ${line} ${JSON.stringify(metadata)}`
        }))
      ),
    attempts: (far) => Effect.sync(() => far.received.map(({ body }) => body.toString())),
    answers: {
      ...answers,
      busyForSevenSeconds: (far) =>
        far.script(refused(429, { "retry-after": "7" }, ruleOf("stream_limit").sentence("{}"))),
      twoRefused: (far) => far.script(said(400, ignored(ruleOf("too_far_behind").sentence("{}"), 2, 5, "{}")))
    },
    secrets: [...secretTexts, tenant],
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})
