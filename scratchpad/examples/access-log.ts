import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import * as AccessLog from "../../src/AccessLog.ts"
import { ConsoleSink, Logging, WideEvent } from "../../src/index.ts"

const User = HttpRouter.add(
  "GET",
  "/users/:id",
  Effect.gen(function*() {
    yield* WideEvent.add({ "user.tier": "gold" })
    return HttpServerResponse.text("Ada")
  })
)

const Health = HttpRouter.add("GET", "/healthz", HttpServerResponse.empty())

const App = Layer.mergeAll(User, Health).pipe(
  Layer.provide(AccessLog.layer({ trustedProxies: ["loopback"], health: { paths: ["/healthz"] } }))
)

const Server = HttpRouter.serve(App, { disableLogger: true }).pipe(
  Layer.provide(
    NodeHttpServer.layerConfig(() => createServer(), { host: Config.succeed("127.0.0.1"), port: Config.Int("PORT") })
  )
)

const LoggingLive = Logging.layer({ sinks: [ConsoleSink.make({ format: "json" })] })

Layer.launch(Server).pipe(Effect.provide(LoggingLive), NodeRuntime.runMain)
