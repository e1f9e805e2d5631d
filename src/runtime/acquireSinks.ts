import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import type { EnvironmentError } from "../config/reading.ts"
import { describeError } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type * as LoggingConfig from "../LoggingConfig.ts"
import * as LogSink from "../LogSink.ts"
import { satisfies, uncalled } from "../options/check.ts"
import { checkArgument } from "../options/checkOptions.ts"
import { Acquired } from "./Acquired.ts"
import type { GivenLevels } from "./givenLevels.ts"
import type { MapSink } from "./mappedSink.ts"

/** What a sink is acquired from, in a scope of its own. */
export type Source = LogSink.LogSink | ((scope: Scope.Scope) => Effect.Effect<LogSink.LogSink, unknown>)

/** Sinks as their lanes take them, and the levels that are given. */
export interface Settled {
  readonly sinks: ReadonlyArray<LogSink.LogSink>
  readonly levels: GivenLevels
  /** Reads these levels again, where they may have changed. */
  readonly reread?: Effect.Effect<GivenLevels, EnvironmentError> | undefined
  /** What the environment has said, where it was asked. */
  readonly environment?: LoggingConfig.Environment | undefined
}

/** What becomes of sinks, in their order, when all of them are there and have the names of their lanes. */
export type Settle<E> = (
  sinks: ReadonlyArray<LogSink.LogSink>,
  diagnostics: Diagnostics
) => Effect.Effect<Settled, E>

/** Acquires all sinks at once, each in a scope of its own, and settles them. When that fails, all scopes are closed. */
export const acquireSinks = <E>(
  sources: ReadonlyArray<Source>,
  diagnostics: Diagnostics,
  settle: Settle<E>,
  mapped: MapSink
): Effect.Effect<
  Omit<Settled, "sinks"> & { readonly acquired: ReadonlyArray<Acquired> },
  LogSink.RequiredSinkError | E
> =>
  Effect.gen(function*() {
    const opened = yield* Effect.forEach(sources, (source) => Effect.map(Scope.make(), (scope) => ({ source, scope })))
    return yield* Effect.forEach(opened, ({ scope, source }, index) =>
      acquireSink(source, scope, index, diagnostics, mapped), {
      concurrency: "unbounded"
    }).pipe(
      Effect.flatMap((sinks) =>
        settle(named(sinks), diagnostics)
      ),
      Effect.map(({ sinks, ...levels }) => ({
        ...levels,
        acquired: opened.map(({ scope }, index) => new Acquired(sinks[index]!, scope))
      })),
      Effect.onError((cause) =>
        Effect.forEach(opened, ({ scope }) => Scope.close(scope, Exit.failCause(cause)), { discard: true })
      )
    )
  })

/** The sinks, each with a name of its own. */
const named = (sinks: ReadonlyArray<LogSink.LogSink>): ReadonlyArray<LogSink.LogSink> => {
  const names = new Set(sinks.map(({ name }) => name))
  const taken = new Set<string>()
  return sinks.map((sink) => {
    const name = taken.has(sink.name) ? freeName(names, sink.name) : sink.name
    taken.add(name)
    names.add(name)
    return name === sink.name ? sink : LogSink.withName(sink, name)
  })
}

/** The name with the lowest number behind it that is not taken. */
export const freeName = (taken: ReadonlySet<string>, name: string): string => {
  for (let n = 2;; n++) {
    const numbered = `${name}#${n}`
    if (!taken.has(numbered)) return numbered
  }
}

const patience = "10 seconds"

/**
 * Acquires a sink. One that cannot be acquired degrades its own lane: what
 * stands in for it tries again with every write. Only a required sink, or a
 * mistake in the program (a defect), fails.
 */
const acquireSink = (
  source: Source,
  scope: Scope.Closeable,
  index: number,
  diagnostics: Diagnostics,
  mapped: MapSink
): Effect.Effect<LogSink.LogSink, LogSink.RequiredSinkError> =>
  Effect.gen(function*() {
    if (LogSink.isLogSink(source)) return source
    const acquire = attemptIn(scope, source, (sink) => demandSink("Logging", `sinks[${index}]`, sink), diagnostics)
    const exit = yield* Effect.exit(inTime(acquire))
    if (Exit.isSuccess(exit)) return exit.value
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    if (error === undefined) return yield* Effect.die(Cause.squash(exit.cause))
    if (error instanceof LogSink.RequiredSinkError) return yield* error
    const name = `sink-${index + 1}`
    diagnostics.report(
      name,
      `the sink could not be acquired, its lane is degraded: ${describeError(error)}; ` +
        "it is tried again, and its records wait meanwhile"
    )
    return standIn(name, Effect.map(acquire, mapped))
  })

