import { assert } from "@effect/vitest"
import { Context, Effect, Exit, Logger, References, Scope } from "effect"
import { Ledger, Logging, type LogSink } from "../../src/index.ts"
import { RuntimeControl } from "../../src/runtime/RuntimeControl.ts"

/** A runtime whose scope the test closes itself. */
export interface RuntimeUnderTest {
  readonly service: Logging.Logging["Service"]
  readonly control: RuntimeControl
  readonly lines: ReadonlyArray<string>
  readonly reports: ReadonlyArray<Logging.ShutdownReport>
  /** Runs an effect with the loggers and the level of the runtime. */
  readonly run: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly close: (exit?: Exit.Exit<unknown, unknown>) => Effect.Effect<void>
}

/** Builds a runtime; after the test its report must be there and must balance. */
export const makeRuntime = <const Sources extends ReadonlyArray<LogSink.Source>>(
  options: Logging.Options<Sources>
): Effect.Effect<
  RuntimeUnderTest,
  LogSink.SourceError<Sources[number]>,
  Exclude<LogSink.SourceServices<Sources[number]>, Scope.Scope> | Scope.Scope
> =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const reports: Array<Logging.ShutdownReport> = []
    const scope = yield* Scope.make()
    const context = yield* Logging.make({
      diagnostics: (line) => lines.push(line),
      ...options,
      onShutdown: (report) =>
        Effect.andThen(Effect.sync(() => reports.push(report)), options.onShutdown?.(report) ?? Effect.void)
    }).pipe(Scope.provide(scope))
    const service = Context.get(context, Logging.Logging)
    const control = Context.get(context, RuntimeControl)
    assert.isDefined(control)
    const loggers = Context.get(context, Logger.CurrentLoggers)
    const level = Context.get(context, References.MinimumLogLevel)
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        assert.strictEqual(reports.length, 1, "shutdown has run, once")
        for (const report of reports) assert.isTrue(report.balanced, Ledger.format(report))
      })
    )
    return {
      service,
      control,
      lines,
      reports,
      run: (effect) =>
        effect.pipe(
          Effect.provideService(Logger.CurrentLoggers, loggers),
          Effect.provideService(References.MinimumLogLevel, level)
        ),
      close: (exit = Exit.void) => Scope.close(scope, exit)
    }
  })

export const logMany = (count: number): Effect.Effect<void> =>
  Effect.forEach(Array.from({ length: count }, (_, i) => i), (i) => Effect.logInfo(`record ${i}`), { discard: true })
