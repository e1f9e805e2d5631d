/**
 * One record for each request that a server of Effect answers: what was asked for, by whom,
 * how it was answered and how long that took, with what the handlers have added to it.
 *
 * **Details**
 *
 * A record is made at the end of a request: with the last byte of the response, when the client
 * leaves, or when the server is stopped. Shutdown makes one of each that is open;
 * `kill -9` takes what is open along.
 *
 * **Example** (A router with a record for each request)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { HttpRouter, HttpServerResponse } from "effect/http"
 * import { Logging, MemorySink, WideEvent } from "effect-spillway"
 * import * as AccessLog from "effect-spillway/AccessLog"
 *
 * const memory = MemorySink.make()
 *
 * const User = HttpRouter.add(
 *   "GET",
 *   "/users/:id",
 *   Effect.as(WideEvent.add({ "user.tier": "gold" }), HttpServerResponse.text("Ada"))
 * )
 *
 * const { dispose, handler } = HttpRouter.toWebHandler(
 *   User.pipe(
 *     Layer.provide(AccessLog.layer()),
 *     Layer.provideMerge(Logging.layer({ sinks: [memory] }))
 *   ),
 *   { disableLogger: true }
 * )
 * const response = await handler(new Request("http://shop.example/users/7", { headers: { "x-request-id": "abc-1" } }))
 * await response.text()
 * await dispose()
 *
 * response.headers.get("x-request-id") // => "abc-1"
 * const { annotations, level, message } = memory.records[0]!
 * level // => "Info"
 * message // => "http.request"
 * annotations["requestId"] // => "abc-1"
 * annotations["http.route"] // => "/users/:id"
 * annotations["url.path"] // => "/users/7"
 * annotations["http.response.status_code"] // => 200
 * annotations["http.response.body.size"] // => 3
 * annotations["user.tier"] // => "gold"
 * ```
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { accessChecks, type AccessOptions, AccessRules } from "./access/AccessRules.ts"
import * as Check from "./options/check.ts"
import { checkOptions } from "./options/checkOptions.ts"
import { noteRoute, recordAccess, type Recording } from "./serving/recordAccess.ts"

export type { AccessOptions, Outcome } from "./access/AccessRules.ts"
export type { TrustedProxies } from "./access/clientAddress.ts"
export type { HealthOptions } from "./access/HealthRoutes.ts"

/**
 * Options of access records.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends AccessOptions {
  /**
   * The name of the event, which is the message of its record and `event.name`.
   *
   * @default "http.request"
   */
  readonly name?: string | undefined
  /**
   * How many of the lines that are logged in a request are part of its record: the last ones, as
   * `event.log`. How many there were before is `event.log_omitted`. All are counted.
   *
   * @default 0 lines
   */
  readonly keepLines?: number | undefined
}

/**
 * Makes one record of each request that a router answers, also of those that no route was found
 * for. Provide it to all routes, those of an `HttpApi` too, so that it is around all of their middlewares:
 * `AppLive.pipe(Layer.provide(AccessLog.layer()))`.
 *
 * **Details**
 *
 * The record is an event ({@link module:WideEvent}): what handlers add with `WideEvent.add` is in it, and what
 * they log is counted, and has its `requestId` among the annotations. Errors that Effect's boundaries report,
 * those of an `HttpApi` too, are the record's. Effect's own record of a request (`HttpMiddleware.logger`) is
 * not made of one that has a record here; a server with `disableLogger: true` is faster, and its records have the
 * cause where a response could not be sent.
 *
 * Throws a `RangeError` for an option that is not what it must be.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<never, never, HttpRouter.HttpRouter> => {
  const recording = recordingOf("AccessLog.layer", options)
  return Layer.mergeAll(
    HttpRouter.middleware(recordAccess(recording, false), { global: true }),
    HttpRouter.middleware(noteRoute).layer
  )
}

/**
 * The same for any HTTP app of Effect, without a router: around the app,
 * `HttpServer.serve(app.pipe(AccessLog.middleware()))`, or as the middleware of a server. There it cannot see what
 * other middlewares make of a response before it is sent, so that bytes are those before compression.
 *
 * Of a request that goes through several of these, the outermost makes the record.
 *
 * Throws a `RangeError` for an option that is not what it must be.
 *
 * @category middleware
 * @since 0.1.0
 */
export const middleware = (
  options: Options = {}
): <E, R>(
  handler: Effect.Effect<HttpServerResponse, E, R>
) => Effect.Effect<HttpServerResponse, E, R | HttpServerRequest> =>
  recordAccess(recordingOf("AccessLog.middleware", options), true)

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = {
  ...accessChecks,
  name: Check.text,
  keepLines: Check.wholeNumber(0, 1000)
}

const recordingOf = (where: string, options: Options): Recording => {
  const { keepLines = 0, name = "http.request", ...access } = checkOptions(where, checks, options)
  return {
    declaration: { name, text: name },
    rules: new AccessRules(access),
    keepLines,
    hasLevel: access.level !== undefined
  }
}
