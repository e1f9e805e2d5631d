/** What docs/operations.md shows of `effect-spillway doctor`. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, Layer } from "effect"
import { LoggingLive } from "../../scratchpad/examples/logging.ts"
import { probe } from "../../src/cli/doctor/probe.ts"
import { reportOf } from "../../src/cli/doctor/report.ts"
import { sinksOf } from "../../src/cli/doctor/sinksOf.ts"
import { collector, refused } from "../servers/Collector.ts"
import { page } from "./pages.ts"

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici), { excludeTestServices: true })(
  "docs/operations.md",
  (it) => {
    it.effect("shows what the doctor finds of the log in logging.ts", () =>
      Effect.gen(function*() {
        const far = yield* collector({ contentType: "application/x-protobuf", path: "/v1/logs" })
        far.next(refused(401, { date: new Date(Date.now() + 3_600_000).toUTCString() }))
        const env = ConfigProvider.layer(
          ConfigProvider.fromEnv({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(far.url).origin } })
        )
        const [console, otlp] = yield* sinksOf(Layer.provide(LoggingLive, env), "logging.ts")
        assert.strictEqual(console?.name, "console")
        assert.isDefined(otlp)
        const report = reportOf(yield* probe(otlp)).replace(/\d+ ms/, "12 ms")
        const shown = report.replaceAll(new URL(far.url).host, "localhost:4318")
        assert.include(yield* page("docs/operations.md"), `\n${shown}\n\`\`\`\n`)
      }))
  }
)
