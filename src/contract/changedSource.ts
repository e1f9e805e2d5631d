import * as Effect from "effect/Effect"
import { isLogSink, type LogSink, type Source } from "./Sink.ts"
import { withoutOverrides } from "./SinkOverrides.ts"

/** What a combinator makes of a sink, or of an Effect of one: the same, with its errors and services. */
export type Changed<S extends Source> = S extends Effect.Effect<infer A, infer E, infer R> ? Effect.Effect<A, E, R> : S

/** What becomes of a source that gets a fallback: an Effect where one of them is. */
export type WithFallback<S extends Source, F extends Source> = F extends Effect.Effect<infer _A, infer E, infer R>
  ? S extends Effect.Effect<infer A, infer E2, infer R2> ? Effect.Effect<A, E | E2, R | R2> : Effect.Effect<S, E, R>
  : Changed<S>

/** Changes a sink, or the one that an Effect gives. */
export function changed<S extends Source>(self: S, change: (sink: LogSink) => LogSink): Changed<S>
export function changed(self: Source, change: (sink: LogSink) => LogSink): Source {
  // What is no sink stays what it is, for the layer to name it.
  return isLogSink(self) ? change(self) : Effect.map(self, (sink) => isLogSink(sink) ? change(sink) : sink)
}

/** Gives a source a fallback. */
export function withFallback<S extends Source, F extends Source>(
  self: S,
  fallback: F,
  join: (sink: LogSink, fallback: LogSink) => LogSink
): WithFallback<S, F>
export function withFallback(
  self: Source,
  fallback: Source,
  join: (sink: LogSink, fallback: LogSink) => LogSink
): Source {
  if (isLogSink(fallback)) return changed(self, (sink) => join(sink, fallback))
  return Effect.zipWith(isLogSink(self) ? Effect.succeed(self) : self, withoutOverrides(fallback), join)
}
