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
import type * as Stream from "effect/Stream"
import type * as SubscriptionRef from "effect/SubscriptionRef"
import type { DirectLogger } from "./capture/directLogger.ts"
import type { LiveRecord } from "./capture/Tap.ts"
import type { EnvironmentError } from "./config/reading.ts"
import { SinkVariables } from "./config/SinkVariables.ts"
import type { Given } from "./contract/given.ts"
import { CurrentSinkOverrides } from "./contract/SinkOverrides.ts"
import { RuntimeEvents } from "./events/OpenEvents.ts"
import type { LaneBooks, ShutdownReport, Stats } from "./Ledger.ts"
import type * as LoggingConfig from "./LoggingConfig.ts"
import type * as LogLevels from "./LogLevels.ts"
import type * as LogSink from "./LogSink.ts"
import { aFunction, anEffect, madeBy, satisfies } from "./options/check.ts"
import { checkArgument } from "./options/checkOptions.ts"
import type { BoundInput } from "./options/level.ts"
import { scope as aScope } from "./options/levels.ts"
import type { Settle } from "./runtime/acquireSinks.ts"
import { assemble } from "./runtime/assemble.ts"
import type { Description } from "./runtime/description.ts"
import { failureLogged } from "./runtime/failureLogged.ts"
import type { Health } from "./runtime/health.ts"
import type { LaneError } from "./runtime/LaneError.ts"
import type { LaneSettings } from "./runtime/laneSettings.ts"
import { checked, checkedForTests, checkedFromConfig } from "./runtime/optionChecks.ts"
import type { Options, RuntimeOptions, TestOptions } from "./runtime/options.ts"
import type { RecordsOptions } from "./runtime/recordsOptions.ts"
import type { Replayed, ReplayError } from "./runtime/resendLetters.ts"
import type { Rules } from "./runtime/rules.ts"
import { RuntimeControl } from "./runtime/RuntimeControl.ts"
import { type SetLevelOptions, setting } from "./runtime/setting.ts"
import { noteCall } from "./runtime/unheard.ts"
import { type DefaultSources, loadFor, settleWith, withEnvironment } from "./runtime/withEnvironment.ts"
import type { DeadLetters } from "./spool/DeadLetters.ts"

import * as TestLogging from "./testing/TestLogging.ts"

export type {
  /**
   * What shutdown did, and what became of every record.
   *
   * @category models
   * @since 0.1.0
   */
  ShutdownReport,
  /**
   * The books and the state of the runtime, now.
   *
   * @category models
   * @since 0.1.0
   */
  Stats
} from "./Ledger.ts"

export type {
  /**
   * Options of {@link layer}.
   *
   * @category options
   * @since 0.1.0
   */
  Options,
  /**
   * Options of {@link layer}, besides `sinks`.
   *
   * @category options
   * @since 0.1.0
   */
  RuntimeOptions,
  /**
   * Options of {@link layerTest}.
   *
   * @category options
   * @since 0.1.0
   */
  TestOptions
} from "./runtime/options.ts"

export type {
  /**
   * Options of {@link setLevel}.
   *
   * @category options
   * @since 0.1.0
   */
  SetLevelOptions
} from "./runtime/setting.ts"

export type {
  /**
   * The bounds of one record.
   *
   * @category options
   * @since 0.1.0
   */
  Limits
} from "./capture/limits.ts"

export type {
  /**
   * A synchronous logger for code outside Effect.
   *
   * @category models
   * @since 0.1.0
   */
  DirectLogger
} from "./capture/directLogger.ts"

export type {
  /**
   * The states of the lanes, and the worst of them.
   *
   * @category models
   * @since 0.1.0
   */
  Health,
  /**
   * How a lane is: `"ok"`, `"degraded"`, `"open"`, `"draining"` or `"closed"`.
   *
   * @category models
   * @since 0.1.0
   */
  HealthStatus,
  /**
   * The state of a lane when it was looked at.
   *
   * @category models
   * @since 0.1.0
   */
  LaneHealth,
  /**
   * Records per second.
   *
   * @category models
   * @since 0.1.0
   */
  Rates
} from "./runtime/health.ts"

