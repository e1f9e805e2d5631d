/**
 * The logging runtime: layers that install it, and the service that shows what
 * it does.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as EffectLogger from "effect/Logger"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import { Capture } from "./capture/Capture.ts"
import { type DirectLogger, makeDirectLogger } from "./capture/directLogger.ts"
import { defaultLimits, type Limits } from "./capture/limits.ts"
import { marked, planSpanEvents } from "./capture/spanEvents.ts"
import { Diagnostics } from "./diagnostics/Diagnostics.ts"
import type * as Lane from "./lane/Lane.ts"
import type { CaptureBooks, ShutdownReport } from "./Ledger.ts"
import * as LoggingConfig from "./LoggingConfig.ts"
import { type Level, severityOf } from "./LogRecord.ts"
import * as LogRedactor from "./LogRedactor.ts"
import * as LogSink from "./LogSink.ts"
import { writeStandardError } from "./node/standardError.ts"
import { acquireSinks, withServices } from "./runtime/acquireSinks.ts"
import { checkedTimeout, checkGracePeriod } from "./runtime/deadline.ts"
import { Drain } from "./runtime/Drain.ts"
import { DropSummaries } from "./runtime/DropSummaries.ts"
import { makeLanes } from "./runtime/makeLanes.ts"
import * as LaneMetrics from "./runtime/metrics.ts"
import { type Replayed, ReplayError, replayLetters } from "./runtime/replayLetters.ts"
import { controls } from "./runtime/RuntimeControl.ts"
import * as ConsoleSink from "./sinks/ConsoleSink.ts"
import * as FileSink from "./sinks/FileSink.ts"
import type { DeadLetters } from "./spool/DeadLetters.ts"
import * as TestLogging from "./testing/TestLogging.ts"

export type {
  /**
   * What shutdown did, and what became of every record.
   *
   * @category models
   * @since 0.1.0
   */
  ShutdownReport
} from "./Ledger.ts"

export type {
  /**
   * A synchronous logger for code outside Effect.
   *
   * @category models
   * @since 0.1.0
   */
  DirectLogger
} from "./capture/directLogger.ts"

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
} from "./runtime/replayLetters.ts"

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
} from "./runtime/replayLetters.ts"

/**
 * The books and the state of the runtime, now.
 *
 * @category models
 * @since 0.1.0
 */
export interface Stats {
  readonly capture: CaptureBooks
  readonly lanes: Readonly<Record<string, Lane.LaneStats>>
  /** Whether every lane took its last batch and none is closed. */
  readonly healthy: boolean
}

/**
 * The service of the runtime.
 *
 * **Details**
 *
 * - `stats`: the books, live.
 * - `flush`: waits until everything accepted before is settled. Batch windows
 *   are cut short, retries are not: bound it with a timeout where that matters.
 * - `shutdown`: ends logging and drains; always the same report, however often
 *   and by whomever it is run. The layer's scope runs it by itself.
 * - `logger`: the same runtime for code outside Effect.
 * - `replay`: sends the dead letters that are there now again, oldest first, through
 *   the lane they were opened for, or through the one named by `into`. A letter is
 *   sent when the lane has room, one at a time, in turn with what is logged; its records
 *   keep their identity and their time and are counted as `recovered`. It is removed
 *   when they are settled: delivered, or given up again to the lane's fallback or
 *   dead letters, or else back to where they were. Where there is no room for that, it
 *   stays there whole, for the next process. Ends after the letters that were there at
 *   its start. When the process dies in between, some are sent twice; none
 *   are lost. Interrupting it leaves the letter on its way to the lane.
 *
 * @category services
 * @since 0.1.0
 */
export class Logging extends Context.Service<Logging, {
  readonly stats: Effect.Effect<Stats>
  readonly flush: Effect.Effect<void>
  readonly shutdown: Effect.Effect<ShutdownReport>
  readonly logger: DirectLogger
  readonly replay: (
    letters: DeadLetters,
    options?: { readonly into?: string | undefined }
  ) => Effect.Effect<Replayed, ReplayError>
}>()("effect-spillway/Logging") {}

/**
 * Options of {@link layer}, besides `sinks`.
 *
 * **Details**
 *
 * | option | default | meaning |
 * |---|---|---|
 * | `minimumLevel` | the program's | sets Effect's `MinimumLogLevel` for the program |
 * | `shutdownTimeout` | 5 s | the deadline of shutdown, for all lanes together |
 * | `gracePeriod` | none | what the platform grants after SIGTERM; a start-up check warns when shutdown may take longer |
 * | `onShutdown` | nothing | run with the report, before the scope is closed; bounded by the deadline |
 * | `mergeWithExisting` | `false` | keep the loggers the program has, as in `Logger.layer`; they show what they are given, nothing is redacted for them |
 * | `spanEvents` | `true` where log calls were events before, as Effect has it | whether a log call inside a span is also an event of the span, redacted like the record; Effect's own logger for that is replaced, with `mergeWithExisting` too |
 * | `redact` | the default keys | options of `LogRedactor.make`, or `false` for none |
 * | `limits` | depth 8, keys 100, field 32 KiB, record 256 KiB | bounds of one record |
 * | `queue` | `true` | `false`: sinks that can are written synchronously, in the log call |
 * | `diagnostics` | stderr | takes the runtime's own lines |
 *
 * @category models
 * @since 0.1.0
 */
