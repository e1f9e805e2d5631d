/**
 * The suite of sinks, on the one for OpenTelemetry. In JSON it writes the same messages: `messages.test.ts`. How long an answer
 * is read is the same for all sinks over HTTP: `sinks/http/conformance.test.ts`.
 */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import * as OtlpSink from "../../../src/sinks/OtlpSink.ts"
import { collector, type Received, said } from "../../servers/Collector.ts"
import { answers, secrets, secretTexts, urlWithSecrets } from "../../servers/conformance.ts"
import { faultOfRequest, logRecordsOf, uidOf } from "../../servers/otlp.ts"
import { directory } from "../../support/spooledLanes.ts"
import { decodeRequest, encodeResponse } from "./decoders.ts"

const contentType = "application/x-protobuf"

type PartialSuccess = { readonly rejectedLogRecords?: number; readonly errorMessage?: string }

const partially = (partialSuccess: PartialSuccess) =>
  said(200, encodeResponse({ partialSuccess }), { "content-type": contentType })

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("the sink for OpenTelemetry", (it) => {
  const recordsOf = ({ body }: Received): ReadonlyArray<unknown> => logRecordsOf(decodeRequest(body))

  const cases = SinkConformance.cases({
    make: Effect.gen(function*() {
      const far = yield* collector({
        contentType,
        path: "/v1/logs",
        judge: ({ body }) => faultOfRequest(decodeRequest(body))
      })
      far.always = partially({})
      const headers = { "x-api-key": Redacted.make(secrets.token) }
      return { sink: yield* OtlpSink.make({ url: urlWithSecrets(far), headers, compression: "gzip" }), far }
    }),
    stored: (far) =>
      Effect.sync(() =>
        far.stored.flatMap(recordsOf).map((record) => ({ id: uidOf(record), bytes: JSON.stringify(record) }))
      ),
    attempts: (far) => Effect.sync(() => far.received.map(({ body }) => body.toString("latin1"))),
    answers: {
      ...answers,
      twoRefused: (far) => far.script(partially({ rejectedLogRecords: 2, errorMessage: "too old" })),
      warning: (far) => far.script(partially({ errorMessage: "use another path" }))
    },
    secrets: secretTexts,
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})
