/**
 * The logging runtime: layers that install it, and the service that shows what
 * it does.
 *
 * @since 0.1.0
 */
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as EffectLogger from "effect/Logger"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import type { EnvironmentError } from "./config/reading.ts"
import { SinkVariables } from "./config/SinkVariables.ts"
import { CurrentSinkOverrides } from "./contract/SinkOverrides.ts"
import { RuntimeEvents } from "./events/OpenEvents.ts"
import type * as LoggingConfig from "./LoggingConfig.ts"
import type * as LogSink from "./LogSink.ts"
import { aFunction, anEffect, madeBy, satisfies } from "./options/check.ts"
import { checkArgument } from "./options/checkOptions.ts"
import type { BoundInput } from "./options/level.ts"
import { scope as aScope } from "./options/levels.ts"
import type { Settle } from "./runtime/acquireSinks.ts"
import { assemble } from "./runtime/assemble.ts"
import type { Description } from "./runtime/description.ts"
import { failureLogged } from "./runtime/failureLogged.ts"
import type { LoggingService } from "./runtime/loggingService.ts"
import { checked, checkedForTests, checkedFromConfig } from "./runtime/optionChecks.ts"
import type { Options, RuntimeOptions, TestOptions } from "./runtime/options.ts"
import { RuntimeControl } from "./runtime/RuntimeControl.ts"
import { type SetLevelOptions, setting } from "./runtime/setting.ts"
import { noteCall } from "./runtime/unheard.ts"
import { type DefaultSources, loadFor, settleWith, withEnvironment } from "./runtime/withEnvironment.ts"
import * as TestLogging from "./testing/TestLogging.ts"

export type { DirectLogger } from "./capture/directLogger.ts"
export type { Limits } from "./capture/limits.ts"
export type { LiveRecord } from "./capture/Tap.ts"
export type { ShutdownReport, Stats } from "./Ledger.ts"
export type { Description, Setting } from "./runtime/description.ts"
export type { Health, HealthStatus, LaneHealth, Rates } from "./runtime/health.ts"
export { LaneError } from "./runtime/LaneError.ts"
export type { LaneSettings } from "./runtime/laneSettings.ts"
export type { Options, RuntimeOptions, TestOptions } from "./runtime/options.ts"
export type { RecordsOptions } from "./runtime/recordsOptions.ts"
export type { Replayed } from "./runtime/resendLetters.ts"
export { ReplayError } from "./runtime/resendLetters.ts"
export type { Rules } from "./runtime/rules.ts"
export type { SetLevelOptions } from "./runtime/setting.ts"

/**
 * The service of the runtime.
 *
 * @category services
 * @since 0.1.0
 */
export class Logging extends Context.Service<Logging, LoggingService>()("effect-spillway/Logging") {}