export interface RuntimeOptions {
  readonly minimumLevel?: Level | "All" | "None" | undefined
  readonly shutdownTimeout?: Duration.Input | undefined
  readonly gracePeriod?: Duration.Input | undefined
  readonly onShutdown?: ((report: ShutdownReport) => Effect.Effect<unknown, unknown>) | undefined
  readonly mergeWithExisting?: boolean | undefined
  readonly spanEvents?: boolean | undefined
  readonly redact?: LogRedactor.Options | false | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly queue?: boolean | undefined
  readonly diagnostics?: ((line: string) => void) | undefined
}

/**
 * Options of {@link layer}.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<Sources extends ReadonlyArray<LogSink.Source>> extends RuntimeOptions {
  readonly sinks: Sources
}

/**
 * Creates the layer that installs the runtime: everything the program logs with
 * `Effect.log*` goes to the sinks, each through a lane of its own.
 *
 * **Details**
 *
 * Log calls stay events of their spans (`spanEvents`). When the layer's scope
 * closes, the lanes are drained in parallel against one deadline and the report is
 * handed to `onShutdown`. Provide the layer to the whole program (`Effect.provide` on it,
 * or `Layer.provide` to its layers), so that it closes after everything that
 * logs to it.
 *
 * **Gotchas**
 *
 * A log call cannot wait: when a lane is full its record is dropped, and counted.
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
> => Layer.effectContext(make(options))

/**
 * Creates the layer of {@link layer} with options from the environment
 * (`LOGGING_*`, see `LoggingConfig.variables`).
 *
 * **Details**
 *
 * Without `sinks`, records go to the console and, when `LOGGING_FILE` is set, to
 * that file. With `sinks`, the variables that are set change the options of
 * their lanes. What the environment says goes before `options`.
 *
 * A bad value fails the layer with a `LoggingConfigError` that names the
 * variable, the value and what was expected.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerFromConfig = <const Sources extends ReadonlyArray<LogSink.Source> = DefaultSources>(
  options?: RuntimeOptions & { readonly sinks?: Sources | undefined }
): Layer.Layer<
  Logging,
  LogSink.SourceError<Sources[number]> | LoggingConfig.LoggingConfigError | Config.ConfigError,
  LogSink.SourceServices<Sources[number]>
> =>
  Layer.effectContext(Effect.gen(function*() {
    const environment = yield* LoggingConfig.load
    const sinks: ReadonlyArray<LogSink.Source> = options?.sinks ?? defaultSources(environment)
    return yield* made<Sources>({
      ...options,
      minimumLevel: environment.level ?? options?.minimumLevel,
      queue: environment.queue ?? options?.queue,
      shutdownTimeout: environment.shutdownTimeout ?? options?.shutdownTimeout,
      gracePeriod: environment.gracePeriod ?? options?.gracePeriod,
      sinks: sinks.map((source) => withLaneOptions(source, environment.lane))
    })
  }))

/**
 * Creates a layer for tests: records are kept in memory, as values, by the
 * service `TestLogging`, before the log call returns.
 *
 * **Details**
 *
 * Every level is logged unless `minimumLevel` says otherwise. Each call makes a
 * memory of its own, so tests that run in parallel do not see each other.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerTest = (
  options?: Pick<RuntimeOptions, "minimumLevel" | "mergeWithExisting" | "spanEvents" | "redact" | "limits">
): Layer.Layer<Logging | TestLogging.TestLogging> =>
  Layer.effectContext(Effect.gen(function*() {
    const { service, sink } = TestLogging.make()
    const context = yield* make({ minimumLevel: "All", ...options, queue: false, sinks: [sink] })
    return Context.add(context, TestLogging.TestLogging, service)
  }))

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
> => made<Sources>(options)

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

/** {@link assemble} with what the sources need and fail with in its type, whatever lane options they were given since. */
const made = <Sources extends ReadonlyArray<LogSink.Source>>(
  options: Options<ReadonlyArray<LogSink.Source>>
): Effect.Effect<
  Context.Context<Logging>,
  LogSink.SourceError<Sources[number]>,
  LogSink.SourceServices<Sources[number]> | Scope.Scope
> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- services of sources are taken from the fiber, where no type can follow
  assemble(options) as Effect.Effect<
    Context.Context<Logging>,
    LogSink.SourceError<Sources[number]>,
    LogSink.SourceServices<Sources[number]> | Scope.Scope
  >

