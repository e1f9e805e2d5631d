import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type { LogSink } from "../../src/index.ts"
import * as ElasticsearchSink from "../../src/sinks/ElasticsearchSink.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"
import * as LokiSink from "../../src/sinks/LokiSink.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"

/** The sinks that go through an outage. The name of each is that of its lane. */
export const sinkOf = (name: string, url: string): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  switch (name) {
    case "elasticsearch":
      return ElasticsearchSink.make({ url })
    case "http":
      return HttpSink.make({ url, compression: "gzip" })
    case "loki":
      return LokiSink.make({ url, labels: { service_name: "outage" } })
    case "otlp":
      return OtlpSink.make({ url })
    default:
      return Effect.die(`there is no sink ${name}`)
  }
}
