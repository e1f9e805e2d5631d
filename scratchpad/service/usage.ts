import { Effect } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"

/** What there is to try, as lines for a terminal. */
export const usage = (origin: string): string =>
  `# place an order: packing the lamp takes two attempts
curl --json '{"item":"lamp","quantity":1,"email":"ada@example.org"}' ${origin}/orders
# what has become of it; an order that there is not is a typed error
curl ${origin}/orders/1
# another one: there are 10 lamps
curl --json '{"item":"lamp","quantity":99,"email":"ada@example.org"}' ${origin}/orders
# log 1,000 lines in one request
curl '${origin}/stocktaking?pieces=1000'
# leave before the answer is there
curl -m 1 '${origin}/stocktaking?millis=100'
# the states of the lanes, what is queued and what was lost; the same for Prometheus
curl ${origin}/health
curl ${origin}/metrics
# log what the worker says at level Debug, for a minute
curl -X POST '${origin}/level?level=Debug&scope=worker&minutes=1'`

export const UsageRoute = HttpRouter.add(
  "GET",
  "/",
  (request) => Effect.succeed(HttpServerResponse.text(`${usage(`http://${request.headers["host"] ?? "localhost"}`)}\n`))
)