/**
 * Creates the layer that installs the runtime: everything the program logs with
 * `Effect.log*` goes to the sinks, each through a lane of its own.
 *
 * **Details**
 *
 * Log calls stay events of their spans, unless a sink sends the records to where these go (`spanEvents`). When the layer's scope
 * closes, the lanes are drained in parallel against one deadline and the report is
 * handed to `onShutdown`. Provide the layer to the whole program (`Effect.provide` on it,
 * or `Layer.provide` to its layers), so that it closes after everything that
 * logs to it.
 *
 * **Gotchas**
 *
 * A log call cannot wait: when a lane is full its record is dropped, and counted.
 *
 * Throws a `RangeError` that names every option that is not known or not what it
 * must be, as do the other layers and {@link make}.
 *
 * **Example** (Logging to two sinks)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { ConsoleSink, Logging, MemorySink } from "effect-spillway"
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [ConsoleSink.make({ format: "logfmt", minimumLevel: "Warn" }), MemorySink.make()],
 *   shutdownTimeout: "2 seconds"
 * })
 *
 * const program = Effect.gen(function*() {
 *   yield* Effect.logInfo("started")
 *   yield* Effect.logWarning("disk almost full")
 *
 *   const { flush, stats } = yield* Logging.Logging
 *   yield* flush
 *   const { healthy, lanes } = yield* stats
 *   return { healthy, console: lanes["console"]?.delivered, memory: lanes["memory"]?.delivered }
 * })
 *
 * const seen = await Effect.runPromise(Effect.provide(program, LoggingLive))
 * // prints: timestamp=… level=WARN fiber=… message="disk almost full"
 * seen // => { healthy: true, console: 1, memory: 2 }
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = <const Sources extends ReadonlyArray<LogSink.Source>>(
  options: Options<Sources>
): Layer.Layer<
  Logging,
  LogSink.SourceError<Sources[number]>,
  LogSink.SourceServices<Sources[number]>
> => Layer.effectContext(inCode<Sources>("Logging.layer", options, noteCall()))

/**
 * Creates the layer of {@link layer} with options from the environment
 * (`LOGGING_*`, see `LoggingConfig.variables`).
 *
 * **Details**
 *
 * Without `sinks`, records go to the console and, when `LOGGING_FILE` is set, to
 * that file. With `sinks`, the variables that are set change their options: those of
 * their lanes; format and stream of every `ConsoleSink`; the path of the first
 * `FileSink` named `file`; and with `LOGGING_LEVEL_<SINK>` the level of one of them,
 * which may be below that of the program. What the environment says goes before
 * `options`.
 *
 * A bad value fails the layer with a `LoggingConfigError` that names the
 * variable, the value and what was expected. A variable that is not known, or that
 * finds no sink to apply to, is said once on stderr.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFromConfig = <const Sources extends ReadonlyArray<LogSink.Source> = DefaultSources>(
  options: RuntimeOptions & { readonly sinks?: Sources | undefined } = {}
): Layer.Layer<
  Logging,
  LogSink.SourceError<Sources[number]> | LoggingConfig.LoggingConfigError | Config.ConfigError,
  LogSink.SourceServices<Sources[number]>
> => {
  const right = checkedFromConfig(options)
  const call = noteCall()
  return Layer.effectContext(Effect.gen(function*() {
    const environment = yield* loadFor(right)
    const sinkVariables = new SinkVariables(environment)
    const before = withEnvironment(environment, right)
    return yield* Effect.provideService(
      made<Sources, EnvironmentError>(before, settleWith(environment, sinkVariables, right), call),
      CurrentSinkOverrides,
      sinkVariables
    )
  }))
}

/**
 * Creates a layer for tests: records are kept in memory, as values, by the
 * service `TestLogging`, before the log call returns.
 *
 * **Details**
 *
 * Every level is logged unless `minimumLevel` or `scopes` say otherwise. Each call makes a
 * memory of its own, so tests that run in parallel do not see each other.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerTest = (
  options: TestOptions = {}
): Layer.Layer<Logging | TestLogging.TestLogging> => {
  const right = checkedForTests(options)
  return Layer.effectContext(Effect.gen(function*() {
    const { service, sink } = TestLogging.make()
    const context = yield* make({
      ...right,
      minimumLevel: right.minimumLevel ?? "All",
      queue: false,
      sinks: [sink]
    })
    return Context.add(context, TestLogging.TestLogging, service)
  }))
}

/**
 * Builds the runtime of {@link layer} in a scope: a context with the service,
 * the loggers and, when set, the minimum level.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <const Sources extends ReadonlyArray<LogSink.Source>>(
  options: Options<Sources>
): Effect.Effect<
  Context.Context<Logging>,
  LogSink.SourceError<Sources[number]>,
  LogSink.SourceServices<Sources[number]> | Scope.Scope
> => inCode<Sources>("Logging.make", options)

/**
 * Names a part of a program: what is logged in the effect, and in the fibers it forks, has
 * the annotation `scope`, and goes by the levels of that scope. A scope within another takes
 * its place. Throws a `RangeError` for a name that is blank or has `,`, `=` or `*`.
 *
 * **Example** (A scope that is logged from Debug on)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, MemorySink } from "effect-spillway"
 *
 * const memory = MemorySink.make()
 * const program = Effect.logDebug("charged").pipe(
 *   Logging.scope("billing"),
 *   Effect.andThen(Effect.logDebug("listed"))
 * )
 *
 * await Effect.runPromise(
 *   Effect.provide(program, Logging.layer({ sinks: [memory], scopes: { billing: "Debug" } }))
 * )
 * memory.records.map(({ annotations, message }) => [message, annotations]) // => [["charged", { scope: "billing" }]]
 * ```
 *
 * @category scopes
 * @since 0.1.0
 */
export const scope = (name: string) => {
  checkArgument("Logging.scope", "name", aScope, name)
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => Effect.annotateLogs(effect, "scope", name)
}

/**
 * Sets a level while the program runs: for all, for a scope or for a lane, for good or for
 * a time. The next log call goes by it, those of the direct logger too.
 *
 * **Details**
 *
 * Of levels for a time the last that was set for the same counts; each ends alone, by
 * Effect's Clock, and what is below it counts again. A level for good ends those for a time
 * that were set for the same. What is set below `lowestLevel` of the layer is followed by the
 * direct logger only, which is said once on stderr.
 *
 * Throws a `RangeError` for a level or an option that is not what it must be.
 *
 * **Example** (Raising Debug for one scope for five minutes)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, MemorySink } from "effect-spillway"
 *
 * const memory = MemorySink.make()
 * const program = Effect.logDebug("charged").pipe(
 *   Logging.scope("billing"),
 *   Effect.tap(Logging.setLevel("Debug", { scope: "billing", for: "5 minutes" })),
 *   Effect.repeat({ times: 1 })
 * )
 *
 * await Effect.runPromise(
 *   Effect.provide(program, Logging.layer({ sinks: [memory], lowestLevel: "Debug" }))
 * )
 * memory.records.map(({ message }) => message) // => ["charged"]
 * ```
 *
 * @category levels
 * @since 0.1.0
 */
