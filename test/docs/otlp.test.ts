/** The examples of docs/sinks/otlp.md, against a collector of their own. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Path } from "effect"
import * as Traces from "../../scratchpad/examples/otlp-traces.ts"
import { isRecord } from "../../src/record/plainData.ts"
import { collector } from "../servers/Collector.ts"
import { attributesOf, faultOfRequest, logRecordsOf } from "../servers/otlp.ts"
import { decodeRequest } from "../sinks/otlp/decoders.ts"
import { examplesFolder } from "./pages.ts"
import { run } from "./programs.ts"

const opened = collector({
  contentType: "application/x-protobuf",
  path: "/v1/logs",
  judge: ({ body }) => faultOfRequest(decodeRequest(body))
})

layer(NodeServices.layer, { excludeTestServices: true })("the examples of the sink for OpenTelemetry", (it) => {
  it.effect("otlp-collector.ts sends what it logs, with its annotation", () =>
    Effect.gen(function*() {
      const far = yield* opened
      const path = (yield* Path.Path).join(yield* examplesFolder, "otlp-collector.ts")
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(far.url).origin }
      const { exitCode, stderr } = yield* run({ arguments: [path], env })
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      const records = far.stored.flatMap(({ body }) => logRecordsOf(decodeRequest(body)))
      assert.strictEqual(records.length, 1)
      assert.strictEqual(attributesOf(records[0]).get("order"), "1042")
      assert.strictEqual(far.elsewhere.length, 0)
    }))

  it.effect("otlp-traces.ts sends the span of a record beside it, and no event of that", () =>
    Effect.gen(function*() {
      const far = yield* opened
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: new URL(far.url).origin,
        OTEL_SERVICE_NAME: "orders",
        OTEL_TRACES_EXPORTER: "otlp"
      }
      const telemetry = Layer.provide(Traces.TelemetryLive, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
      yield* Effect.logInfo("order placed").pipe(Effect.withSpan("order"), Effect.provide(telemetry))
      const [record] = far.stored.flatMap(({ body }) => logRecordsOf(decodeRequest(body)))
      assert.isTrue(isRecord(record) && "traceId" in record)
      const [traces] = far.elsewhere
      assert.strictEqual(traces?.path, "/v1/traces")
      assert.include(traces?.body.toString("hex") ?? "", String(isRecord(record) && record["traceId"]))
      assert.notInclude(traces?.body.toString("latin1") ?? "order placed", "order placed")
    }))
})
