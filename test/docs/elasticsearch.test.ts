/** The example of docs/sinks/elasticsearch.md, against a server of its own. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Path } from "effect"
import { bulk } from "../servers/bulk.ts"
import { examplesFolder } from "./pages.ts"
import { run } from "./programs.ts"

layer(NodeServices.layer, { excludeTestServices: true })("the example of the sink for Elasticsearch", (it) => {
  it.effect("elasticsearch-stream.ts indexes what it logs, with its credentials", () =>
    Effect.gen(function*() {
      const server = yield* bulk("/logs-orders-default/_bulk")
      const path = (yield* Path.Path).join(yield* examplesFolder, "elasticsearch-stream.ts")
      const env = { ELASTICSEARCH_URL: server.url, ELASTICSEARCH_API_KEY: "a2V5" }
      const { exitCode, stderr } = yield* run({ arguments: [path], env })
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      assert.strictEqual(server.far.received[0]?.headers.authorization, "ApiKey a2V5")
      const [document] = server.sources
      assert.deepInclude(document, {
        message: "order placed",
        data: { total: 12.5 },
        attributes: { order: 1042 },
        "service.name": "orders"
      })
    }))
})
