import { Duration, Effect, Layer, Schema, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { Logging, LogLevels, LogRecord } from "../../src/index.ts"

const Parameters = Schema.Struct({
  level: Schema.Literals(LogRecord.levels),
  scope: Schema.optionalKey(Schema.NonEmptyString),
  minutes: Schema.optionalKey(Schema.FiniteFromString.check(Schema.isBetween({ minimum: 0.01, maximum: 1440 })))
})

/** The levels that count now, as LOGGING_LEVEL has them. */
const shown = Effect.gen(function*() {
  const { level } = yield* Logging.Logging
  return HttpServerResponse.text(`${LogLevels.format(LogLevels.current(yield* SubscriptionRef.get(level)))}\n`)
})

const change = Effect.gen(function*() {
  const { level, minutes, scope } = yield* HttpServerRequest.schemaSearchParams(Parameters)
  yield* Logging.setLevel(level, { scope, for: minutes === undefined ? undefined : Duration.minutes(minutes) })
  return yield* shown
}).pipe(
  Effect.catchTag(
    "SchemaError",
    (error) => Effect.succeed(HttpServerResponse.text(`${error.message}\n`, { status: 400 }))
  )
)

export const LevelRoutes = Layer.merge(HttpRouter.add("GET", "/level", shown), HttpRouter.add("POST", "/level", change))
