import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** What goes before the options that sinks have in code. They ask for it while they are made. */
export interface SinkOverrides {
  readonly forConsole: () => {
    readonly format?: "json" | "logfmt" | "pretty" | undefined
    readonly stream?: "stdout" | "stderr" | undefined
  }
  /** The path of a file sink, by its name and its path in code. */
  readonly pathFor: (name: string, path: string) => string
}

const none: SinkOverrides = { forConsole: () => ({}), pathFor: (_, path) => path }

/** Set while a layer makes its sinks that asks the environment. */
export const CurrentSinkOverrides = Context.Reference<SinkOverrides>("effect-spillway/SinkOverrides", {
  defaultValue: () => none
})

/** Makes a sink as the code has it, whatever goes before that for others. */
export const withoutOverrides = <A, E, R>(source: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(source, CurrentSinkOverrides, none)