export type {
  /**
   * What a stream of live records is made of: a record, or how many were missed in its place.
   *
   * @category models
   * @since 0.1.0
   */
  LiveRecord
} from "./capture/Tap.ts"

export type {
  /**
   * Options of the service's `records`.
   *
   * @category options
   * @since 0.1.0
   */
  RecordsOptions
} from "./runtime/recordsOptions.ts"

export type {
  /**
   * The configuration of a runtime as plain data.
   *
   * @category models
   * @since 0.1.0
   */
  Description,
  /**
   * The value of an option, and where it comes from.
   *
   * @category models
   * @since 0.1.0
   */
  Setting
} from "./runtime/description.ts"

export type {
  /**
   * What of a lane can be changed while it goes on.
   *
   * @category options
   * @since 0.1.0
   */
  LaneSettings
} from "./runtime/laneSettings.ts"

export type {
  /**
   * What a runtime goes by that may change while it runs, as one value that nobody changes.
   *
   * @category models
   * @since 0.1.0
   */
  Rules
} from "./runtime/rules.ts"

export {
  /**
   * Raised when a lane cannot be attached, detached or changed as it was asked for:
   * `message` says why, `lanes` names those that there are. Nothing is changed then.
   *
   * @category errors
   * @since 0.1.0
   */
  LaneError
} from "./runtime/LaneError.ts"

export {
  /**
   * Raised when a replay of dead letters cannot begin, because there is no such
   * lane, or cannot go on, because the lane has ended or the letters cannot be
   * read. What was not sent is still among the dead letters.
   *
   * @category errors
   * @since 0.1.0
   */
  ReplayError
} from "./runtime/resendLetters.ts"

export type {
  /**
   * What a replay of dead letters did: `replayed` records were sent through the
   * lane again and are settled there, delivered or given up once more; `lost`
   * ones could not be read.
   *
   * @category models
   * @since 0.1.0
   */
  Replayed
} from "./runtime/resendLetters.ts"

/**
 * The service of the runtime.
 *
 * @category services
 * @since 0.1.0
 */
