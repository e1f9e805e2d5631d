/**
 * The suite of sinks, on the one for OpenTelemetry. In JSON it writes the same messages: `messages.test.ts`. How long an answer
 * is read is the same for all sinks over HTTP: `sinks/http/conformance.test.ts`.
 */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import * as OtlpSink from "../../../src/sinks/OtlpSink.ts"
import {
  broken,
  type Collector,
  collector,
  echoed,
  type Received,
  refused,
  reset,
  said,
  silent,
  storedAndReset,
  unending
} from "../../servers/Collector.ts"
import { faultOfRequest, logRecordsOf, uidOf } from "../../servers/otlp.ts"
import { directory } from "../../support/spooledLanes.ts"
import { decodeRequest, encodeResponse } from "./decoders.ts"

const secrets = {
  password: "password-of-the-url",
  parameter: "parameter-of-the-url",
  token: "token-of-a-header"
}

const contentType = "application/x-protobuf"

type PartialSuccess = { readonly rejectedLogRecords?: number; readonly errorMessage?: string }

const partially = (partialSuccess: PartialSuccess) =>
  said(200, encodeResponse({ partialSuccess }), { "content-type": contentType })

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("the sink for OpenTelemetry", (it) => {
  const answers: SinkConformance.Answers<Collector> = {
    unavailable: (far) => far.script(echoed(503)),
    busyForSevenSeconds: (far) => far.script(echoed(429, { "retry-after": "7" })),
    busyUntilInSevenSeconds: (far) =>
      Effect.suspend(() => far.script(echoed(503, { "retry-after": new Date(Date.now() + 7000).toUTCString() }))),
    busyForNonsense: (far, text) => far.script(echoed(503, { "retry-after": text })),
    refused: (far) => far.script(echoed(400)),
    twoRefused: (far) => far.script(partially({ rejectedLogRecords: 2, errorMessage: "too old" })),
    warning: (far) => far.script(partially({ errorMessage: "use another path" })),
    tooLarge: (far) => far.script(echoed(413)),
    misconfigured: (far) => far.script(echoed(401)),
    acknowledgementLost: (far) => far.script(storedAndReset),
    hangUp: (far) => far.script(reset),
    brokenAnswer: (far) => far.script(broken),
    silence: (far) => {
      const { came, reply } = silent()
      return Effect.as(far.script(reply), came)
    },
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

  const recordsOf = ({ body }: Received): ReadonlyArray<unknown> => logRecordsOf(decodeRequest(body))

  const cases = SinkConformance.cases({
    make: Effect.gen(function*() {
      const far = yield* collector({
        contentType,
        path: "/v1/logs",
        judge: ({ body }) => faultOfRequest(decodeRequest(body))
      })
      far.always = partially({})
      const url = far.url.replace("://", `://reader:${secrets.password}@`) + `?token=${secrets.parameter}`
      const headers = { "x-api-key": Redacted.make(secrets.token) }
      return { sink: yield* OtlpSink.make({ url, headers, compression: "gzip" }), far }
    }),
    stored: (far) =>
      Effect.sync(() =>
        far.stored.flatMap(recordsOf).map((record) => ({ id: uidOf(record), bytes: JSON.stringify(record) }))
      ),
    attempts: (far) => Effect.sync(() => far.received.map(({ body }) => body.toString("latin1"))),
    answers,
    secrets: [...Object.values(secrets), btoa(`reader:${secrets.password}`)],
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})
