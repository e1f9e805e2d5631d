import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import * as Lane from "../lane/Lane.ts"
import type { LaneHooks } from "../lane/LaneState.ts"
import { SyncLane } from "../lane/SyncLane.ts"
import * as LogSink from "../LogSink.ts"
import type { Acquired } from "./acquireSinks.ts"
import { Lanes, type Member } from "./Lanes.ts"
import type { MapSink } from "./mappedSink.ts"

/**
 * Makes a lane for every sink and for every fallback, none of them started. Without
 * `queue`, sinks that can are written in the log call. Those with a map are given what that makes of records.
 */
export const makeLanes = (
  sinks: ReadonlyArray<Acquired>,
  queue: boolean,
  diagnostics: Diagnostics,
  hooks: LaneHooks,
  mapped: MapSink
): Effect.Effect<Lanes> =>
  Effect.gen(function*() {
    const lanes = new Lanes()
    const fallbackOf = new Map<LogSink.LogSink, Member>()
    for (const { sink } of sinks) lanes.reserve(sink.name)

    const make = (acquired: Acquired, sink: LogSink.LogSink, role: Member["role"], fallback?: Member) =>
      Effect.map(laneOf(sink, fallback), (lane) => {
        const member: Member = { lane, acquired, role }
        lanes.add(member)
        return member
      })

    const laneOf = (given: LogSink.LogSink, fallback?: Member): Effect.Effect<Lane.Lane | SyncLane> => {
      const sink = mapped(given)
      return !queue && sink.writeSync !== undefined
        ? Effect.succeed(new SyncLane(sink, sink.writeSync, diagnostics, hooks.onTake, fallback?.lane.inlet))
        : Lane.make(sink, diagnostics, hooks, fallback?.lane.inlet)
    }

    for (const acquired of sinks) {
      const { name, options: { fallback } } = acquired.sink
      if (fallback !== undefined && !fallbackOf.has(fallback)) {
        const named = LogSink.withName(fallback, lanes.reserve(fallback.name, `${name}.${fallback.name}`))
        const own = { sink: fallback, scope: yield* Scope.make() }
        fallbackOf.set(fallback, yield* make(own, named, "fallback"))
      }
      yield* make(acquired, acquired.sink, "sink", fallback && fallbackOf.get(fallback))
    }
    return lanes
  })
