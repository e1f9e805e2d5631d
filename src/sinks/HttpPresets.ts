/**
 * Sinks for services that take logs over HTTP as JSON: Datadog, Splunk, New Relic, Better Stack and Axiom.
 *
 * Each is a table of what the service wants: where to post, with which credentials, what a record looks like, how much a
 * request may hold, and what an answer means. What a request over HTTP is like besides, and what can be lost, is as with
 * `HttpSink`: a batch counts as delivered when the service says that it has it.
 *
 * The module is not in the index of the package, so that programs without it load no HTTP client: import it from
 * `effect-spillway/sinks/HttpPresets`.
 *
 * **Example** (Posting to Datadog)
 *
 * ```ts
 * import { Effect, Layer, Redacted } from "effect"
 * import { Logging } from "effect-spillway"
 * import * as HttpPresets from "effect-spillway/sinks/HttpPresets"
 * import { HttpClient, HttpClientResponse } from "effect/http"
 *
 * const posted: Array<string> = []
 * // In a program: NodeHttpClient.layerUndici
 * const Client = Layer.succeed(
 *   HttpClient.HttpClient,
 *   HttpClient.make((request) => {
 *     posted.push(request.url)
 *     return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 202 })))
 *   })
 * )
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [HttpPresets.datadog({ apiKey: Redacted.make("1234"), site: "datadoghq.eu", service: "orders" })]
 * }).pipe(Layer.provide(Client))
 *
 * await Effect.runPromise(Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive)))
 *
 * posted // => ["https://http-intake.logs.datadoghq.eu/api/v2/logs"]
 * ```
 *
 * @since 0.1.0
 */
export type { Compression } from "./http/compression.ts"
export { axiom, type AxiomOptions } from "./http/presets/axiom.ts"
export { betterStack, type BetterStackOptions } from "./http/presets/betterStack.ts"
export { datadog, type DatadogOptions } from "./http/presets/datadog.ts"
export { newRelic, type NewRelicOptions } from "./http/presets/newRelic.ts"
export type { PresetOptions } from "./http/presets/preset.ts"
export { splunk, type SplunkOptions } from "./http/presets/splunk.ts"
