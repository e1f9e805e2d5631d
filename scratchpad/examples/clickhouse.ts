import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { Logging, LogSink } from "../../src/index.ts"
import * as ClickHouseSink from "../../src/sinks/ClickHouseSink.ts"

const Table = Effect.gen(function*() {
  return yield* ClickHouseSink.make({
    url: yield* Config.String("CLICKHOUSE_URL"),
    table: "logs",
    user: yield* Config.String("CLICKHOUSE_USER"),
    password: yield* Config.Redacted("CLICKHOUSE_PASSWORD")
  })
})

const LoggingLive = Logging.layer({ sinks: [LogSink.required(Table)] }).pipe(
  Layer.provide(NodeHttpClient.layerUndici)
)

Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
