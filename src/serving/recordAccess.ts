import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { appendPreResponseHandlerUnsafe } from "effect/http/HttpEffect"
import { withLoggerDisabled } from "effect/http/HttpMiddleware"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as HttpTraceContext from "effect/http/HttpTraceContext"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import type { AccessRules, Requested } from "../access/AccessRules.ts"
import { eventsElsewhere } from "../capture/eventsElsewhere.ts"
import { type Declaration, EventState } from "../events/EventState.ts"
import { open } from "../events/open.ts"
import type { OpenEvent } from "../events/OpenEvent.ts"
import { RuntimeEvents } from "../events/OpenEvents.ts"
import { accessIn, HttpAccess, insideRequest } from "./HttpAccess.ts"
import { requestedOf } from "./httpRequest.ts"
import { elsewhere } from "./reporting.ts"

/** What access records of one server go by. */
export interface Recording {
  readonly declaration: Declaration
  readonly rules: AccessRules
  readonly keepLines: number
  readonly hasLevel: boolean
}

type Handler<E, R> = Effect.Effect<HttpServerResponse, E, R>

/**
 * Makes one record of each request that a handler is given. Where the record is made is
 * the scope of the request, which closes when its response was sent.
 *
 * Whoever looks at a response before it is sent may change it, so that the last one sees
 * what is sent: `sends` says that the handler sends it itself, as in a middleware of a server.
 */
export const recordAccess =
  (recording: Recording, sends: boolean) => <E, R>(handler: Handler<E, R>): Handler<E, R | HttpServerRequest> =>
    Effect.withFiber((fiber) => {
      const { context } = fiber
      const request = Context.getOrUndefined(context, HttpServerRequest)
      const scope = Context.getOrUndefined(context, Scope.Scope)
      if (request === undefined || scope === undefined || accessIn(context)?.isOf(request)) return handler
      const requested = requestedOf(request)
      const access = new HttpAccess(
        recording.rules,
        recording,
        request,
        requested,
        (options) =>
          open(recording.declaration, options, traced(context, request, requested), fiber.id, eventsElsewhere())
      )
      elsewhere.find ??= eventOf
      fiber.addObserver((exit) => access.left(exit))
      // Whoever runs the request restores its context.
      fiber.setContext(insideRequest(context, access))
      if (sends) {
        appendPreResponseHandlerUnsafe(context, (_, response) => Effect.succeed(access.answerEarly(response)))
      }
      const handled = Effect.onExitPrimitive(handler, (exit) => {
        access.handled(fiber.context, exit)
        appendPreResponseHandlerUnsafe(context, (_, response) => Effect.succeed(access.answer(response)))
        return undefined
      })
      return Effect.andThen(
        Scope.addFinalizerExit(scope, (exit) => {
          access.close(exit)
          return Effect.void
        }),
        withLoggerDisabled(handled)
      )
    })

/** The event of the request that a context outside of it is about. Seldom asked, it is looked for among all that are open. */
const eventOf = (context: Context.Context<never>): OpenEvent | undefined => {
  const request = Context.getOrUndefined(context, HttpServerRequest)
  if (request === undefined) return undefined
  for (const event of (Context.get(context, RuntimeEvents) ?? eventsElsewhere()).all) {
    if (event instanceof EventState && event.options instanceof HttpAccess && event.options.isOf(request)) {
      return event.options.event
    }
  }
  return undefined
}

/** Notes the route of a request where its handler runs: who changes the context for a handler, takes it away after that. */
export const noteRoute = <E, R>(handler: Handler<E, R>): Handler<E, R> =>
  Effect.withFiber((fiber) => {
    accessIn(fiber.context)?.routed(fiber.context)
    return handler
  })

const traceHeaders = ["traceparent", "b3", "x-b3-traceid"]

/** The context with the span of the client, where the server has none of its own. */
const traced = (
  context: Context.Context<never>,
  request: HttpServerRequest,
  { header }: Requested
): Context.Context<never> => {
  if (Context.getOrUndefined(context, Tracer.ParentSpan) !== undefined) return context
  if (traceHeaders.every((name) => header(name) === undefined)) return context
  const span = Option.getOrUndefined(HttpTraceContext.fromHeaders(request.headers))
  return span === undefined ? context : Context.add(context, Tracer.ParentSpan, span)
}
