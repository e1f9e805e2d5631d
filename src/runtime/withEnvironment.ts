import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { listNames } from "../config/listNames.ts"
import { type EnvironmentError, reading } from "../config/reading.ts"
import { sinkLevels } from "../config/sinkLevels.ts"
import type { SinkVariables } from "../config/SinkVariables.ts"
import { levelsWithoutSink, unknownNames } from "../config/unknownNames.ts"
import { entries } from "../config/variables.ts"
import { withLevelProblems } from "../config/withLevelProblems.ts"
import * as LoggingConfig from "../LoggingConfig.ts"
import * as LogSink from "../LogSink.ts"
import * as ConsoleSink from "../sinks/ConsoleSink.ts"
import * as FileSink from "../sinks/FileSink.ts"
import type { Settle } from "./acquireSinks.ts"
import { leaveManner } from "./LastVoice.ts"
import type { Options, RuntimeOptions } from "./options.ts"

/** The sinks of a program that names none. */
export type DefaultSources = ReadonlyArray<Effect.Effect<LogSink.LogSink, never, Scope.Scope>>

/**
 * What the environment says to a program with these options. Where it says what nobody
 * can follow, who speaks of that does so in the manner that was asked for.
 */
export const loadFor = (
  { diagnostics, sinks = [] }: RuntimeOptions & { readonly sinks?: ReadonlyArray<LogSink.Source> | undefined }
): Effect.Effect<LoggingConfig.Environment, EnvironmentError> =>
  Effect.catch(LoggingConfig.load, (error) =>
    Effect.gen(function*() {
      const manner = yield* Effect.orElseSucceed(reading((read) => read(entries.diagnostics)), () => undefined)
      yield* leaveManner(manner ?? diagnostics)
      const there = sinks.filter(LogSink.isLogSink)
      return yield* withLevelProblems(error, there.map(({ name }) => name), there.length < sinks.length)
    }))

/** The options of a program, with what the environment says before them. */
export const withEnvironment = (
  environment: LoggingConfig.Environment,
  options: RuntimeOptions & { readonly sinks?: ReadonlyArray<LogSink.Source> | undefined } = {}
): Options<ReadonlyArray<LogSink.Source>> => ({
  ...options,
  queue: environment.queue ?? options.queue,
  shutdownTimeout: environment.shutdownTimeout ?? options.shutdownTimeout,
  diagnostics: environment.diagnostics ?? options.diagnostics,
  gracePeriod: environment.gracePeriod ?? options.gracePeriod,
  sinks: options.sinks ?? defaultSources(environment)
})

export const defaultSources = ({ file }: LoggingConfig.Environment): DefaultSources =>
  file === undefined ? [ConsoleSink.make()] : [ConsoleSink.make(), FileSink.make({ path: file })]

/** Gives the lanes of sinks what the environment says of them, and says what in it means nothing to these sinks. */
export const settleWith = (
  environment: LoggingConfig.Environment,
  sinkVariables: SinkVariables,
  options: RuntimeOptions
): Settle<EnvironmentError> =>
(sinks, diagnostics) =>
  Effect.gen(function*() {
    const names = sinks.map(({ name }) => name)
    const readLevels = reading((read) =>
      Effect.gen(function*() {
        const said = yield* read(entries.level)
        return {
          minimumLevel: said?.level ?? options.minimumLevel,
          scopes: { ...options.scopes, ...said?.scopes },
          lanes: Object.fromEntries(yield* sinkLevels(read, names))
        }
      })
    )
    const levels = yield* readLevels
    const listed = yield* listNames
    const correct = "correct what is this program's"
    const told = [
      [unknownNames(listed, names), correct],
      [levelsWithoutSink(listed, names), correct],
      [sinkVariables.left(), "add it to the sinks, or unset that"]
    ]
    for (const [what, remedy] of told) if (what !== undefined) diagnostics.announce(`${what}; ${remedy}`)
    return {
      sinks: sinks.map(LogSink.withOptions(environment.lane)).map((sink) => {
        const level = levels.lanes[sink.name]
        return level === undefined ? sink : LogSink.withMinimumLevel(sink, level)
      }),
      levels,
      environment,
      reread: Effect.provideService(readLevels, ConfigProvider.ConfigProvider, yield* ConfigProvider.ConfigProvider)
    }
  })
