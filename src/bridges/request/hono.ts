import { isObject } from "../../record/plainData.ts"
import { beginHttp } from "./beginHttp.ts"
import { beginUpgrade } from "./beginUpgrade.ts"
import type { IncomingLike, OutgoingLike } from "./httpTypes.ts"
import { begin, within } from "./openRequest.ts"
import type { RequestEvent } from "./RequestEvent.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"

/**
 * The context of a request in Hono.
 *
 * @category models
 * @since 0.1.0
 */
export interface HonoContextLike {
  readonly req: {
    readonly method: string
    readonly url: string
    readonly raw: object
    readonly header: (name: string) => string | undefined
    readonly routePath: string
  }
  readonly res: { readonly status: number; readonly headers: { readonly get: (name: string) => string | null } }
  readonly error?: Error | undefined
  readonly env: unknown
  readonly header: (name: string, value: string) => void
}

/**
 * A middleware of Hono, for all requests.
 *
 * @category models
 * @since 0.1.0
 */
export type HonoMiddleware = (context: HonoContextLike, next: () => Promise<void>) => Promise<void>

export const honoMiddleware = (runtime: RequestRuntime): HonoMiddleware => async (context, next) => {
  const { incoming, outgoing } = onNode(context.env)
  const isOnNode = incoming !== undefined && (outgoing !== undefined || isUpgrade(incoming))
  const event = !isOnNode
    ? beginFetch(runtime, context)
    : outgoing === undefined
    ? beginUpgrade(runtime, incoming, incoming.socket)
    : beginHttp(runtime, incoming, outgoing)
  if (event === undefined) return next()
  let route: string | undefined
  event.route = () => route
  try {
    await within(event, next)
    if (context.error !== undefined) event.fail(context.error)
  } catch (error) {
    event.fail(error)
    if (!isOnNode) {
      event.end({ ended: "broken-off", status: undefined, requestBytes: undefined, responseBytes: undefined })
    }
    throw error
  } finally {
    route = routeOf(context)
  }
  // Elsewhere nobody tells when a response is read to its end.
  if (!isOnNode) endFetch(event, context)
}

/** It has no response: whoever takes the connection over writes the answer to the socket. */
const isUpgrade = ({ headers }: Partial<IncomingLike>): boolean => headers?.["upgrade"] !== undefined

/** What `@hono/node-server` has in the environment. */
const onNode = (
  env: unknown
): { readonly incoming?: IncomingLike | undefined; readonly outgoing?: OutgoingLike | undefined } =>
  isObject(env) && isObject(env["incoming"]) ? env : {}

const beginFetch = (runtime: RequestRuntime, { header, req }: HonoContextLike): RequestEvent | undefined =>
  begin(
    runtime,
    req.raw,
    () => ({
      method: req.method,
      target: req.url,
      scheme: req.url.startsWith("https:") ? "https" : "http",
      protocolVersion: undefined,
      peer: undefined,
      header: (name) => req.header(name)
    }),
    (event, answeredIn) => {
      if (answeredIn !== undefined) header(answeredIn, event.id)
    }
  )

const endFetch = (event: RequestEvent, { req, res }: HonoContextLike): void =>
  event.end({
    ended: "answered",
    status: res.status,
    requestBytes: numberIn(req.header("content-length")),
    responseBytes: numberIn(res.headers.get("content-length"))
  })

const numberIn = (header: string | null | undefined): number | undefined =>
  header === null || header === undefined || !/^\d{1,15}$/.test(header) ? undefined : Number(header)

/** The pattern of the last that has run; that of what is for all is no route. */
const routeOf = ({ req }: HonoContextLike): string | undefined => {
  try {
    const { routePath } = req
    return routePath === "*" || routePath === "/*" || routePath === "" ? undefined : routePath
  } catch {
    return undefined
  }
}
