import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Layer, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { createServer } from "node:http"
import * as AccessLog from "../../src/AccessLog.ts"
import { ConsoleSink, FileSink, Ledger, Logging, ProcessHooks, WideEvent } from "../../src/index.ts"

class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { item: Schema.String }, { httpApiStatus: 409 }) {}

const Order = HttpApiEndpoint.post("order", "/orders/:item", { params: { item: Schema.String }, error: SoldOut })
class Shop extends HttpApi.make("shop").add(HttpApiGroup.make("orders").add(Order)) {}

const order = Effect.fnUntraced(function*(item: string) {
  yield* WideEvent.add({ item, cardToken: "tok_4242" })
  yield* Effect.logInfo("looking for it")
  if (item === "lamp") return yield* new SoldOut({ item })
})

const Handlers = HttpApiBuilder.group(Shop, "orders", (to) => to.handle("order", ({ params }) => order(params.item)))
const Routes = HttpApiBuilder.layer(Shop).pipe(Layer.provide([Handlers, AccessLog.layer()]))
const Server = HttpRouter.serve(Routes, { disableLogger: true }).pipe(
  Layer.provide(NodeHttpServer.layerConfig(createServer, { port: Config.withDefault(Config.Int("PORT"), 3000) }))
)

const LoggingLive = Logging.layer({
  sinks: [ConsoleSink.make({ format: "json" }), FileSink.make({ path: "logs/app.ndjson" })],
  gracePeriod: "30 seconds",
  onShutdown: (report) => Console.error(Ledger.format(report))
})

Server.pipe(Layer.provide(ProcessHooks.layer), Layer.launch, Logging.runMain(LoggingLive, NodeRuntime.runMain))
