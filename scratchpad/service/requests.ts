import { Clock, Effect, Exit } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { HttpRouter, HttpServerError, HttpServerRequest, HttpServerResponse } from "effect/http"

/**
 * Gives every request an id, taken from the client or made, puts it on every
 * record the request logs and sends it back as a header.
 */
export const withRequestId = HttpRouter.middleware((route) =>
  Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const requestId = idOf(request.headers["x-request-id"])
    return yield* Effect.map(
      Effect.annotateLogs(logged(route, request), { requestId }),
      // A connection that is kept for more requests would hold up the end of the server.
      HttpServerResponse.setHeaders({ "x-request-id": requestId, connection: "close" })
    )
  }), { global: true })

const logged = <E, R>(
  route: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> =>
  Effect.gen(function*() {
    const started = yield* Clock.currentTimeMillis
    yield* Effect.logInfo(`${request.method} ${request.url}`)
    const exit = yield* Effect.exit(route)
    const [status, failure] = Exit.isSuccess(exit)
      ? [exit.value.status, undefined]
      : [(yield* HttpServerError.causeResponse(exit.cause))[0].status, exit.cause]
    if (failure !== undefined && status >= 500) yield* Effect.logError("the request failed", failure)
    const millis = (yield* Clock.currentTimeMillis) - started
    yield* Effect.annotateLogs(Effect.logInfo(`answered ${status}`), { millis })
    return yield* exit
  })

// What a client sends is not trusted: an id is short and plain, or ours.
const plainId = /^[\w.-]{1,64}$/

const idOf = (sent: string | undefined): string =>
  sent !== undefined && plainId.test(sent) ? sent : SecureRandom.uuidV4Unsafe()
