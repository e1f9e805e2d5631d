import { type Destination, destinationOf } from "../contract/destination.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { LogSink } from "../LogSink.ts"
import type { RuntimeControl } from "./RuntimeControl.ts"

/** A runtime, as the others of its process see it. */
export interface Neighbour {
  readonly sinks: ReadonlyArray<LogSink>
  readonly control: RuntimeControl
  /** The call of `Logging.layer` that it is from, if it is from one. */
  readonly call: object | undefined
  /** The control of the runtime in whose context it was built. */
  readonly outer: RuntimeControl | undefined
}

const living = new Set<Neighbour>()
/** What was said while any of them lives. */
const said = new Set<string>()

/**
 * Looks for places that two sinks write to although nobody can have meant it, and
 * says each once: a file of two sinks, and what two calls of `Logging.layer` share.
 */
export const meet = (runtime: Neighbour, diagnostics: Diagnostics): void => {
  const { sinks } = runtime
  sinks.forEach((sink, i) => tellShared(diagnostics, sink, sinks.slice(i + 1)))
  for (const other of living) {
    if (other.control.isEnding) continue
    if (!areTwins(runtime, other)) { for (const sink of sinks) tellShared(diagnostics, sink, other.sinks) }
    else for (const place of sharedPlaces(sinks, other.sinks)) sayOnce(diagnostics, twinsText(place))
  }
  living.add(runtime)
  runtime.control.onEnd(() => {
    living.delete(runtime)
    if (living.size === 0) said.clear()
  })
}

/** Says that a runtime has nothing to write to. */
export const checkSinks = (sinks: ReadonlyArray<unknown>, diagnostics: Diagnostics): void => {
  if (sinks.length > 0) return
  diagnostics.announce(
    "the runtime has no sinks, so that nothing that is logged goes anywhere: give it one, ConsoleSink.make() say"
  )
}

/** Whether two runtimes are of two calls, and neither was built for a part of the other's program. */
const areTwins = (runtime: Neighbour, other: Neighbour): boolean =>
  runtime.call !== undefined && other.call !== undefined && runtime.call !== other.call && !isWithin(runtime, other)

const isWithin = (runtime: Neighbour, other: Neighbour): boolean => {
  const outer = [...living].find(({ control }) => control === runtime.outer)
  return outer !== undefined && (outer === other || isWithin(outer, other))
}

const tellShared = (diagnostics: Diagnostics, sink: LogSink, others: ReadonlyArray<LogSink>): void => {
  const file = destinationOf(sink)
  if (file?.kind !== "file") return
  for (const other of others) {
    const theirs = destinationOf(other)
    if (theirs === undefined || theirs === file || !isOnePlace(file, theirs)) continue
    sayOnce(
      diagnostics,
      `the sinks ${JSON.stringify(sink.name)} and ${JSON.stringify(other.name)} append to one file, ` +
        `${JSON.stringify(file.name)}, where their lines mix: keep one of them, or give each a path of its own`
    )
  }
}

const sharedPlaces = (sinks: ReadonlyArray<LogSink>, others: ReadonlyArray<LogSink>): ReadonlyArray<string> => {
  const theirs = others.map(destinationOf).filter((place) => place !== undefined)
  return sinks.map(destinationOf).filter((place) => place !== undefined)
    .filter((place) => theirs.some((other) => isOnePlace(place, other)))
    .map(({ name }) => name)
}

const isOnePlace = (one: Destination, other: Destination): boolean => {
  const theirs = other.places()
  return one.places().some((place) => theirs.includes(place))
}

const twinsText = (place: string): string =>
  `two calls of Logging.layer have made two runtimes that write to ${JSON.stringify(place)} at the same time: ` +
  "keep the layer in one constant, because layers are shared by reference"

const sayOnce = (diagnostics: Diagnostics, text: string): void => {
  if (said.has(text)) return
  said.add(text)
  diagnostics.announce(text)
}
