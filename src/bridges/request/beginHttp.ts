import { HttpExchange, requestedOf } from "./HttpExchange.ts"
import type { IncomingLike, OutgoingLike } from "./httpTypes.ts"
import { begin } from "./openRequest.ts"
import type { RequestEvent } from "./RequestEvent.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"

/** Begins a request of Node's HTTP server: its record is made when its response is handed over, or its socket is gone. */
export const beginHttp = (runtime: RequestRuntime, req: IncomingLike, res: OutgoingLike): RequestEvent | undefined =>
  begin(runtime, req, () => requestedOf(req), (event, answeredIn) => {
    if (answeredIn !== undefined && !res.headersSent) res.setHeader(answeredIn, event.id)
    void new HttpExchange(req, res, event)
  })
