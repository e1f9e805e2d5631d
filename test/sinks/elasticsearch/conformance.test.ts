/** The suite of sinks, on the one for Elasticsearch. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import * as ElasticsearchSink from "../../../src/sinks/ElasticsearchSink.ts"
import { type Bulk, bulk, busy, failed } from "../../servers/bulk.ts"
import { broken, type Collector, type Reply, reset, unending } from "../../servers/Collector.ts"
import { answers, secrets, secretTexts } from "../../servers/conformance.ts"
import { directory } from "../../support/spooledLanes.ts"

const unfit = failed(400, "document_parsing_exception", "[1:2] failed to parse field [data.order] of type [date]")

/** All of a request is answered so. */
const whole =
  <More extends ReadonlyArray<string>, A>(answer: (far: Collector, ...more: More) => A) =>
  ({ far }: Bulk, ...more: More): A => answer(far, ...more)

/** All is stored, and then something is done about the answer. */
const stored = (server: Bulk, reply: Reply) =>
  server.far.script((exchange) => {
    server.take(exchange.received)
    reply(exchange)
  })

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("the sink for Elasticsearch", (it) => {
  const cases = SinkConformance.cases({
    make: Effect.gen(function*() {
      const far = yield* bulk()
      const url = `${far.url.replace("://", `://reader:${secrets.password}@`)}?pipeline=${secrets.parameter}`
      const headers = { "x-api-key": Redacted.make(secrets.token) }
      return { sink: yield* ElasticsearchSink.make({ url, headers }), far }
    }),
    stored: (server) => Effect.sync(() => server.stored.map(({ id, line }) => ({ id, bytes: line }))),
    attempts: ({ far }) => Effect.sync(() => far.received.map(({ body }) => body.toString())),
    answers: {
      unavailable: whole(answers.unavailable),
      busyForSevenSeconds: whole(answers.busyForSevenSeconds),
      busyUntilInSevenSeconds: whole(answers.busyUntilInSevenSeconds),
      busyForNonsense: whole(answers.busyForNonsense),
      tooLarge: whole(answers.tooLarge),
      misconfigured: whole(answers.misconfigured),
      hangUp: whole(answers.hangUp),
      silence: whole(answers.silence),
      redirect: whole(answers.redirect),
      refused: (server) => server.script(() => unfit),
      secondRefused: (server) => server.script((position) => position === 1 ? unfit : undefined),
      secondRefusedThirdAgain: (server) =>
        server.script((position) => position === 1 ? unfit : position === 2 ? busy : undefined),
      acknowledgementLost: (server) => stored(server, reset),
      brokenAnswer: (server) => stored(server, broken),
      endless: (server) => {
        const { reply, taken } = unending(new Uint8Array(1024 * 1024))
        return Effect.as(stored(server, reply), taken)
      }
    },
    secrets: secretTexts,
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})
