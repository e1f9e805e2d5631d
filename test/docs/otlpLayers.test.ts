/** What docs/sinks/otlp.md says of Effect's own layers for OTLP above, below and beside a runtime with this sink. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { HttpClient } from "effect/http"
import { Otlp, OtlpSerialization, OtlpTracer } from "effect/observability"
import { readFileSync } from "node:fs"
import { Logging } from "../../src/index.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"
import { collector, said } from "../servers/Collector.ts"
import { attributesOf, logRecordsOf } from "../servers/otlp.ts"

interface Layers {
  readonly Spillway: Layer.Layer<Logging.Logging, never, HttpClient.HttpClient>
  readonly Merging: Layer.Layer<Logging.Logging, never, HttpClient.HttpClient>
  readonly Otlp: Layer.Layer<never, never, HttpClient.HttpClient>
  readonly Traces: Layer.Layer<never, never, HttpClient.HttpClient>
}

interface Composition {
  readonly code: string
  readonly compose: (layers: Layers) => Layer.Layer<Logging.Logging, never, HttpClient.HttpClient>
  /** How often a record is sent by this sink, by Effect's own logger, and as an event of its span. */
  readonly sent: readonly [bySink: number, byEffect: number, asEvent: number]
}

const compositions: ReadonlyArray<Composition> = [
  {
    code: "Layer.provideMerge(Traces, Spillway)",
    compose: ({ Spillway, Traces }) => Layer.provideMerge(Traces, Spillway),
    sent: [1, 0, 0]
  },
  {
    code: "Layer.provideMerge(Spillway, Otlp)",
    compose: ({ Otlp, Spillway }) => Layer.provideMerge(Spillway, Otlp),
    sent: [1, 0, 0]
  },
  {
    code: "Layer.merge(Otlp, Spillway)",
    compose: ({ Otlp, Spillway }) => Layer.merge(Otlp, Spillway),
    sent: [1, 0, 0]
  },
  {
    code: "Layer.provideMerge(Otlp, Spillway)",
    compose: ({ Otlp, Spillway }) => Layer.provideMerge(Otlp, Spillway),
    sent: [1, 1, 0]
  },
  {
    code: "Layer.provideMerge(Merging, Otlp)",
    compose: ({ Merging, Otlp }) => Layer.provideMerge(Merging, Otlp),
    sent: [1, 1, 0]
  },
  {
    code: "Layer.merge(Spillway, Otlp)",
    compose: ({ Otlp, Spillway }) => Layer.merge(Spillway, Otlp),
    sent: [0, 1, 1]
  }
]

const page = readFileSync("docs/sinks/otlp.md", "utf8").split("\n")

layer(NodeHttpClient.layerUndici, { excludeTestServices: true })("beside Effect's layers for OTLP", (it) => {
  for (const { code, compose, sent: [bySink, byEffect, asEvent] } of compositions) {
    it.effect(`${code}: ${bySink} by the sink, ${byEffect} by Effect, ${asEvent} as an event`, () =>
      Effect.gen(function*() {
        const far = yield* collector({ contentType: "application/json", path: "/v1/logs" })
        far.always = said(200, "{}")
        const lines: Array<string> = []
        const baseUrl = new URL(far.url).origin
        const runtime = (mergeWithExisting: boolean) =>
          Logging.layer({
            sinks: [OtlpSink.make({ url: far.url, format: "json" })],
            mergeWithExisting,
            diagnostics: (line) => lines.push(line)
          })
        const layers: Layers = {
          Spillway: runtime(false),
          Merging: runtime(true),
          Otlp: Otlp.layer({ baseUrl, resource: { serviceName: "orders" } }).pipe(
            Layer.provide(OtlpSerialization.layerJson)
          ),
          Traces: OtlpTracer.layer({ url: `${baseUrl}/v1/traces`, resource: { serviceName: "orders" } }).pipe(
            Layer.provide(OtlpSerialization.layerJson)
          )
        }
        yield* Effect.logInfo("order placed").pipe(
          Effect.withSpan("order"),
          Effect.provide(compose(layers), { local: true })
        )
        const records = far.stored.flatMap(({ body }) => logRecordsOf(JSON.parse(body.toString())))
        const ours = records.filter((record) => attributesOf(record).has("log.record.uid")).length
        const traces = far.elsewhere.filter(({ path }) => path === "/v1/traces").map(({ body }) => body.toString())
          .join()
        const spans = traces.split("\"name\":\"order\"").length - 1
        const events = traces.split("\"order placed\"").length - 1
        assert.strictEqual(spans, 1)
        assert.deepStrictEqual([ours, records.length - ours, events], [bySink, byEffect, asEvent])
        assert.strictEqual(lines.some((line) => line.includes("not one record was offered")), bySink === 0)
        const [, ...cells] = page.find((line) => line.startsWith(`| \`${code}\``))?.split("|").slice(1, -1) ?? []
        assert.deepStrictEqual(cells.map(Number), [bySink, byEffect, asEvent])
      }))
  }
})
