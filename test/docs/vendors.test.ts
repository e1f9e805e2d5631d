/** The examples of docs/sinks/vendors.md and docs/sinks/clickhouse.md, against servers of their own, and their tables. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { type Config, ConfigProvider, Effect, Path } from "effect"
import { HttpClient, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { Axiom } from "../../scratchpad/examples/vendors-axiom.ts"
import { BetterStack } from "../../scratchpad/examples/vendors-better-stack.ts"
import { NewRelic } from "../../scratchpad/examples/vendors-new-relic.ts"
import { Splunk } from "../../scratchpad/examples/vendors-splunk.ts"
import { LogRecord, type LogSink } from "../../src/index.ts"
import { exceptions } from "../../src/sinks/clickhouse/exceptions.ts"
import { collector, said } from "../servers/Collector.ts"
import { examplesFolder, page } from "./pages.ts"
import { run } from "./programs.ts"

const variables = {
  SPLUNK_URL: "https://splunk.example:8088",
  SPLUNK_TOKEN: "1234",
  NEW_RELIC_LICENSE_KEY: "1234",
  BETTER_STACK_URL: "https://s1.example",
  BETTER_STACK_SOURCE_TOKEN: "1234",
  AXIOM_TOKEN: "1234"
}

/** The request that a sink makes of a record. */
const requestOf = (sink: Effect.Effect<LogSink.LogSink, Config.ConfigError, HttpClient.HttpClient>) =>
  Effect.gen(function*() {
    const requests: Array<HttpClientRequest.HttpClientRequest> = []
    const client = HttpClient.make((request) => {
      requests.push(request)
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response()))
    })
    const { write } = yield* sink.pipe(
      Effect.provideService(HttpClient.HttpClient, client),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables))
    )
    yield* write([LogRecord.make({ message: "order placed" })])
    const [request] = requests
    assert.isDefined(request)
    return request
  })

layer(NodeServices.layer, { excludeTestServices: true })("docs/sinks/vendors.md", (it) => {
  it.effect("the examples post to their services, with their credentials", () =>
    Effect.gen(function*() {
      const splunk = yield* requestOf(Splunk)
      assert.strictEqual(splunk.url, "https://splunk.example:8088/services/collector/event")
      assert.strictEqual(splunk.headers["authorization"], "Splunk 1234")
      const newRelic = yield* requestOf(NewRelic)
      assert.strictEqual(newRelic.url, "https://log-api.eu.newrelic.com/log/v1")
      assert.strictEqual(newRelic.headers["api-key"], "1234")
      const betterStack = yield* requestOf(BetterStack)
      assert.strictEqual(betterStack.url, "https://s1.example/")
      assert.strictEqual(betterStack.headers["authorization"], "Bearer 1234")
      const axiom = yield* requestOf(Axiom)
      assert.strictEqual(axiom.url, "https://api.axiom.co/v1/datasets/orders/ingest")
      assert.strictEqual(axiom.headers["authorization"], "Bearer 1234")
    }))

  it.effect("vendors-datadog.ts posts what it logs", () =>
    Effect.gen(function*() {
      const far = yield* collector({ contentType: "application/json", path: "/api/v2/logs" })
      far.always = said(202, "{}")
      const path = (yield* Path.Path).join(yield* examplesFolder, "vendors-datadog.ts")
      const env = { DD_LOGS_URL: new URL(far.url).origin, DD_API_KEY: "1234" }
      const { exitCode, stderr } = yield* run({ arguments: [path], env })
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      const [entry] = JSON.parse(String(far.stored[0]?.body))
      assert.deepInclude(entry, { message: "order placed", service: "orders", ddtags: "env:production" })
      assert.strictEqual(far.received[0]?.headers["dd-api-key"], "1234")
    }))
})

layer(NodeServices.layer, { excludeTestServices: true })("docs/sinks/clickhouse.md", (it) => {
  it.effect("clickhouse.ts inserts what it logs", () =>
    Effect.gen(function*() {
      const far = yield* collector({ contentType: "text/plain; charset=utf-8", path: "/" })
      far.always = said(200, "")
      const path = (yield* Path.Path).join(yield* examplesFolder, "clickhouse.ts")
      const env = { CLICKHOUSE_URL: far.url, CLICKHOUSE_USER: "writer", CLICKHOUSE_PASSWORD: "1234" }
      const { exitCode, stderr } = yield* run({ arguments: [path], env })
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      const [statement, row = ""] = String(far.stored[0]?.body).split("\n")
      assert.strictEqual(statement, "INSERT INTO `logs` FORMAT JSONEachRow")
      assert.strictEqual(JSON.parse(row).message, "order placed")
      assert.strictEqual(far.received[0]?.headers["x-clickhouse-key"], "1234")
    }))

  it.effect("the page says what every exception means that is told apart", () =>
    Effect.gen(function*() {
      const rows = Array.from((yield* page("docs/sinks/clickhouse.md")).matchAll(/^\| (\d[^|]*)\|/gm), ([, row = ""]) =>
        Array.from(row.matchAll(/\d+/g), ([code]) => Number(code)))
      const codes = (meaning: string) =>
        [...exceptions].filter(([, exception]) =>
          exception.meaning === meaning
        ).map(([code]) => code)
      assert.deepStrictEqual(rows, ["rejected", "misconfigured", "unavailable", "unknown"].map(codes))
    }))
})
