import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as EffectLogger from "effect/Logger"
import * as Scheduler from "effect/Scheduler"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { Capture } from "../capture/Capture.ts"
import { constantFields } from "../capture/constantFields.ts"
import { Enricher } from "../capture/Enricher.ts"
import { eventCopier } from "../capture/eventCopier.ts"
import { FiberOrigins } from "../capture/FiberOrigins.ts"
import { LiveLevels } from "../capture/LiveLevels.ts"
import { Rules } from "../capture/Rules.ts"
import { heldTo, marked, planSpanEvents } from "../capture/spanEvents.ts"
import { makeDiagnostics } from "../diagnostics/Diagnostics.ts"
import { OpenEvents } from "../events/OpenEvents.ts"
import { monotonicMillis } from "../lane/monotonicMillis.ts"
import * as LogRedactor from "../LogRedactor.ts"
import * as LogSink from "../LogSink.ts"
import { runOutside } from "../node/outside.ts"
import { durationOf } from "../options/duration.ts"
import type { Bound } from "../options/level.ts"
import type { Acquired } from "./Acquired.ts"
import { acquireSinks, isStandIn, type Settle, withServices } from "./acquireSinks.ts"
import { Arriving } from "./Arriving.ts"
import { checkGracePeriod, Deadline } from "./Deadline.ts"
import { withDefaults } from "./defaults.ts"
import { Describer } from "./Describer.ts"
import { Detaching } from "./Detaching.ts"
import { Drain } from "./Drain.ts"
import { DropSummaries } from "./DropSummaries.ts"
import { Ending } from "./Ending.ts"
import { eventHooks } from "./eventHooks.ts"
import { HealthWatch } from "./HealthWatch.ts"
import { inspected } from "./inspection.ts"
import { LaneMaker } from "./LaneMaker.ts"
import { LaneMetrics } from "./LaneMetrics.ts"
import { Lanes } from "./Lanes.ts"
import { leaveManner } from "./LastVoice.ts"
import { LiveRules } from "./LiveRules.ts"
import type { LoggingService } from "./loggingService.ts"
import { mapSink } from "./mappedSink.ts"
import type { Member } from "./Member.ts"
import { checkSinks, makeNeighbour, meet } from "./neighbours.ts"
import type { Options } from "./options.ts"
import { rereadLevels } from "./rereadLevels.ts"
import { Rescue } from "./Rescue.ts"
import { demandLanes, Routing } from "./Routing.ts"
import { makeControl, RuntimeControl } from "./RuntimeControl.ts"
import { RuntimeLevels } from "./RuntimeLevels.ts"
import { makeService } from "./service.ts"
import { Signal, Signals } from "./Signal.ts"
import { startLevels } from "./startLevels.ts"
import { Taps } from "./Taps.ts"
import { tellUnheard, withoutWatches } from "./unheard.ts"

/** A runtime that works: what its service does, what the process hooks may do, and the loggers of the program. */
export interface Runtime {
  readonly service: LoggingService
  readonly control: RuntimeControl
  readonly events: OpenEvents
  readonly loggers: ReadonlySet<EffectLogger.Logger<unknown, unknown>>
  /** What Effect's `MinimumLogLevel` is to be, when it is not the program's own. */
  readonly minimumLevel: Bound | undefined
}

/**
 * Builds a runtime in a scope, for a call of `Logging.layer` when one is given. Its type
 * says what `Sources` need and fail with, whatever lane options they were given since.
 */
export const assemble = <Sources extends ReadonlyArray<LogSink.Source>, E>(
  options: Options<ReadonlyArray<LogSink.Source>>,
  settle: Settle<E>,
  call?: object
): Effect.Effect<
  Runtime,
  LogSink.SourceError<Sources[number]> | E,
  LogSink.SourceServices<Sources[number]> | Scope.Scope
> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- services of sources are taken from the fiber, where no type can follow
  Effect.gen(function*() {
    const scope = yield* Effect.scope
    const building = yield* Scheduler.Scheduler
    // What lanes do goes on after an `Effect.runSync` that builds them, whose scheduler knows no turns of the event loop.
    const lasting = building.executionMode === "sync" ? new Scheduler.MixedScheduler() : building
    return yield* runOutside(
      assembled(options, settle, building, call).pipe(
        Scope.provide(scope),
        Effect.provideService(Scheduler.Scheduler, lasting)
      )
    )
  }) as Effect.Effect<
    Runtime,
    LogSink.SourceError<Sources[number]> | E,
    LogSink.SourceServices<Sources[number]> | Scope.Scope
  >

/** Puts all parts together first and starts them last: whatever runs finds everything there that it may call. */
const assembled = <E>(
  given: Options<ReadonlyArray<LogSink.Source>>,
  settle: Settle<E>,
  building: Scheduler.Scheduler,
  call: object | undefined
): Effect.Effect<Runtime, LogSink.RequiredSinkError | E, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const options = withDefaults(given)
      const timeoutMillis = Duration.toMillis(durationOf(options.shutdownTimeout))
      const clock = yield* Clock.Clock
      const now = (): number => monotonicMillis(clock)
      const diagnostics = makeDiagnostics(options.diagnostics, clock, now)
      yield* leaveManner(options.diagnostics)
      const redactor = options.redact === false ? LogRedactor.none : LogRedactor.make(options.redact)
      const { limits, routes = [] } = options
      const mapped = mapSink(redactor, limits)
      checkSinks(options.sinks, diagnostics)
      checkGracePeriod(options.gracePeriod, timeoutMillis, diagnostics)

      const services = Context.add(yield* Effect.context(), Scheduler.Scheduler, building)
      const sources = options.sinks.map((source) =>
        LogSink.isLogSink(source) ? source : withServices(source, services, diagnostics)
      )
      const { acquired, environment, levels: givenLevels, reread } = yield* restore(
        acquireSinks(sources, diagnostics, demandLanes(routes, inspected(settle)), mapped).pipe(
          Effect.provideService(Scheduler.Scheduler, building)
        )
      )
      const fiber = yield* Effect.fiber
      const start = yield* startLevels(givenLevels, options.lowestLevel)
      const ref = yield* SubscriptionRef.make(start.levels)
      const live = new LiveLevels({ ...start, place: ref, diagnostics })
      const drops = new Signal(fiber.currentDispatcher)
      const changes = new Signals()
      const fields = constantFields(options.fields, redactor, limits)
      const enricher = options.enrich && new Enricher(options.enrich, diagnostics, fields)
      const origins = new FiberOrigins(undefined, enricher, fields)
      const lanes = new Lanes()
      const hooks = { onDrop: drops.note, onTake: () => origins.release(), onChange: changes.note }
      const maker = new LaneMaker({ lanes, queue: options.queue, diagnostics, hooks, mapped })
      for (const { sink } of acquired) lanes.reserve(sink.name)
      for (const each of acquired) lanes.add(...(yield* maker.make(each, cameOf(each))))
      const routing = new Routing(lanes, routes)
      const replaced = fiber.getRef(EffectLogger.CurrentLoggers)
      const spanEvents = planSpanEvents(withoutWatches(replaced), {
        merge: options.mergeWithExisting,
        wanted: options.spanEvents ?? (acquired.some(({ sink }) => sink.replacesSpanEvents) ? false : undefined)
      })
      const copier = eventCopier(redactor, limits)
      const capture = new Capture({
        copier,
        rules: new Rules({ inlets: lanes.inlets, filterOf: routing.filterOf, taps: [] }),
        levels: live,
        origins,
        redactor,
        limits,
        diagnostics,
        now: () => clock.currentTimeMillisUnsafe(),
        spanEvents: spanEvents.adds
      })
      lanes.followedBy((inlets) => {
        capture.follow((rules) => rules.with({ inlets }))
        changes.note()
      })
      const summaries = new DropSummaries(lanes, capture, diagnostics, drops)
      lanes.summedFor((name, into) => summaries.summed(name, into))
      const taps = new Taps(capture)
      const health = new HealthWatch(lanes, changes, clock)
      const events = new OpenEvents(copier, eventHooks(capture, diagnostics))
      const rescue = new Rescue(capture, events, lanes, now)
      const deadline = new Deadline(now, timeoutMillis)
      const ending = new Ending(lanes, rescue, diagnostics)
      const drain = new Drain({
        capture,
        events,
        lanes,
        summaries,
        taps,
        ending,
        deadline,
        diagnostics,
        onShutdown: options.onShutdown ?? (() => Effect.void)
      })
      drain.onEnd(() => health.end())
      const logger = EffectLogger.make(capture.log)
      const kept = spanEvents.kept.map((each) => heldTo(capture.letsThrough, each))
      const levels = new RuntimeLevels(ref, live, capture)
      const control = makeControl({
        capture,
        lanes,
        drain,
        rescue,
        deadline,
        diagnostics,
        levels: {
          programLevel: () => start.inherited === "All" ? live.good.level : undefined,
          toggleDebug: levels.toggleDebug,
          rereadLevels: yield* rereadLevels(reread, levels, diagnostics)
        }
      })

      const metrics = yield* LaneMetrics.make
      for (const lane of lanes.attached) metrics.register(lane)
      yield* Effect.addFinalizer((exit) => drain.run(reasonOf(exit)))
      yield* summaries.start
      yield* Effect.forkScoped(Effect.interruptible(diagnostics.around(origins.run)))
      yield* Effect.forkScoped(Effect.interruptible(diagnostics.around(levels.run)))
      yield* Effect.forEach([...lanes.fallbacks, ...lanes.lanes], (lane) => lane.start, { discard: true })
      const neighbour = makeNeighbour(lanes, control, call, fiber.getRef(RuntimeControl))
      meet(neighbour, diagnostics)
      yield* tellUnheard({ capture, control, diagnostics, logger, replaced })

      const describer = new Describer(
        given,
        {
          ...options,
          minimumLevel: start.levels.level,
          scopes: start.levels.scopes,
          lowestLevel: start.lowest,
          spanEvents: spanEvents.adds
        },
        { environment, laneLevels: givenLevels.lanes ?? {} },
        { lanes, levels: () => levels.now(), routes: () => routing.routes }
      )
      const rules = new LiveRules({ lanes, routing, levels, diagnostics })
      const turn = Semaphore.makeUnsafe(1)
      const detaching = new Detaching({ lanes, metrics, drain, ending, turn, now, timeoutMillis })
      const arriving = new Arriving({
        lanes,
        maker,
        mapped,
        metrics,
        drain,
        ending,
        detaching,
        turn,
        diagnostics,
        now,
        timeoutMillis,
        context: yield* Effect.context(),
        onChange: () => meet(neighbour, diagnostics)
      })

      return {
        service: makeService({
          arriving,
          capture,
          describer,
          detaching,
          diagnostics,
          drain,
          health,
          lanes,
          levels,
          rules,
          taps
        }),
        control,
        events,
        // Ours is called first: one of the program's that throws ends the call.
        loggers: new Set([spanEvents.adds ? marked(logger) : logger, ...kept]),
        minimumLevel: start.minimumLevel
      }
    })
  )

const cameOf = ({ sink }: Acquired): Member["came"] => isStandIn(sink) ? "standIn" : "first"

const reasonOf = (exit: Exit.Exit<unknown, unknown>): string => {
  if (Exit.isSuccess(exit)) return "completed"
  return Cause.hasInterruptsOnly(exit.cause) ? "interrupted" : "failed"
}
