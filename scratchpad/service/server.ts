import { NodeHttpServer } from "@effect/platform-node"
import { Config, Console, type Duration, Effect, Layer, Schema } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { createServer } from "node:http"
import * as AccessLog from "../../src/AccessLog.ts"
import { Shop } from "./api.ts"
import { Handlers } from "./handlers.ts"
import { HealthRoutes } from "./health.ts"
import { LevelRoutes } from "./levels.ts"
import { usage, UsageRoute } from "./usage.ts"

/** One record for each request, of what the service is for and of what it tells of itself. */
const Routes = Layer.mergeAll(
  HttpApiBuilder.layer(Shop).pipe(Layer.provide(Handlers)),
  HealthRoutes,
  LevelRoutes,
  UsageRoute
).pipe(Layer.provide(AccessLog.layer({ health: { paths: ["/health", "/metrics"] } })))

const invitation = Layer.effectDiscard(HttpServer.addressFormattedWith((address) =>
  Effect.andThen(
    Effect.annotateLogs(Effect.logInfo("server listens"), { address }),
    Console.log(`\n${usage(address)}\n\nCtrl-C stops it.\n`)
  )
))

/** Logged when everything that is built on it has stopped. */
const saysWhenStopped = Layer.effectDiscard(Effect.addFinalizer(() => Effect.logInfo("server stopped")))

// 0 takes any free port, which `Config.Port` does not allow.
const PortNumber = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65535 }))

export const layer = invitation.pipe(
  Layer.provideMerge(HttpRouter.serve(Routes, { disableLogger: true, disableListenLog: true })),
  Layer.provide(NodeHttpServer.layerConfig(
    createServer,
    Config.all({
      host: Config.withDefault(Config.String("HOST"), "127.0.0.1"),
      port: Config.withDefault(Config.schema(PortNumber, "PORT"), 3000),
      gracefulShutdownTimeout: Config.succeed<Duration.Input>("3 seconds")
    })
  )),
  Layer.provide(saysWhenStopped)
)
