import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import * as ElasticsearchSink from "../../../src/sinks/ElasticsearchSink.ts"
import { sentenceOf } from "../../support/mistakes.ts"

describe("the options of the sink for Elasticsearch", () => {
  const sentence = (options: Partial<ElasticsearchSink.Options>): string =>
    sentenceOf(() => ElasticsearchSink.make({ url: "http://es:9200", ...options }))

  it("that say who the program is are shown by their kind", () => {
    assert.strictEqual(
      sentence({ auth: { apiKey: "hunter\n2" } }),
      "ElasticsearchSink.make: auth.apiKey must be a text that a header can hold, or a Redacted of one, got another text"
    )
    assert.notInclude(sentence({ auth: { bearer: Redacted.make("hunter\n2") } }), "hunter")
    assert.strictEqual(sentence({ auth: { username: "", password: "" } }), "not refused")
  })

  it("name a stream or an index that there can be", () => {
    for (const name of ["logs", "logs-{yyyy.MM.dd}", "größe", "a".repeat(255)]) {
      assert.strictEqual(sentence({ index: name }), "not refused", name)
    }
    for (
      const name of [
        "Logs",
        "a b",
        "a/b",
        "a*",
        "-a",
        "_a",
        ".a",
        "a,b",
        "a#b",
        "a:b",
        "{dd}",
        "a{yyyy}{x}",
        "ä".repeat(128)
      ]
    ) {
      assert.include(sentence({ index: name }), "index must be the name of an index", name)
    }
    for (const dataset of ["A", "a-b", "a b", "a".repeat(101)]) {
      assert.include(sentence({ dataset }), "dataset must be a text in lower case", dataset)
    }
  })

  it("do not contradict each other", () => {
    assert.strictEqual(
      sentence({ index: "a", dataset: "b" }),
      "ElasticsearchSink.make takes index, or dataset and namespace, not both"
    )
    assert.strictEqual(
      sentence({ annotations: "labels", fields: { labels: {} } }),
      `ElasticsearchSink.make: fields must not have "labels", where the annotations are`
    )
    for (const name of ["message", "@timestamp", "error.type", "error", "message.text", "trace", "effect.a", " "]) {
      assert.include(
        sentence({ fields: { [name]: 1 } }),
        "fields must be an object of fields that a document does not have"
      )
    }
    for (const fields of [{ big: 1n }, { log: { level: "x" } }, { log: "x" }, { error: { type: { a: 1 } } }]) {
      assert.include(sentence({ fields }), "fields must be an object")
    }
    assert.strictEqual(sentence({ fields: { log: { logger: "x" }, "error.id": 7, dataset: 1 } }), "not refused")
    for (const annotations of ["error", "log", "effect"]) {
      assert.include(sentence({ annotations }), "annotations must be the name of a field")
    }
    assert.include(sentence({ annotations: "data" }), "annotations must be the name of a field")
  })
})