/** Acquires a sink for a program that runs, or fails and has released what it has acquired. */
export const acquireOne = (
  source: Source,
  demand: (given: unknown) => void,
  diagnostics: Diagnostics
): Effect.Effect<{ readonly sink: LogSink.LogSink; readonly scope: Scope.Closeable }, unknown> =>
  Effect.flatMap(
    Scope.make(),
    (scope) =>
      (LogSink.isLogSink(source) ? Effect.succeed(source) : inTime(attemptIn(scope, source, demand, diagnostics))).pipe(
        Effect.map((sink) => ({ sink, scope })),
        Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
      )
  )

const inTime = (acquire: Effect.Effect<LogSink.LogSink, unknown>): Effect.Effect<LogSink.LogSink, unknown> =>
  Effect.timeoutOrElse(acquire, {
    duration: patience,
    orElse: () => Effect.fail(`it took longer than ${patience}`)
  })

/** Throws a `RangeError` for what an Effect of no sink has given. */
export const demandSink = (where: string, name: string, given: unknown): void =>
  checkArgument(where, name, effectOfSink, given)

const effectOfSink = satisfies("an Effect of a sink", LogSink.isLogSink, (value) => `one of ${uncalled(value)}`)

/** Acquires a sink. What an attempt that fails has acquired is released at once, and nothing waits for that: many may follow. */
const attemptIn = (
  scope: Scope.Scope,
  source: Exclude<Source, LogSink.LogSink>,
  demand: (given: unknown) => void,
  diagnostics: Diagnostics
): Effect.Effect<LogSink.LogSink, unknown> =>
  Effect.flatMap(Scope.fork(scope), (own) =>
    source(own).pipe(
      Effect.interruptible,
      Effect.onError((cause) => Effect.forkDetach(diagnostics.around(Scope.close(own, Exit.failCause(cause))))),
      Effect.tap((sink) => Effect.sync(() => demand(sink)))
    ))

/** The writes of sinks that stand in for others: what else a sink has may be changed. */
const standIns = new WeakSet<LogSink.LogSink["write"]>()

/** Whether a sink stands in for one that could not be acquired, whose name nobody knows. */
export const isStandIn = ({ write }: LogSink.LogSink): boolean => standIns.has(write)

const standIn = (name: string, acquire: Effect.Effect<LogSink.LogSink, unknown>): LogSink.LogSink => {
  let acquired: LogSink.LogSink | undefined
  const sink = LogSink.make({
    name,
    write: (batch, acknowledge) =>
      Effect.suspend(() => acquired === undefined ? acquire : Effect.succeed(acquired)).pipe(
        Effect.mapError((error) => LogSink.misconfigured(`not acquired: ${describeError(error)}`, { cause: error })),
        Effect.flatMap((sink) => {
          acquired = sink
          return sink.write(batch, acknowledge)
        })
      ),
    close: Effect.suspend(() => acquired?.close ?? Effect.void),
    reopen: () => acquired?.reopen?.()
  })
  standIns.add(sink.write)
  return {
    ...sink,
    marked: () => acquired?.marked?.() ?? 0,
    recordLimit: {
      get maxBytes() {
        return acquired?.recordLimit?.maxBytes ?? Infinity
      },
      sizeOf: (record) => acquired?.recordLimit?.sizeOf(record) ?? 0
    }
  }
}

/** A source as a function of its own scope, with the services of the layer and without its loggers. */
export const withServices = (
  source: Effect.Effect<LogSink.LogSink, unknown, unknown>,
  services: Context.Context<never>,
  diagnostics: Diagnostics
) =>
(scope: Scope.Scope): Effect.Effect<LogSink.LogSink, unknown> =>
  diagnostics.aroundWith(
    source,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a source needs besides its scope is in the layer's type, so it is there
    Context.add(services, Scope.Scope, scope) as Context.Context<unknown>
  )
