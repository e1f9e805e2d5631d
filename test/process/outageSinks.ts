import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type { LogSink } from "../../src/index.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"

/** The sinks that go through an outage. The name of each is that of its lane. */
export const sinkOf = (name: string, url: string): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  switch (name) {
    case "http":
      return HttpSink.make({ url, compression: "gzip" })
    case "otlp":
      return OtlpSink.make({ url })
    default:
      return Effect.die(`there is no sink ${name}`)
  }
}
