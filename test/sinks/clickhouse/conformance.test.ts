/** The suite of sinks, on the one that inserts into ClickHouse, against a server that answers as it does. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { SinkConformance } from "../../../src/index.ts"
import * as ClickHouseSink from "../../../src/sinks/ClickHouseSink.ts"
import { type Collector, collector, echoed, refused, said } from "../../servers/Collector.ts"
import { answers } from "../../servers/conformance.ts"
import { directory } from "../../support/spooledLanes.ts"
import { judge, rowsOf, writer } from "./judge.ts"

const exception = (status: number, code: number) => refused(status, { "x-clickhouse-exception-code": String(code) })

const exceptions: SinkConformance.Answers<Collector> = {
  ...answers,
  unavailable: (far) => far.script(exception(500, 252)),
  busyForSevenSeconds: (far) => far.script(echoed(503, { "retry-after": "7", "x-clickhouse-exception-code": "202" })),
  refused: (far) => far.script(exception(500, 27)),
  misconfigured: (far) => far.script(exception(404, 60))
}

const cases = SinkConformance.cases({
  make: Effect.gen(function*() {
    const far = yield* collector({ contentType: "text/plain; charset=utf-8", path: "/", judge })
    far.always = said(200, "")
    const sink = yield* ClickHouseSink.make({
      url: far.url,
      database: "logs",
      table: "web",
      user: writer.user,
      password: Redacted.make(writer.password)
    })
    return { sink, far }
  }),
  stored: (far) =>
    Effect.sync(() =>
      far.stored.flatMap(rowsOf).map((row): SinkConformance.Stored => ({
        id: String(row["uid"]),
        bytes: JSON.stringify(row)
      }))
    ),
  attempts: (far) => Effect.sync(() => far.received.map(({ body }) => body.toString())),
  answers: exceptions,
  secrets: [writer.password],
  directory
})

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("the sink for ClickHouse", (it) => {
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})
