/**
 * Servers of the same small API, each with another way to say what it was asked, in one process. Says their ports,
 * and when what one of them has recorded is written.
 */
import { NodeHttpServer } from "@effect/platform-node"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { appendPreResponseHandlerUnsafe } from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"
import { join } from "node:path"
import * as AccessLog from "../../../src/AccessLog.ts"
import { FileSink, Logging } from "../../../src/index.ts"

const folder = process.argv[2] ?? "."

const Order = Schema.Struct({ id: Schema.Int, item: Schema.String, price: Schema.Finite })

const Shop = HttpApi.make("Shop").add(
  HttpApiGroup.make("orders").add(
    HttpApiEndpoint.get("order", "/orders/:id", {
      params: { id: Schema.NumberFromString.check(Schema.isInt()) },
      success: Order
    })
  )
)

const ShopLive = HttpApiBuilder.layer(Shop).pipe(
  Layer.provide(
    HttpApiBuilder.group(
      Shop,
      "orders",
      (handlers) =>
        handlers.handle("order", ({ params }) => Effect.succeed({ id: params.id, item: "lamp", price: 12.5 }))
    )
  ),
  Layer.provide(HttpServer.layerServices)
)

const NodeLive = NodeHttpServer.layerServer(() => createServer(), {
  port: 0,
  host: "127.0.0.1",
  gracefulShutdownTimeout: 0
})

const quiet = { disableListenLog: true, disableLogger: true } as const

const toFile = (name: string) => Logging.layer({ sinks: [FileSink.make({ path: join(folder, `${name}.ndjson`) })] })

/** What any record at the end of a request needs of Effect's server, with nothing recorded: an id in a header, and two ends. */
const hooks = HttpRouter.middleware((handler) =>
  Effect.withFiber((fiber) => {
    const { context } = fiber
    const handled = Effect.onExitPrimitive(handler, () => {
      appendPreResponseHandlerUnsafe(
        context,
        (_, response) => Effect.succeed(HttpServerResponse.setHeader(response, "x-request-id", "0123456789abcdef"))
      )
      return undefined
    })
    fiber.setContext(Context.add(context, References.CurrentLogAnnotations, { requestId: "0123456789abcdef" }))
    return Effect.andThen(Effect.addFinalizer(() => Effect.void), handled)
  }), { global: true })

/** What is compared: without any record, with access records, with Effect's own, by its own logger and by ours. */
const contenders = {
  "none": Layer.fresh(HttpRouter.serve(ShopLive, quiet)),
  "none again": Layer.fresh(HttpRouter.serve(ShopLive, quiet)),
  "its hooks alone": Layer.fresh(HttpRouter.serve(Layer.provide(ShopLive, hooks), quiet)),
  "access records": Layer.fresh(
    HttpRouter.serve(Layer.provide(ShopLive, AccessLog.layer()), quiet).pipe(Layer.provideMerge(toFile("access")))
  ),
  "Effect's logger": Layer.fresh(
    HttpRouter.serve(ShopLive, { disableListenLog: true }).pipe(Layer.provide(Logger.layer([Logger.consoleJson])))
  ),
  "Effect's, by ours": Layer.fresh(
    HttpRouter.serve(ShopLive, { disableListenLog: true }).pipe(Layer.provideMerge(toFile("effect")))
  )
} as const

const listening = (serving: (typeof contenders)[keyof typeof contenders]) =>
  Effect.gen(function*() {
    const context = yield* Layer.build(Layer.fresh(Layer.provideMerge(serving, NodeLive)))
    const { address } = Context.get(context, HttpServer.HttpServer)
    const logging = Context.getOption(context, Logging.Logging)
    return {
      port: address._tag === "UnixPathAddress" ? 0 : address.port,
      flush: Option.match(logging, { onNone: () => Effect.void, onSome: ({ flush }) => flush })
    }
  })

const program = Effect.gen(function*() {
  const servers = new Map<unknown, Effect.Success<ReturnType<typeof listening>>>()
  for (const [name, serving] of Object.entries(contenders)) servers.set(name, yield* listening(serving))
  process.on("message", (name) => {
    void Effect.runPromise(servers.get(name)?.flush ?? Effect.void).then(() => process.send?.("written"))
  })
  process.send?.(Object.fromEntries([...servers].map(([name, { port }]) => [name, port])))
  yield* Effect.callback<void>((resume) => {
    process.once("disconnect", () => resume(Effect.void))
  })
})

await Effect.runPromise(Effect.scoped(program))
