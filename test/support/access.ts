import { Effect, Layer, type Scope } from "effect"
import { HttpEffect, HttpRouter, type HttpServerRequest } from "effect/http"
import * as AccessLog from "../../src/AccessLog.ts"
import { events } from "./events.ts"

type App = Layer.Layer<
  never,
  never,
  HttpRouter.HttpRouter | HttpRouter.Request<"Error", unknown> | HttpRouter.Request<"GlobalError", unknown>
>

type Ask = (path: string, init?: RequestInit) => Promise<Response>

const asked = (handle: (request: Request) => Promise<Response>): Ask => (path, init) =>
  handle(new Request(`http://shop.example${path}`, init))

/** A server in memory: each request goes through the router and the access records, and no socket. */
export const served = (app: App, options: AccessLog.Options = {}): Effect.Effect<Ask, never, Scope.Scope> =>
  Effect.gen(function*() {
    const handler = yield* HttpRouter.toHttpEffect(Layer.provide(app, AccessLog.layer(options)))
    const context = yield* Effect.context()
    return asked(
      HttpEffect.toWebHandlerWith<never, HttpServerRequest.HttpServerRequest | Scope.Scope>(context)(handler)
    )
  })

/** The same with the records made by a middleware of the server, beside Effect's own logger of requests. */
export const servedBy = (app: App, options: AccessLog.Options = {}): Effect.Effect<Ask, never, Scope.Scope> =>
  Effect.gen(function*() {
    const context = yield* Effect.context()
    const { dispose, handler } = HttpRouter.toWebHandler(Layer.provideMerge(app, Layer.succeedContext(context)), {
      middleware: AccessLog.middleware(options)
    })
    yield* Effect.addFinalizer(() => Effect.promise(dispose))
    return asked(handler)
  })

/** All access records, with what they say and without how long it took. */
export const accesses = Effect.map(events, (all) =>
  all.map(({ annotations, cause, level }) => {
    const { "event.duration_ms": took, ...said } = annotations
    return { level, took, causes: cause?.map(({ kind }) => kind) ?? [], said }
  }))

/** Takes a response until its end. */
export const whole = (response: Response): Effect.Effect<string> => Effect.promise(() => response.text())
