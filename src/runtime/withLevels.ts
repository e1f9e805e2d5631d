import * as LogSink from "../LogSink.ts"
import { type Bound, boundOf } from "../options/level.ts"
import { severityOf } from "../record/level.ts"

/**
 * Sinks with levels of their own. Where the level of the program is above one of
 * theirs it gives way, and the sinks without one keep to what it was.
 */
export const withLevels = (
  sinks: ReadonlyArray<LogSink.LogSink>,
  levels: ReadonlyMap<string, Bound>,
  program: Bound
): { readonly sinks: ReadonlyArray<LogSink.LogSink>; readonly lowest: Bound } => {
  const lowest = [...levels.values()].reduce((a, b) => severityOf(b) < severityOf(a) ? b : a, program)
  const least = lowest === program ? 0 : severityOf(program)
  return {
    lowest,
    sinks: sinks.map((sink) => {
      const own = boundOf(sink.options.minimumLevel ?? LogSink.defaults.minimumLevel)
      const level = levels.get(sink.name) ?? (severityOf(own) < least ? program : own)
      return level === own ? sink : LogSink.withMinimumLevel(sink, level)
    })
  }
}
