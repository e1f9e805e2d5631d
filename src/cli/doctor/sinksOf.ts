import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { describeDefect, describeError } from "../../diagnostics/describe.ts"
import { type LogSink, RequiredSinkError } from "../../LogSink.ts"
import { withoutCredentials } from "../../rules/redact/withoutCredentials.ts"
import { CurrentInspection } from "../../runtime/inspection.ts"
import { ToolError } from "../ToolError.ts"

/**
 * The sinks of a log and what they fall back to. Its layer is built as far as that: no lane is made, and no spool is
 * opened. They live as long as the scope.
 */
export const sinksOf = (
  layer: Layer.Layer<never, unknown, HttpClient>,
  module: string | undefined
): Effect.Effect<ReadonlyArray<LogSink>, ToolError, HttpClient | Scope.Scope> =>
  Effect.gen(function*() {
    const found = yield* Deferred.make<ReadonlyArray<LogSink>, ToolError>()
    yield* Layer.build(layer).pipe(
      Effect.provideService(CurrentInspection, (sinks) => Effect.andThen(Deferred.succeed(found, sinks), Effect.never)),
      Effect.flatMap(() => Deferred.fail(found, withoutLog(module))),
      Effect.catchCause((cause) => Deferred.fail(found, notBuilt(module, cause))),
      Effect.forkScoped
    )
    const sinks = yield* Deferred.await(found)
    return sinks.length === 0 ? yield* withoutSinks(module) : withFallbacks(sinks)
  })

const withFallbacks = (sinks: ReadonlyArray<LogSink>): ReadonlyArray<LogSink> => [
  ...new Set(sinks.flatMap((sink) => sink.options.fallback === undefined ? [sink] : [sink, sink.options.fallback]))
]

const placeOf = (module: string | undefined): string =>
  module === undefined ? "the environment" : JSON.stringify(module)

const withoutLog = (module: string | undefined): ToolError =>
  new ToolError({
    exitCode: 2,
    message: `the layer of ${placeOf(module)} makes no log; export that of Logging.layer or Logging.layerFromConfig`
  })

const withoutSinks = (module: string | undefined): ToolError =>
  new ToolError({ exitCode: 2, message: `the log of ${placeOf(module)} has no sinks; give it one` })

/** Where a sink that the program must not start without fails, that is what was looked for. */
const notBuilt = (module: string | undefined, cause: Cause.Cause<unknown>): ToolError => {
  const error = Cause.squash(cause)
  const why = Cause.hasDies(cause) ? describeDefect(error) : describeError(error)
  return new ToolError({
    exitCode: error instanceof RequiredSinkError ? 1 : 2,
    message: withoutCredentials(`the log of ${placeOf(module)} cannot be built: ${why}; mend that first`)
  })
}
