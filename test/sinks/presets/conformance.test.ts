/** The suite of sinks, on each preset, against a server that wants what the service wants. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import { collector } from "../../servers/Collector.ts"
import { answers } from "../../servers/conformance.ts"
import { directory } from "../../support/spooledLanes.ts"
import { credential, ingested, vendors } from "./vendors.ts"

/** One of each form: Datadog and Better Stack take arrays, as Axiom does. */
const forms = vendors.filter(({ name }) => ["splunk", "new-relic", "axiom"].includes(name))

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("the preset", (it) => {
  for (const vendor of forms) {
    const { itemsOf, judge, make, name, path, uidOf } = vendor
    const cases = SinkConformance.cases({
      make: Effect.gen(function*() {
        const far = yield* collector({ contentType: "application/json", path, judge })
        far.always = vendor.stored
        return { sink: yield* make({ url: new URL(far.url).origin }), far }
      }),
      stored: (far) =>
        Effect.sync(() =>
          far.stored.flatMap(itemsOf).map((item): SinkConformance.Stored => ({
            id: uidOf(item),
            bytes: JSON.stringify(item)
          }))
        ),
      attempts: (far) => Effect.sync(() => far.received.map(({ body }) => body.toString())),
      answers: name === "axiom" ? { ...answers, twoRefused: (far) => far.script(ingested(2)) } : answers,
      secrets: [credential],
      directory
    })
    for (const { name: what, rule, run } of cases) it.effect(`${name}: ${rule}: ${what}`, () => run)
  }
})