export class Logging extends Context.Service<Logging, {
  /** The books, live. */
  readonly stats: Effect.Effect<Stats>
  /**
   * Waits until everything accepted before is settled. Batch windows are cut short,
   * retries are not: bound it with a timeout where that matters.
   */
  readonly flush: Effect.Effect<void>
  /**
   * Waits until every lane has room: a log call cannot wait, but a batch program can,
   * before it logs more. Completes at once while no lane is more than half full, and else
   * when each is at most a quarter full, so that it does not wait for every record. Up to
   * half of the smallest lane may be logged between two waits. Batch windows are cut
   * short, retries are not: a sink that is down for hours has its lane full for as long,
   * so bound it with a timeout. A lane that has ended, for shutdown or because its
   * destination is gone, is not waited for. A lane with a spool has room while its spool
   * is at most half full.
   */
  readonly room: Effect.Effect<void>
  /**
   * Ends logging and drains; always the same report, however often and by whomever it is
   * run. The layer's scope runs it by itself.
   */
  readonly shutdown: Effect.Effect<ShutdownReport>
  /** The same runtime for code outside Effect. */
  readonly logger: DirectLogger
  /**
   * The levels of now. What is set here, by {@link setLevel} or by functions of Effect, is
   * followed by the next log call, and its changes can be listened to. A value that is no
   * `LogLevels` is said once on stderr and taken away again.
   */
  readonly level: SubscriptionRef.SubscriptionRef<LogLevels.Levels>
  /** What {@link setLevel} of the module does. */
  readonly setLevel: (level: BoundInput, options?: SetLevelOptions) => Effect.Effect<void>
  /**
   * Sends the dead letters that are there now again, oldest first, through the lane they
   * were opened for, or through the one named by `into`.
   *
   * A letter is sent when the lane has room, one at a time, in turn with what is logged;
   * its records keep their identity and their time and are counted as `recovered`. It is
   * removed when they are settled: delivered, or given up again to the lane's fallback or
   * dead letters, or else back to where they were. Where there is no room for that, it
   * stays there whole, for the next process. Ends after the letters that were there at
   * its start. When the process dies in between, some are sent twice; none are lost.
   * Interrupting it leaves the letter on its way to the lane.
   */
  readonly replay: (
    letters: DeadLetters,
    options?: { readonly into?: string | undefined }
  ) => Effect.Effect<Replayed, ReplayError>
  /**
   * The records of the program from when the stream is run on, as the lanes are offered
   * them: copies, redacted and bounded, in the order they were logged. Ends at shutdown,
   * after the last one.
   *
   * Each run has a buffer of its own (`capacity`). Who watches too slowly slows nobody: what
   * finds the buffer full is missed, and `{ _tag: "Missed", count }` stands where it would
   * have been. Such a record is no loss: the lanes have it, and no book counts it. One
   * that nobody but a stream wants is `filtered`. While no stream runs, nothing is built
   * or kept for one.
   *
   * Who logs while it watches sees that too, for ever: leave it out with `filter` or
   * `scope`. The runtime's own records about drops are not shown.
   *
   * Throws a `RangeError` for an option that is not known or not what it must be.
   */
  readonly records: (options?: RecordsOptions) => Stream.Stream<LiveRecord>
  /**
   * The states of the lanes: those of the present first, then one element whenever a state
   * or the error behind it is another, at most ten a second by Effect's `Clock`. What
   * changes within a tenth of a second is one element, with the states of its end; numbers
   * alone are no change. Ends after shutdown, with every lane `"closed"`. While nobody
   * watches, nothing is looked at, and no timer runs while nothing changes.
   *
   * It is for alerts, for a page and for work that can be put off, and never for a liveness
   * probe: a restart loses what is queued and cures nothing.
   */
  readonly health: Stream.Stream<Health>
  /**
   * Gives a sink a lane of its own while the program logs, until the scope is closed: then
   * the lane is detached as by `detach`. What is logged from then on goes there too. Gives
   * the name of the lane: that of the sink, with a number behind it where the runtime has
   * or had one of that name.
   *
   * A source is built with the services of who calls this. It has 10 s, as at the start,
   * and is not tried again: when it fails there is no lane, and this fails with a
   * {@link LaneError} that has its error as `cause`, as it does when shutdown has begun.
   * What the environment says of sinks and lanes is of those that the runtime starts with.
   */
  readonly attach: <Source extends LogSink.Source>(
    source: Source
  ) => Effect.Effect<string, LaneError, LogSink.SourceServices<Source> | Scope.Scope>
  /**
   * Takes a lane from the runtime, which goes on: no record comes to it any more, those it
   * has are written for as long as `shutdownTimeout`, what is left then is dropped as
   * `shutdown_deadline` or `unconfirmed` or stays on its spool, and its sink is closed. A
   * fallback that no other lane needs ends with it.
   *
   * Gives the books of the lane when it has ended; they stay in `stats`, under the status
   * `"closed"`, and in the report of shutdown: by its name until a hundred others have gone
   * after it, then in those of `detached`, the sum of all before. Whoever detaches it again, or during
   * shutdown, waits for the same and is given the same. Interrupting it only ends the wait.
   * Fails with a {@link LaneError} where there is no such lane, or it is a fallback.
   */
  readonly detach: (name: string) => Effect.Effect<LaneBooks, LaneError>
  /**
   * Has a lane go by other options from now on: what it takes (`minimumLevel`, and `filter`, of which
   * `false` is none; routes stay), how much it holds (`capacity`, `maxBytes`), and how it writes
   * (`maxBatchSize`, `maxBatchBytes`, `batchWindow`, `writeTimeout`, `retry`, `breaker`). What waits
   * for a retry is tried at once; a write that runs keeps its time. A level that is set for the lane
   * by `setLevel` goes before `minimumLevel`. In a lane without a queue only what it takes means
   * anything. Fails with a {@link LaneError} where there is no such lane.
   *
   * No record is lost by it. A lane that holds more than it may from now on keeps that, and what comes
   * finds it full until there is room: it is dropped, or the queued ones that are too many make room
   * for it, with `strategy: "sliding"` the oldest, with `"sampling"` a share of them.
   */
  readonly setLane: (name: string, options: LaneSettings) => Effect.Effect<void, LaneError>
  /**
   * What the runtime goes by now and may be changed while it goes on, as one value: levels, routes, and what of each lane
   * `setLane` sets. It can be printed, compared with `Equal.equals`, and put back by `setRules`.
   */
  readonly rules: Effect.Effect<Rules>
  /**
   * Has the runtime go by other rules from one log call to the next: those that `rules` has given before, or others;
   * what is left out stays. A lane that goes by them already is left alone. What they say of a lane that there is not is
   * left out and said once on stderr; routes and levels of its name hold when one comes.
   *
   * Throws a `RangeError` for what is not known or not what it must be, and changes nothing then.
   */
  readonly setRules: (rules: Given<Rules>) => Effect.Effect<void>
  /**
   * Has a lane write to another sink, and goes on with all it has: its queue, the batches in
   * hand, its spool, fallback and dead letters, its name and its books. A write that runs
   * ends on the sink before, with that one's answer; every other is to the new one, at once
   * where the lane was waiting to try again, with its breaker closed. No record is lost for
   * it, sent twice or in another order. Completes when the sink before is closed, which
   * waits for a write that runs, so for as long as `writeTimeout`; interrupting it only
   * ends the wait.
   *
   * How it is written goes with the sink: `maxBatchSize`, `maxBatchBytes`, `batchWindow`,
   * `writeTimeout`, `retry`, `breaker` and `map`. All other options of the sink mean
   * nothing here: the lane's stay.
   *
   * A source is built as by `attach`. Fails with a {@link LaneError}, and the lane keeps
   * its sink, when it cannot be built, there is no such lane, or that takes nothing more.
   */
  readonly replace: <Source extends LogSink.Source>(
    name: string,
    source: Source
  ) => Effect.Effect<void, LaneError, LogSink.SourceServices<Source>>
  /**
   * The configuration as it counts, as plain data: each option of the layer and of every lane
   * that there is now, with where its value comes from. It can be printed as JSON and compared.
   *
   * Nothing is in it that would be hidden in a record by the default rules or by the `keys`
   * of `redact`, whatever `redact` lets through: to print it tells no secret. What sinks are made
   * with, URLs and headers say, is not in it.
   */
  readonly describe: Effect.Effect<Description>
}>()("effect-spillway/Logging") {}

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
  Effect.map(assemble<Sources, E>(options, settle, call), ({ control, events, loggers, minimumLevel, ...runtime }) => {
    const context = Context.make(Logging, Logging.of(runtime)).pipe(
      Context.add(RuntimeControl, control),
      Context.add(RuntimeEvents, events),
      Context.add(EffectLogger.CurrentLoggers, loggers)
    )
    return minimumLevel === undefined ? context : Context.add(context, References.MinimumLogLevel, minimumLevel)
  })

const aLayer = satisfies("a Layer", Layer.isLayer, madeBy("layer", "layerFromConfig"))

const accepted = Effect.flatMap(Logging, ({ stats }) => Effect.map(stats, ({ capture }) => capture.accepted))
