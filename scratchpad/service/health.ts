import { Effect, Layer, Ref, Stream } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import { Logging } from "../../src/index.ts"

/** How the log is, as the stream of its states has said last, with what was lost of it. */
const health = HttpRouter.use((router) =>
  Effect.gen(function*() {
    const { health, stats } = yield* Logging.Logging
    const last = yield* Ref.make<Logging.Health>({ status: "ok", lanes: {} })
    yield* Effect.forkScoped(Stream.runForEach(health, (next) => Ref.set(last, next)), { startImmediately: true })
    yield* router.add(
      "GET",
      "/health",
      Effect.gen(function*() {
        const { status, lanes: states } = yield* Ref.get(last)
        const { capture, lanes: books } = yield* stats
        const lanes = Object.fromEntries(
          Object.entries(books).map(([name, lane]) => [name, { ...lane, ...states[name] }])
        )
        // A lane in trouble is no reason to take the service away: the answer is 200 all the same.
        return yield* HttpServerResponse.json({ status, capture, lanes })
      })
    )
  })
)

const metrics = HttpRouter.add(
  "GET",
  "/metrics",
  Effect.map(
    PrometheusMetrics.format(),
    (text) => HttpServerResponse.text(text, { contentType: "text/plain; version=0.0.4; charset=utf-8" })
  )
)

export const HealthRoutes = Layer.merge(health, metrics)
