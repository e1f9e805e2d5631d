import { beginHttp } from "./beginHttp.ts"
import type { IncomingLike, OutgoingLike } from "./httpTypes.ts"
import { currentRequest, within } from "./openRequest.ts"
import type { RequestEvent } from "./RequestEvent.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"

type Next = (error?: unknown) => void

/**
 * A middleware of Express, for all requests.
 *
 * @category models
 * @since 0.1.0
 */
export type ExpressRequests = (req: IncomingLike, res: OutgoingLike, next: Next) => void

/**
 * A middleware of Express for errors, which hands them on.
 *
 * @category models
 * @since 0.1.0
 */
export type ExpressErrors = (error: unknown, req: unknown, res: unknown, next: Next) => void

export const expressRequests = (runtime: RequestRuntime): ExpressRequests => (req, res, next) => {
  const event = beginHttp(runtime, req, res)
  if (event === undefined) return next()
  watchRoute(req, event)
  within(event, next)
}

export const expressErrors: ExpressErrors = (error, _req, _res, next) => {
  currentRequest()?.fail(error)
  next(error)
}

/**
 * Notes each route as it is entered: where a request ends in a router that is mounted, or
 * has failed in one, nobody can tell any more what stood before the route.
 */
const watchRoute = (req: object, event: RequestEvent): void => {
  let route: unknown = Reflect.get(req, "route")
  let pattern: string | undefined
  event.route = () => pattern
  Object.defineProperty(req, "route", {
    configurable: true,
    enumerable: true,
    get: () => route,
    set(entered: unknown) {
      route = entered
      pattern = patternOf(req, entered) ?? pattern
    }
  })
}

const patternOf = (req: object, route: unknown): string | undefined => {
  try {
    const path: unknown = Object(route).path
    const base: unknown = Reflect.get(req, "baseUrl")
    if (path === undefined) return undefined
    const shown = typeof path === "string" ? path : path instanceof RegExp ? path.source : JSON.stringify(path)
    return `${typeof base === "string" ? base : ""}${shown}`
  } catch {
    return undefined
  }
}