const assemble = (
  options: Options<ReadonlyArray<LogSink.Source>>
): Effect.Effect<Context.Context<Logging>, LogSink.RequiredSinkError, Scope.Scope> =>
  Effect.gen(function*() {
    const timeoutMillis = checkedTimeout(options.shutdownTimeout ?? "5 seconds")
    const clock = yield* Clock.Clock
    const now = (): number => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
    const diagnostics = new Diagnostics(options.diagnostics ?? writeStandardError, now)
    const redactor = options.redact === false ? LogRedactor.none : LogRedactor.make(options.redact)
    checkGracePeriod(options.gracePeriod, timeoutMillis, diagnostics)

    const services = yield* Effect.context()
    const sinks = yield* acquireSinks(
      options.sinks.map((source) => LogSink.isLogSink(source) ? source : withServices(source, services, diagnostics)),
      diagnostics
    )
    const fiber = yield* Effect.fiber
    const hooks = {
      onDrop: () => summaries.note(),
      onTake: () => capture.release()
    }
    // Uninterruptible: a spool that was opened is closed by a drain, or not at all.
    const { fallbacks, fallbackSinks, lanes, inlets, syncLanes } = yield* Effect.uninterruptible(makeLanes(
      sinks.map(({ sink }) => sink),
      options.queue !== false,
      diagnostics,
      hooks
    ))
    const all = [...lanes, ...syncLanes, ...fallbacks]
    const spanEvents = planSpanEvents(fiber.getRef(EffectLogger.CurrentLoggers), {
      merge: options.mergeWithExisting === true,
      wanted: options.spanEvents
    })
    const capture = new Capture({
      inlets,
      redactor,
      limits: { ...defaultLimits, ...options.limits },
      diagnostics,
      now: () => clock.currentTimeMillisUnsafe(),
      spanEvents: spanEvents.adds
    })
    const summaries = new DropSummaries(all, capture, diagnostics, fiber.currentDispatcher)
    const summariesFiber = yield* diagnostics.around(Effect.forkDetach(summaries.run))
    yield* LaneMetrics.register(all)

    const drain = new Drain({
      capture,
      lanes,
      fallbacks,
      syncLanes,
      sinks: [
        ...sinks,
        ...yield* Effect.forEach(fallbackSinks, (sink) => Effect.map(Scope.make(), (scope) => ({ sink, scope })))
      ],
      summaries,
      summariesFiber,
      diagnostics,
      now,
      timeoutMillis,
      onShutdown: options.onShutdown ?? (() => Effect.void)
    })
    yield* Effect.addFinalizer((exit) => drain.run(reasonOf(exit)))
    yield* Effect.forEach([...fallbacks, ...lanes], (lane) => lane.start, { discard: true })

    const stats = Effect.sync((): Stats => {
      const named = all.map((lane) => [lane.name, lane.stats()] as const)
      return {
        capture: capture.books(),
        lanes: Object.fromEntries(named),
        healthy: named.every(([, lane]) => lane.status === "ok")
      }
    })
    const service = Logging.of({
      stats,
      flush: Effect.forEach(
        [lanes, fallbacks],
        (stage) => Effect.forEach(stage, (lane) => lane.flush, { concurrency: "unbounded", discard: true }),
        { discard: true }
      ),
      shutdown: drain.run("shutdown"),
      logger: makeDirectLogger(
        capture,
        severityOf(options.minimumLevel ?? fiber.getRef(References.MinimumLogLevel)),
        capture.bind(undefined, {})
      ),
      replay(letters, { into = letters.lane } = {}) {
        const lane = all.find(({ name }) => name === into)
        if (lane !== undefined) return diagnostics.around(replayLetters(letters, lane))
        const names = all.map(({ name }) => JSON.stringify(name)).join(", ")
        return Effect.fail(new ReplayError({ message: `there is no lane ${JSON.stringify(into)}, only ${names}` }))
      }
    })
    controls.set(service, drain)

    const logger = EffectLogger.make(capture.log)
    const loggers = new Set([...spanEvents.kept, spanEvents.adds ? marked(logger) : logger])
    const context = Context.make(Logging, service).pipe(Context.add(EffectLogger.CurrentLoggers, loggers))
    return options.minimumLevel === undefined
      ? context
      : Context.add(context, References.MinimumLogLevel, options.minimumLevel)
  })

type DefaultSources = ReadonlyArray<ReturnType<typeof ConsoleSink.make> | ReturnType<typeof FileSink.make>>

const defaultSources = (environment: LoggingConfig.Environment): DefaultSources => {
  const console = ConsoleSink.make({ format: environment.format, stream: environment.stream })
  return environment.file === undefined ? [console] : [console, FileSink.make({ path: environment.file })]
}

const withLaneOptions = (source: LogSink.Source, options: Partial<LogSink.LaneOptions>): LogSink.Source =>
  LogSink.isLogSink(source)
    ? LogSink.withOptions(source, options)
    : Effect.map(source, LogSink.withOptions(options))

const reasonOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "completed"
  return Cause.hasInterruptsOnly(exit.cause) ? "interrupted" : "failed"
}
