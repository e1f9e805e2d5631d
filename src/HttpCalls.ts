/**
 * What the requests that a program makes cost: how many, how long, to which hosts and how many failed, added to the
 * event that is open where they are made.
 *
 * **Example** (A job with what it has called)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { HttpClient, HttpClientResponse } from "effect/http"
 * import { Logging, TestLogging, WideEvent } from "effect-spillway"
 * import * as HttpCalls from "effect-spillway/HttpCalls"
 *
 * const Client = Layer.succeed(HttpClient.HttpClient)(
 *   HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, new Response("ok"))))
 * )
 *
 * const program = Effect.gen(function*() {
 *   yield* Effect.all([HttpClient.get("https://stock.example/lamp"), HttpClient.get("https://stock.example/pen")]).pipe(
 *     WideEvent.record("checkout")
 *   )
 *   const { records } = yield* TestLogging.TestLogging
 *   return (yield* records)[0]!
 * })
 *
 * const { annotations } = await program.pipe(
 *   Effect.provide(Layer.provide(HttpCalls.layer, Client)),
 *   Effect.provide(Logging.layerTest()),
 *   Effect.runPromise
 * )
 * annotations["http.client.count"] // => 2
 * annotations["http.client.host.stock.example"] // => 2
 * ```
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { counted } from "./serving/clientCalls.ts"

/**
 * Has a client add to the innermost open event ({@link module:WideEvent}) what its requests cost:
 *
 * - `http.client.count` and `http.client.duration_ms`: how many there were, and how long they took together until the head of
 *   the response, by Effect's Clock;
 * - `http.client.host.<host>`: how many of them went to a host; of an event with more than ten hosts the others are `http.client.host.other`;
 * - `http.client.failures`: how many had no answer, or one with a status of 400 and above.
 *
 * Each attempt counts where it is around the client that is retried, and each call where it is around the one that
 * retries. While no event is open, it does nothing.
 *
 * @category combinators
 * @since 0.1.0
 */
export const record = <E, R>(client: HttpClient.HttpClient.With<E, R>): HttpClient.HttpClient.With<E, R> =>
  HttpClient.transform(client, counted)

/**
 * Does it for the `HttpClient` of a program: `Layer.provide(HttpCalls.layer, FetchHttpClient.layer)`.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<HttpClient.HttpClient, never, HttpClient.HttpClient> = Layer.effect(
  HttpClient.HttpClient
)(Effect.map(HttpClient.HttpClient, record))