export const setLevel = (level: BoundInput, options?: SetLevelOptions): Effect.Effect<void, never, Logging> => {
  setting(level, options)
  return Effect.flatMap(Logging, (logging) => logging.setLevel(level, options))
}

/**
 * The configuration of the runtime as it counts, with where each value comes from: `describe` of the service.
 *
 * **Example** (Printing what is not the default)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Logging, MemorySink } from "effect-spillway"
 *
 * const LoggingLive = Logging.layer({ sinks: [MemorySink.make({ capacity: 100 })], shutdownTimeout: "2 seconds" })
 *
 * const { lanes, options } = await Effect.runPromise(Effect.provide(Logging.describe, LoggingLive))
 *
 * options["shutdownTimeout"] // => { value: "2s", from: "code" }
 * options["queue"] // => { value: true, from: "default" }
 * lanes["memory"]?.["capacity"] // => { value: 100, from: "code" }
 * ```
 *
 * @category describing
 * @since 0.1.0
 */
export const describe: Effect.Effect<Description, never, Logging> = Effect.flatMap(Logging, ({ describe }) => describe)

/**
 * What runs the program of a process: `NodeRuntime.runMain`, or that of another
 * platform.
 *
 * @category running
 * @since 0.1.0
 */
export type RunMain = <E, A>(
  program: Effect.Effect<A, E>,
  options: { readonly disableErrorReporting: true }
) => void

/**
 * Runs the program of a process with its log around it, so that the log has why it
 * failed: a service that does not start says so in every sink.
 *
 * **Details**
 *
 * A failure of the program, of its layers or of their finalizers is a record of level
 * Fatal with its cause, logged before the lanes drain. What the log does not take is said
 * on stderr: that its own layer failed (with a `RequiredSinkError`, say), or that it was
 * shut down before. An interruption (SIGINT, SIGTERM) is no failure, and an error whose
 * `Runtime.errorReported` is `false` is not reported.
 *
 * Signals and exit codes are those of `run`: with `NodeRuntime.runMain` 0, 130 after an
 * interruption, `Runtime.errorExitCode` of the error, or 1. It is told to report nothing
 * itself. To give it a teardown:
 * `(program, options) => NodeRuntime.runMain(program, { ...options, teardown })`.
 *
 * **Gotchas**
 *
 * Give it the layer of the log, with no more than that needs. A layer of the program
 * that is built in there fails outside of the log.
 *
 * **Example** (Logging why a service does not start)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Logging, MemorySink } from "effect-spillway"
 *
 * const memory = MemorySink.make()
 * const Database = Layer.effectDiscard(Effect.fail("no connection"))
 *
 * await new Promise((ended) => {
 *   // In a program NodeRuntime.runMain is in its place.
 *   const run: Logging.RunMain = (program) => Effect.runFork(program).addObserver(ended)
 *   Layer.launch(Database).pipe(Logging.runMain(Logging.layer({ sinks: [memory] }), run))
 * })
 * memory.records.map(({ level, message }) => `${level}: ${message}`) // => ["Fatal: the program failed"]
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const runMain = <ROut, LE>(layer: Layer.Layer<Logging | ROut, LE>, run: RunMain) => {
  checkArgument("Logging.runMain", "layer", aLayer, layer)
  checkArgument("Logging.runMain", "run", aFunction, run)
  return <A, E>(program: Effect.Effect<A, E, Logging | ROut>): void => {
    checkArgument("Logging.runMain", "program", anEffect, program)
    run(failureLogged(program, layer, accepted), { disableErrorReporting: true })
  }
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** Leaves the sinks and the level to the code. */
const inCode = <Sources extends ReadonlyArray<LogSink.Source>>(
  where: string,
  options: Options<ReadonlyArray<LogSink.Source>>,
  call?: object
) => {
  const right = checked(where, options)
  const { minimumLevel, scopes } = right
  const levels = { minimumLevel, scopes }
  return made<Sources, never>(right, (sinks) => Effect.succeed({ sinks, levels }), call)
}

const made = <Sources extends ReadonlyArray<LogSink.Source>, E>(
  options: Options<ReadonlyArray<LogSink.Source>>,
  settle: Settle<E>,
  call?: object
): Effect.Effect<
  Context.Context<Logging>,
  LogSink.SourceError<Sources[number]> | E,
  LogSink.SourceServices<Sources[number]> | Scope.Scope
> =>
  Effect.map(assemble<Sources, E>(options, settle, call), ({ control, events, loggers, minimumLevel, service }) => {
    const context = Context.make(Logging, Logging.of(service)).pipe(
      Context.add(RuntimeControl, control),
      Context.add(RuntimeEvents, events),
      Context.add(EffectLogger.CurrentLoggers, loggers)
    )
    return minimumLevel === undefined ? context : Context.add(context, References.MinimumLogLevel, minimumLevel)
  })

const aLayer = satisfies("a Layer", Layer.isLayer, madeBy("layer", "layerFromConfig"))

const accepted = Effect.flatMap(Logging, ({ stats }) => Effect.map(stats, ({ capture }) => capture.accepted))
