import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Environment } from "../LoggingConfig.ts"
import * as LogSink from "../LogSink.ts"
import * as ConsoleSink from "../sinks/ConsoleSink.ts"
import * as FileSink from "../sinks/FileSink.ts"
import type { Options, RuntimeOptions } from "./options.ts"

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
  sinks: (options.sinks ?? defaultSources(environment)).map((source) => LogSink.withOptions(source, environment.lane))
})

const defaultSources = (environment: Environment): DefaultSources => {
  const console = ConsoleSink.make({ format: environment.format, stream: environment.stream })
  return environment.file === undefined ? [console] : [console, FileSink.make({ path: environment.file })]
}
