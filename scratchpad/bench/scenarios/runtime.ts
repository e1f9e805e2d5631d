/** Opens a runtime with sinks made for a scenario. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { total } from "../../../src/Ledger.ts"
import * as Logging from "../../../src/Logging.ts"
import * as LogSink from "../../../src/LogSink.ts"

/** Takes every batch at once and forgets it. */
export const discarding = (name: string): LogSink.LogSink => LogSink.make({ name, write: () => Effect.void })

/** Takes a batch and never answers. */
export const stalled = (name: string): LogSink.LogSink => LogSink.make({ name, write: () => Effect.never })

/** Runs a program with a runtime of these sinks; what is still queued at the end is given up quickly. */
export const withSinks = <A>(
  sinks: ReadonlyArray<LogSink.LogSink>,
  program: Effect.Effect<A, never, Logging.Logging>
): Effect.Effect<A> =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const layer = Logging.layer({ sinks, shutdownTimeout: "200 millis", diagnostics: () => {} })
    const context = yield* Layer.buildWithScope(layer, scope)
    const result = yield* Effect.provideContext(program, context)
    yield* Scope.close(scope, Exit.void)
    return result
  })

/** Records that lanes dropped so far. */
export const droppedSoFar: Effect.Effect<number, never, Logging.Logging> = Effect.gen(function*() {
  const logging = yield* Logging.Logging
  const { lanes } = yield* logging.stats
  return Object.values(lanes).reduce((sum, lane) => sum + total(lane.dropped), 0)
})
