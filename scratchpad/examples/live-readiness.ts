import { Effect, Ref, Stream } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { Logging } from "../../src/index.ts"

/** `/ready`: 503 while a lane is not to be relied on, for a service that must not act without a record of it. */
export const readiness = (lane: string) =>
  HttpRouter.use((router) =>
    Effect.gen(function*() {
      const { health } = yield* Logging.Logging
      const state = yield* Ref.make<Logging.LaneHealth | undefined>(undefined)
      yield* Effect.forkScoped(
        Stream.runForEach(health, ({ lanes }) => Ref.set(state, lanes[lane])),
        { startImmediately: true }
      )
      yield* router.add(
        "GET",
        "/ready",
        Effect.map(Ref.get(state), (now) => {
          // A write that failed is tried again soon, and is no reason yet.
          const isReady = now?.status === "ok" || now?.status === "degraded"
          return HttpServerResponse.text(`${lane}: ${now?.status ?? "unknown"}\n`, { status: isReady ? 200 : 503 })
        })
      )
    })
  )
