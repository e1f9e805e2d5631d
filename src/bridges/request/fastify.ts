import { beginHttp } from "./beginHttp.ts"
import type { IncomingLike, OutgoingLike } from "./httpTypes.ts"
import { within } from "./openRequest.ts"
import type { RequestEvent } from "./RequestEvent.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"

/**
 * A request of Fastify.
 *
 * @category models
 * @since 0.1.0
 */
export interface FastifyRequestLike {
  readonly raw: IncomingLike
  readonly routeOptions: { readonly url?: string | undefined }
}

/**
 * A reply of Fastify.
 *
 * @category models
 * @since 0.1.0
 */
export interface FastifyReplyLike {
  readonly raw: OutgoingLike
}

/**
 * What is used of an instance of Fastify.
 *
 * @category models
 * @since 0.1.0
 */
export interface FastifyLike {
  addHook(
    name: "onRequest",
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => void
  ): unknown
  addHook(
    name: "onError",
    hook: (request: FastifyRequestLike, reply: FastifyReplyLike, error: Error, done: () => void) => void
  ): unknown
  readonly server?: {
    prependListener(event: "request", listener: (req: IncomingLike, res: OutgoingLike) => void): unknown
  }
}

/**
 * A plugin of Fastify, for the instance that it is registered with and all below it.
 *
 * @category models
 * @since 0.1.0
 */
export type FastifyPlugin = (instance: FastifyLike, options: unknown, done: () => void) => void

export const fastifyPlugin = (runtime: RequestRuntime): FastifyPlugin => {
  const events = new WeakMap<object, RequestEvent>()
  const plugin: FastifyPlugin = (instance, _options, done) => {
    // Some requests are answered before any hook: with a path that is none, or while the server is closed.
    if (isRoot(instance)) instance.server?.prependListener("request", (req, res) => void beginHttp(runtime, req, res))
    instance.addHook("onRequest", (request, reply, next) => {
      const event = beginHttp(runtime, request.raw, reply.raw)
      if (event === undefined) return next()
      events.set(request.raw, event)
      event.route = () => request.routeOptions.url
      within(event, next)
    })
    instance.addHook("onError", (request, _reply, error, next) => {
      events.get(request.raw)?.fail(error)
      next()
    })
    done()
  }
  // Its hooks are not for what is registered inside of it only.
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "effect-spillway"
  })
}

/** An instance below another inherits its server, of which it has only some requests. */
const isRoot = (instance: FastifyLike): boolean => Object.hasOwn(instance, "server")
