import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as LogSink from "../LogSink.ts"
import type { Diagnostics } from "./Diagnostics.ts"

/** A sink and the scope that holds its resources. */
export interface Acquired {
  readonly sink: LogSink.LogSink
  readonly scope: Scope.Closeable
}

const patience = "10 seconds"

/**
 * Acquires a sink. One that cannot be acquired degrades its own lane: what
 * stands in for it tries again with every write. Only a required sink, or a
 * mistake in the program (a defect), fails.
 */
export const acquireSink = (
  source: LogSink.LogSink | Effect.Effect<LogSink.LogSink, unknown, Scope.Scope>,
  index: number,
  diagnostics: Diagnostics
): Effect.Effect<Acquired, LogSink.RequiredSinkError> =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    if (LogSink.isLogSink(source)) return { sink: source, scope }
    const acquire = Effect.interruptible(Scope.provide(source, scope))
    const exit = yield* Effect.exit(Effect.timeoutOrElse(diagnostics.around(acquire), {
      duration: patience,
      orElse: () => Effect.fail(`it took longer than ${patience}`)
    }))
    if (Exit.isSuccess(exit)) return { sink: exit.value, scope }
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    if (error === undefined || error instanceof LogSink.RequiredSinkError) {
      yield* Scope.close(scope, exit)
      return error === undefined ? yield* Effect.die(Cause.squash(exit.cause)) : yield* error
    }
    const name = `sink-${index + 1}`
    diagnostics.report(name, `the sink could not be acquired, its lane is degraded: ${describe(error)}`)
    return { sink: standIn(name, acquire), scope }
  })

const standIn = (name: string, acquire: Effect.Effect<LogSink.LogSink, unknown>): LogSink.LogSink => {
  let acquired: LogSink.LogSink | undefined
  return LogSink.make({
    name,
    write: (batch) =>
      Effect.suspend(() => acquired === undefined ? acquire : Effect.succeed(acquired)).pipe(
        Effect.mapError((error) => LogSink.misconfigured(name, `not acquired: ${describe(error)}`, { cause: error })),
        Effect.flatMap((sink) => {
          acquired = sink
          return sink.write(batch)
        })
      ),
    close: Effect.suspend(() => acquired?.close ?? Effect.void)
  })
}

const describe = (error: unknown): string => {
  if (error instanceof Error) return error.message.slice(0, 256)
  return typeof error === "string" ? error.slice(0, 256) : "an error without a message"
}
