import { NodeHttpServer } from "@effect/platform-node"
import { assert } from "@effect/vitest"
import { Context, Effect, Layer, type Scope } from "effect"
import {
  type HttpMiddleware,
  HttpRouter,
  HttpServer,
  type HttpServerRequest,
  type HttpServerResponse
} from "effect/http"
import { createServer, type Server } from "node:http"
import type { Http2Server } from "node:http2"
import * as AccessLog from "../../src/AccessLog.ts"
import { type LogRecord, TestLogging } from "../../src/index.ts"
import { accesses } from "./access.ts"

type Handler = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  HttpServerRequest.HttpServerRequest | Scope.Scope
>

/** A server on a port of its own, until the scope closes. */
export const listening = (
  routes: Readonly<Record<string, Handler>>,
  {
    disableLogger = true,
    middleware,
    server = () => createServer(),
    ...options
  }: AccessLog.Options & {
    readonly disableLogger?: boolean
    readonly middleware?: HttpMiddleware.HttpMiddleware
    readonly server?: () => Server | Http2Server
  } = {}
) =>
  Effect.gen(function*() {
    const app = Layer.mergeAll(
      Layer.empty,
      ...Object.entries(routes).map(([path, handler]) => HttpRouter.add("*", `/${path}`, handler))
    )
    const context = yield* Layer.build(
      HttpRouter.serve(Layer.provide(app, AccessLog.layer(options)), {
        disableListenLog: true,
        disableLogger,
        ...(middleware === undefined ? {} : { middleware })
      }).pipe(
        Layer.provideMerge(
          NodeHttpServer.layerServer(server, { port: 0, host: "127.0.0.1", gracefulShutdownTimeout: 0 })
        )
      )
    )
    const { address } = Context.get(context, HttpServer.HttpServer)
    return address._tag === "UnixPathAddress" ? 0 : address.port
  })

const isOf = (path: string) => ({ annotations }: LogRecord.LogRecord): boolean => annotations["url.path"] === path

/** What is said of the only request of a path, as soon as it is. */
export const saidOf = (path: string) =>
  Effect.gen(function*() {
    const { await: first } = yield* TestLogging.TestLogging
    yield* first(isOf(path))
    // It is told of within the log call, which is to end before anything else does.
    yield* Effect.yieldNow
    const all = (yield* accesses).filter(({ said }) => said["url.path"] === path)
    assert.lengthOf(all, 1)
    const of = (name: string): unknown => all[0]?.said[name]
    const said: Readonly<Record<string, unknown>> = {
      level: all[0]?.level,
      causes: all[0]?.causes,
      status: of("http.response.status_code"),
      sent: of("http.response.status_code_sent"),
      bytes: of("http.response.body.size"),
      outcome: of("event.outcome"),
      errorType: of("error.type"),
      received: of("http.request.body.size")
    }
    return said
  })
