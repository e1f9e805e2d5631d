import * as Effect from "effect/Effect"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import { listNames } from "../config/listNames.ts"
import { type EnvironmentError, reading } from "../config/reading.ts"
import { sinkLevels } from "../config/sinkLevels.ts"
import type { SinkVariables } from "../config/SinkVariables.ts"
import { unknownNames } from "../config/unknownNames.ts"
import type { Environment } from "../LoggingConfig.ts"
import * as LogSink from "../LogSink.ts"
import { boundOf } from "../options/level.ts"
import * as ConsoleSink from "../sinks/ConsoleSink.ts"
import * as FileSink from "../sinks/FileSink.ts"
import type { Settle } from "./acquireSinks.ts"
import type { Options, RuntimeOptions } from "./options.ts"
import { withLevels } from "./withLevels.ts"

/** The sinks of a program that names none. */
export type DefaultSources = ReadonlyArray<Effect.Effect<LogSink.LogSink, never, Scope.Scope>>

/** The options of a program, with what the environment says before them. */
export const withEnvironment = (
  environment: Environment,
  options: RuntimeOptions & { readonly sinks?: ReadonlyArray<LogSink.Source> | undefined } = {}
): Options<ReadonlyArray<LogSink.Source>> => ({
  ...options,
  minimumLevel: environment.level ?? options.minimumLevel,
  queue: environment.queue ?? options.queue,
  shutdownTimeout: environment.shutdownTimeout ?? options.shutdownTimeout,
  diagnostics: environment.diagnostics ?? options.diagnostics,
  gracePeriod: environment.gracePeriod ?? options.gracePeriod,
  sinks: options.sinks ?? defaultSources(environment)
})

const defaultSources = ({ file }: Environment): DefaultSources =>
  file === undefined ? [ConsoleSink.make()] : [ConsoleSink.make(), FileSink.make({ path: file })]

/** Gives the lanes of sinks what the environment says of them, and says what in it means nothing to these sinks. */
export const settleWith = (
  { lane }: Environment,
  sinkVariables: SinkVariables,
  minimumLevel: RuntimeOptions["minimumLevel"]
): Settle<EnvironmentError> =>
(sinks, diagnostics) =>
  Effect.gen(function*() {
    const names = sinks.map(({ name }) => name)
    const levels = yield* reading((read) => sinkLevels(read, names))
    const unknown = unknownNames(yield* listNames, names)
    if (unknown !== undefined) diagnostics.announce(unknown)
    const left = sinkVariables.left()
    if (left !== undefined) diagnostics.announce(left)
    const own = minimumLevel && boundOf(minimumLevel)
    const program = own ?? (yield* References.MinimumLogLevel)
    const { lowest, sinks: settled } = withLevels(sinks.map(LogSink.withOptions(lane)), levels, program)
    return { sinks: settled, minimumLevel: lowest === program ? own : lowest }
  })
