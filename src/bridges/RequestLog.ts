/**
 * One record for each request of a server that is not Effect's, made when its response has
 * been handed over or its connection is gone, and a logger that code anywhere in the request
 * finds. For Node's `http` and `http2`, Express, Fastify and Hono.
 *
 * **Example** (A server of Node)
 *
 * ```ts
 * import { ManagedRuntime } from "effect"
 * import { Logging, MemorySink } from "effect-spillway"
 * import * as RequestLog from "effect-spillway/bridges/RequestLog"
 * import { createServer } from "node:http"
 *
 * const memory = MemorySink.make()
 * const runtime = ManagedRuntime.make(Logging.layer({ sinks: [memory] }))
 * const requests = await runtime.runPromise(RequestLog.make())
 *
 * const price = () => RequestLog.current()?.add({ "cart.total": 42 })
 *
 * const server = createServer(requests.handler((_req, res) => {
 *   price()
 *   RequestLog.current()?.logger.info("priced")
 *   res.end("42")
 * }))
 *
 * await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
 * const address = server.address()
 * const port = typeof address === "object" ? address?.port : 0
 * await fetch(`http://127.0.0.1:${port}/cart?token=s3cr3t`, { headers: { "x-request-id": "r-1" } })
 * server.closeAllConnections()
 * await new Promise((closed) => server.close(closed))
 * await runtime.dispose()
 *
 * const [line, record] = memory.records
 * line?.annotations // => { requestId: "r-1" }
 * record?.message // => "GET /cart 200"
 * record?.annotations["event.lines.info"] // => 1
 * record?.annotations["cart.total"] // => 42
 * ```
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { Logging } from "../Logging.ts"
import type {
  Duplex,
  Http2ServerRequest,
  Http2ServerResponse,
  IncomingMessage,
  ServerResponse
} from "../node/httpTypes.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { beginHttp } from "./request/beginHttp.ts"
import { beginUpgrade } from "./request/beginUpgrade.ts"
import { type ExpressErrors, expressErrors, type ExpressRequests, expressRequests } from "./request/express.ts"
import { type FastifyPlugin, fastifyPlugin } from "./request/fastify.ts"
import { type HonoMiddleware, honoMiddleware } from "./request/hono.ts"
import type { IncomingLike, OutgoingLike } from "./request/httpTypes.ts"
import { currentRequest, within } from "./request/openRequest.ts"
import type { CurrentRequest, RequestEvent } from "./request/RequestEvent.ts"
import { requestChecks, type RequestOptions, RequestRuntime } from "./request/RequestRuntime.ts"
import { watched } from "./request/watched.ts"

export type { AccessOptions, Outcome } from "../access/AccessRules.ts"
export type { TrustedProxies } from "../access/clientAddress.ts"
export type { HealthOptions } from "../access/HealthRoutes.ts"
export type { ExpressErrors, ExpressRequests } from "./request/express.ts"
export type { FastifyLike, FastifyPlugin, FastifyReplyLike, FastifyRequestLike } from "./request/fastify.ts"
export type { HonoContextLike, HonoMiddleware } from "./request/hono.ts"
export type { IncomingLike, OutgoingLike, SocketLike } from "./request/httpTypes.ts"
export type { CurrentRequest } from "./request/RequestEvent.ts"
export type { RequestOptions } from "./request/RequestRuntime.ts"

/**
 * What records requests.
 *
 * **Details**
 *
 * Each request has one record, also when a handler fails, the client goes away, the response is
 * destroyed, a time is up, the server is closed, or the log is shut down before its end. It is an
 * event named `http.server.request` with outcome, duration and lines as `WideEvent` has them, and with the
 * names of OpenTelemetry's conventions for HTTP. A client that has gone has the status 499.
 *
 * To record a request twice, by Node and by a framework say, is to record it once.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestLog {
  /**
   * Wraps what answers the requests of a server of Node, of `node:http` or of `node:http2` (its compatibility
   * API): `createServer(requests.handler(listener))`.
   */
  readonly handler: {
    (listener: HttpListener): HttpListener
    (listener: Http2Listener): Http2Listener
  }
  /**
   * Wraps what takes over connections (WebSockets): `server.on("upgrade", requests.upgrade(listener))`. The
   * record is made when the connection is closed, with the bytes of all of it.
   */
  readonly upgrade: (listener: UpgradeListener) => UpgradeListener
  /** A middleware of Express, for all requests: `app.use(requests.express)`, before any other. */
  readonly express: ExpressRequests
  /** One for errors, which hands them on: `app.use(requests.expressErrors)`, behind all routes and before others for errors. */
  readonly expressErrors: ExpressErrors
  /** A plugin of Fastify, for the instance and all below it: `app.register(requests.fastify)`, before any other. */
  readonly fastify: FastifyPlugin
  /** A middleware of Hono, for all requests: `app.use(requests.hono)`, before any other. */
  readonly hono: HonoMiddleware
}

/**
 * What answers requests: a function of a request and a response of Node.
 *
 * @category models
 * @since 0.1.0
 */
export type HttpListener = (req: IncomingMessage, res: ServerResponse) => unknown

/**
 * The same of HTTP/2: `(req: Http2ServerRequest, res: Http2ServerResponse) => unknown`.
 *
 * @category models
 * @since 0.1.0
 */
export type Http2Listener = (req: Http2ServerRequest, res: Http2ServerResponse) => unknown

/**
 * What takes over connections: a function of a request, a socket and the first bytes behind its head.
 *
 * @category models
 * @since 0.1.0
 */
export type UpgradeListener = (req: IncomingMessage, socket: Duplex, head: Buffer) => unknown

/**
 * The request that is answered here, in whatever the handler has called or waits for; nothing
 * outside of one. In an effect that is run with the `context` of a request,
 * `WideEvent.add` adds to its record.
 *
 * @category requests
 * @since 0.1.0
 */
export const current = (): CurrentRequest | undefined => currentRequest()

/**
 * Makes what records requests in the runtime that it is run in: `runtime.runPromise(RequestLog.make())` with a
 * `ManagedRuntime`, `yield*` in an effect.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: RequestOptions = {}): Effect.Effect<RequestLog, never, Logging> => {
  const checked = checkOptions("RequestLog.make", requestChecks, options)
  return Effect.gen(function*() {
    const { logger } = yield* Logging
    const runtime = new RequestRuntime(yield* Effect.context(), logger, checked)
    return {
      handler:
        <Req extends IncomingLike, Res extends OutgoingLike>(listener: (req: Req, res: Res) => unknown) =>
        (req: Req, res: Res) => called(beginHttp(runtime, req, res), () => listener(req, res)),
      upgrade: (listener) => (req, socket, head) =>
        called(beginUpgrade(runtime, req, socket), () => listener(req, socket, head)),
      express: expressRequests(runtime),
      expressErrors,
      fastify: fastifyPlugin(runtime),
      hono: honoMiddleware(runtime)
    }
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const called = (event: RequestEvent | undefined, call: () => unknown): unknown =>
  event === undefined ? call() : within(event, () => watched(event, call))
