import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import type { Inlet } from "../lane/Inlet.ts"
import * as Lane from "../lane/Lane.ts"
import type { LaneHooks } from "../lane/LaneState.ts"
import { SyncLane } from "../lane/SyncLane.ts"
import * as LogSink from "../LogSink.ts"
import { type Acquired, freeName } from "./acquireSinks.ts"

/** The lanes of a runtime. */
export interface Lanes {
  /** What capture offers records to: the lanes of the sinks, not those of their fallbacks. */
  readonly inlets: ReadonlyArray<Inlet>
  readonly lanes: ReadonlyArray<Lane.Lane>
  /** Lanes that take what others give up: they drain after them. */
  readonly fallbacks: ReadonlyArray<Lane.Lane>
  /** Lanes without a queue, of sinks and of fallbacks. */
  readonly syncLanes: ReadonlyArray<SyncLane>
  /** All of them, as reports name them. */
  readonly all: ReadonlyArray<Lane.Lane | SyncLane>
  /** The fallbacks that are not among the sinks themselves. */
  readonly fallbackSinks: ReadonlyArray<Acquired>
}

/**
 * Makes a lane for every sink and for every fallback, none of them started. Without
 * `queue`, sinks that can are written in the log call.
 */
export const makeLanes = (
  sinks: ReadonlyArray<LogSink.LogSink>,
  queue: boolean,
  diagnostics: Diagnostics,
  hooks: LaneHooks
): Effect.Effect<Lanes> =>
  Effect.gen(function*() {
    const inlets: Array<Inlet> = []
    const lanes: Array<Lane.Lane> = []
    const fallbacks: Array<Lane.Lane> = []
    const syncLanes: Array<SyncLane> = []
    const inletOf = new Map<LogSink.LogSink, Inlet>()
    const names = new Set(sinks.map(({ name }) => name))

    const make = Effect.fnUntraced(function*(sink: LogSink.LogSink, into: Array<Lane.Lane>, fallback?: Inlet) {
      if (!queue && sink.writeSync !== undefined) {
        const lane = new SyncLane(sink, sink.writeSync, diagnostics, hooks.onTake, fallback)
        syncLanes.push(lane)
        return lane.inlet
      }
      const lane = yield* Lane.make(sink, diagnostics, hooks, fallback)
      into.push(lane)
      return lane.inlet
    })

    for (const sink of sinks) {
      const { fallback } = sink.options
      if (fallback !== undefined && !inletOf.has(fallback)) {
        const own = `${sink.name}.${fallback.name}`
        const name = [fallback.name, own].find((each) => !names.has(each)) ?? freeName(names, own)
        names.add(name)
        inletOf.set(fallback, yield* make(LogSink.withName(fallback, name), fallbacks))
      }
      inlets.push(yield* make(sink, lanes, fallback === undefined ? undefined : inletOf.get(fallback)))
    }
    // A sink can be both, and is closed once.
    const closedAlone = [...inletOf.keys()].filter(({ close }) =>
      close === undefined || !sinks.some((sink) => sink.close === close)
    )
    const fallbackSinks = yield* Effect.forEach(closedAlone, (sink) =>
      Effect.map(Scope.make(), (scope) => ({ sink, scope })))
    return { inlets, lanes, fallbacks, syncLanes, all: [...lanes, ...syncLanes, ...fallbacks], fallbackSinks }
  })
