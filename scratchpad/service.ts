/**
 * A small service, to see the runtime at work: an HTTP server and a poller that
 * log, lines for people on the console, JSON lines in logs/service.ndjson.
 *
 *     npm start
 *
 * Ctrl-C or SIGTERM stops the server, then the poller, then logging, and prints
 * the report.
 */
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Cause, Config, Console, Data, type Duration, Effect, Layer, Runtime, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"
import * as LogHealth from "./service/health.ts"
import { LoggingLive } from "./service/logging.ts"
import * as Poller from "./service/poller.ts"
import { Routes, usage } from "./service/routes.ts"

/** Logged when everything built on it has stopped. */
const saysWhenStopped = (name: string) =>
  Layer.effectDiscard(Effect.addFinalizer(() => Effect.logInfo(`${name} stopped`)))

const invitation = Layer.effectDiscard(HttpServer.addressFormattedWith((address) =>
  Effect.andThen(
    Effect.annotateLogs(Effect.logInfo("server listens"), { address }),
    Console.log(`\n${usage(address)}\n\nCtrl-C stops it.\n`)
  )
))

// 0 takes any free port, which `Config.Port` does not allow.
const PortNumber = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65535 }))

const Server = invitation.pipe(
  Layer.provideMerge(HttpRouter.serve(Routes, { disableLogger: true, disableListenLog: true })),
  Layer.provide(NodeHttpServer.layerConfig(
    createServer,
    Config.all({
      host: Config.withDefault(Config.String("HOST"), "127.0.0.1"),
      port: Config.withDefault(Config.schema(PortNumber, "PORT"), 3000),
      gracefulShutdownTimeout: Config.succeed<Duration.Input>("3 seconds")
    })
  )),
  Layer.provide(saysWhenStopped("server")),
  // What is provided closes after what it is provided to: server, poller, logging.
  Layer.provide(Poller.layer),
  Layer.provide(LogHealth.layer)
)

/** A failure that is in the log already, which `runMain` need not report again. */
class ServiceFailed extends Data.TaggedError("ServiceFailed") {
  override readonly [Runtime.errorReported] = false
}

Layer.launch(Server).pipe(
  Effect.tapCause((cause) =>
    Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logFatal("the service failed", cause)
  ),
  Effect.mapError(() => new ServiceFailed()),
  Effect.provide(LoggingLive),
  NodeRuntime.runMain
)
