/** The example of docs/sinks/loki.md, against a Loki of its own. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Path } from "effect"
import { labelNames, lineBytes, metadataBytes, metadataEntries } from "../../src/sinks/loki/limits.ts"
import { reasons } from "../../src/sinks/loki/reasons.ts"
import { entriesOf, loki } from "../servers/loki.ts"
import { rules } from "../servers/lokiRules.ts"
import { examplesFolder, page } from "./pages.ts"
import { run } from "./programs.ts"

layer(NodeServices.layer, { excludeTestServices: true })("docs/sinks/loki.md", (it) => {
  it.effect("loki.ts pushes what it logs, with its labels and its annotation", () =>
    Effect.gen(function*() {
      const far = yield* loki()
      const path = (yield* Path.Path).join(yield* examplesFolder, "loki.ts")
      const env = { LOKI_URL: new URL(far.url).origin, HOSTNAME: "orders-1" }
      const { exitCode, stderr } = yield* run({ arguments: [path], env })
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      const [entry] = far.stored.flatMap(entriesOf)
      assert.strictEqual(entry?.line, `{"message":"order placed"}`)
      assert.deepStrictEqual(entry?.labels, { service_name: "orders", pod: "orders-1", level: "info", region: "eu" })
      assert.strictEqual(entry?.metadata["order"], "1042")
    }))

  it.effect("the page names every reason that there is for a refusal", () =>
    Effect.gen(function*() {
      const text = yield* page("docs/sinks/loki.md")
      const names = new Set(
        [...reasons, ...rules.filter(({ status }) => status === 260 || status === 429)].map(({ name }) => name)
      )
      assert.deepStrictEqual([...names].filter((name) => !text.includes(`\`${name}\``)), [])
    }))

  it.effect("the page has the limits that the sink keeps", () =>
    Effect.gen(function*() {
      const text = yield* page("docs/sinks/loki.md")
      for (
        const limit of [
          `${labelNames} labels`,
          `${metadataEntries} entries`,
          `${metadataBytes / 1024} KiB`,
          `${lineBytes / 1024} KiB`
        ]
      ) {
        assert.include(text, limit)
      }
    }))
})
