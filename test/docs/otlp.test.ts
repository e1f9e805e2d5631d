/** The examples of docs/sinks/otlp.md, against a collector of their own. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Path } from "effect"
import { collector } from "../servers/Collector.ts"
import { decodeRequest } from "../sinks/otlp/decoders.ts"
import { attributesOf, logRecordsOf } from "../sinks/otlp/judge.ts"
import { examplesFolder } from "./pages.ts"
import { run } from "./programs.ts"

/** What a collector has when an example has ended. */
const collected = (name: string, more: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function*() {
    const far = yield* collector({ contentType: "application/x-protobuf", path: "/v1/logs" })
    const path = (yield* Path.Path).join(yield* examplesFolder, name)
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(far.url).origin, OTEL_SERVICE_NAME: "orders", ...more }
    const { exitCode, stderr } = yield* run({ arguments: [path], env })
    const [received] = far.stored
    assert.isDefined(received)
    return { exitCode, stderr, far, records: logRecordsOf(decodeRequest(received.body)) }
  })

layer(NodeServices.layer, { excludeTestServices: true })("the examples of the sink for OpenTelemetry", (it) => {
  it.effect("otlp-collector.ts sends what it logs, with its annotation", () =>
    Effect.gen(function*() {
      const { exitCode, far, records, stderr } = yield* collected("otlp-collector.ts")
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      assert.strictEqual(records.length, 1)
      assert.strictEqual(attributesOf(records[0]).get("order"), "1042")
      assert.strictEqual(far.elsewhere.length, 0)
    }))

  it.effect("otlp-traces.ts sends the span of a record beside it, and no event of that", () =>
    Effect.gen(function*() {
      const { exitCode, far, records, stderr } = yield* collected("otlp-traces.ts", { OTEL_TRACES_EXPORTER: "otlp" })
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      const [record] = records
      assert.isTrue(typeof record === "object" && record !== null && "traceId" in record)
      if (typeof record !== "object" || record === null || !("traceId" in record)) return
      const [traces] = far.elsewhere
      assert.strictEqual(traces?.path, "/v1/traces")
      assert.include(traces?.body.toString("hex") ?? "", String(record.traceId))
      assert.notInclude(traces?.body.toString("latin1") ?? "order placed", "order placed")
    }))
})
