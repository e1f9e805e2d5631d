import { Data, Effect, Layer, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { PrometheusMetrics } from "effect/observability"
import { Logging } from "../../src/index.ts"
import { LogHealth } from "./health.ts"
import { LevelRoutes } from "./levels.ts"
import { Poller } from "./poller.ts"
import { withRequestId } from "./requests.ts"

class OutOfPaper extends Data.TaggedError("OutOfPaper")<{ readonly printer: string }> {}

/** What there is to try, as lines for a terminal. */
export const usage = (origin: string): string =>
  [
    `curl ${origin}/health                 the lanes: their states, what is queued, what was lost`,
    `curl ${origin}/metrics                the same for Prometheus`,
    `curl '${origin}/work?records=1000'    log many records`,
    `curl ${origin}/fail                   log an error with its cause`,
    `curl -X POST '${origin}/level?level=Debug&scope=poller&minutes=1'`,
    `                                      log what the poller says at level Debug, for a minute`
  ].join("\n")

const index = HttpRouter.add(
  "GET",
  "/",
  (request) => Effect.succeed(HttpServerResponse.text(`${usage(`http://${request.headers["host"] ?? "localhost"}`)}\n`))
)

const health = HttpRouter.add(
  "GET",
  "/health",
  Effect.gen(function*() {
    const { status, lanes: states } = yield* (yield* LogHealth).now
    const { capture, lanes: books } = yield* (yield* Logging.Logging).stats
    const polls = yield* (yield* Poller).polls
    const lanes = Object.fromEntries(Object.entries(books).map(([name, lane]) => [name, { ...lane, ...states[name] }]))
    // A lane in trouble is no reason to take the service away: the answer is 200 all the same.
    return yield* HttpServerResponse.json({ status, polls, capture, lanes })
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

const RecordCount = Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 100_000 }))
const WorkParameters = Schema.Struct({ records: Schema.optionalKey(RecordCount) })

const work = HttpRouter.add(
  "GET",
  "/work",
  Effect.gen(function*() {
    const { records = 1000 } = yield* HttpServerRequest.schemaSearchParams(WorkParameters)
    for (let i = 1; i <= records; i++) {
      yield* Effect.logInfo(`did piece ${i} of ${records}`)
    }
    return yield* HttpServerResponse.json({ records })
  }).pipe(
    Effect.withLogSpan("work"),
    Effect.catchTag(
      "SchemaError",
      (error) => Effect.succeed(HttpServerResponse.text(`${error.message}\n`, { status: 400 }))
    )
  )
)

const fail = HttpRouter.add(
  "GET",
  "/fail",
  Effect.fail(new OutOfPaper({ printer: "second floor" })).pipe(
    Effect.tapCause((cause) => Effect.logError("cannot print", cause)),
    Effect.orElseSucceed(() => HttpServerResponse.text("out of paper\n", { status: 500 }))
  )
)

export const Routes = Layer.mergeAll(index, health, metrics, work, fail, LevelRoutes, withRequestId)
