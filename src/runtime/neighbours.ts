import { type Destination, destinationOf } from "../contract/destination.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { LogSink } from "../LogSink.ts"
import type { Lanes } from "./Lanes.ts"
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

/** A runtime with the sinks that it has when it is looked at. */
export const makeNeighbour = (
  lanes: Lanes,
  control: RuntimeControl,
  call: object | undefined,
  outer: RuntimeControl | undefined
): Neighbour => ({
  get sinks() {
    return lanes.sinks
  },
  control,
  call,
  outer
})

/** Those that live, and what was said because of each. */
const living = new Map<Neighbour, Set<string>>()

/**
 * Looks for places that two sinks write to although nobody can have meant it, and
 * says each once: a file of two sinks, and what two calls of `Logging.layer` share.
 * A runtime meets the others again when it has other sinks.
 */
export const meet = (runtime: Neighbour, diagnostics: Diagnostics): void => {
  const { sinks } = runtime
  const said = living.get(runtime) ?? new Set()
  for (const text of sinks.flatMap((sink, i) => sharedFiles(sink, sinks.slice(i + 1)))) {
    if (!said.has(text)) diagnostics.announce(text)
    said.add(text)
  }
  for (const [other, saidBefore] of living) {
    if (other === runtime || other.control.isEnding) continue
    const texts = areTwins(runtime, other)
      ? sharedPlaces(sinks, other.sinks).map(twinsText)
      : sinks.flatMap((sink) => sharedFiles(sink, other.sinks))
    for (const text of texts) {
      if (!said.has(text) && !saidBefore.has(text)) diagnostics.announce(text)
      said.add(text)
      saidBefore.add(text)
    }
  }
  if (living.has(runtime)) return
  living.set(runtime, said)
  runtime.control.onEnd(() => living.delete(runtime))
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
  const outer = [...living.keys()].find(({ control }) => control === runtime.outer)
  return outer !== undefined && (outer === other || isWithin(outer, other))
}

/** What is said of the file of a sink that others append to as well. */
const sharedFiles = (sink: LogSink, others: ReadonlyArray<LogSink>): ReadonlyArray<string> => {
  const file = destinationOf(sink)
  if (file?.kind !== "file") return []
  return others.filter((other) => {
    const theirs = destinationOf(other)
    return theirs !== undefined && theirs !== file && isOnePlace(file, theirs)
  }).map((other) =>
    `the sinks ${JSON.stringify(sink.name)} and ${JSON.stringify(other.name)} append to one file, ` +
    `${JSON.stringify(file.name)}, where their lines mix: keep one of them, or give each a path of its own`
  )
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
