import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Layer } from "effect"
import { FetchHttpClient, HttpRouter, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import { createServer } from "node:http"
import { ConsoleSink, Ledger, Logging, LogSink, ProcessHooks } from "../../../src/index.ts"
import * as Collector from "../custom-sink.ts"

const settings = Config.all({
  collector: Config.String("COLLECTOR_URL"),
  directory: Config.String("SPOOL_DIRECTORY"),
  port: Config.Port("PORT")
})

const LoggingLive = Layer.unwrap(Effect.map(settings, ({ collector, directory }) =>
  Logging.layerFromConfig({
    sinks: [
      ConsoleSink.make({ format: "json" }),
      Collector.make(collector).pipe(LogSink.withOptions({ spool: { directory, mode: "overflow" } }))
    ],
    onShutdown: (report) => Console.error(Ledger.format(report))
  }))).pipe(Layer.provide(FetchHttpClient.layer))

const ready = HttpRouter.add("GET", "/ready", Effect.succeed(HttpServerResponse.text("ready\n")))

const logs = HttpRouter.add(
  "GET",
  "/logs",
  Effect.flatMap(Logging.Logging, ({ stats }) => Effect.flatMap(stats, (books) => HttpServerResponse.json(books)))
)

const metrics = HttpRouter.add("GET", "/metrics", Effect.map(PrometheusMetrics.format(), HttpServerResponse.text))

const Server = HttpRouter.serve(Layer.mergeAll(ready, logs, metrics), { disableLogger: true }).pipe(
  Layer.provide(NodeHttpServer.layerConfig(
    createServer,
    Config.all({
      port: Config.map(settings, ({ port }) => port),
      gracefulShutdownTimeout: Config.succeed("3 seconds" as const)
    })
  ))
)

Server.pipe(
  Layer.provide(ProcessHooks.layer),
  Layer.launch,
  Logging.runMain(LoggingLive, NodeRuntime.runMain)
)
