import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import * as Lane from "../lane/Lane.ts"
import type { LaneHooks } from "../lane/LaneState.ts"
import { isSyncSink, SyncLane } from "../lane/SyncLane.ts"
import * as LogSink from "../LogSink.ts"
import { Acquired } from "./Acquired.ts"
import type { Lanes } from "./Lanes.ts"
import type { MapSink } from "./mappedSink.ts"
import { Member } from "./Member.ts"

/**
 * Makes the lanes of sinks, none of them started. Without `queue`, sinks that can are written
 * in the log call. Those with a map are given what that makes of records.
 */
export class LaneMaker {
  private readonly parts: {
    readonly lanes: Lanes
    readonly queue: boolean
    readonly diagnostics: Diagnostics
    readonly hooks: LaneHooks
    readonly mapped: MapSink
  }

  constructor(parts: LaneMaker["parts"]) {
    this.parts = parts
  }

  /** The lane of a sink that has its name, behind that of its fallback if there is none of that yet. */
  make(acquired: Acquired, came: Member["came"]): Effect.Effect<ReadonlyArray<Member>> {
    return Effect.gen({ self: this }, function*() {
      const { sink } = acquired
      const { fallback } = sink.options
      if (fallback === undefined) return [new Member(yield* this.lane(sink), acquired, "sink", came)]
      const known = this.parts.lanes.ofFallback(fallback)
      const behind = known ?? (yield* this.ofFallback(fallback, sink.name, came))
      const member = new Member(yield* this.lane(sink, behind), acquired, "sink", came, behind)
      return known === undefined ? [behind, member] : [member]
    })
  }

  private ofFallback(sink: LogSink.LogSink, of: string, came: Member["came"]): Effect.Effect<Member> {
    return Effect.gen({ self: this }, function*() {
      const name = this.parts.lanes.reserve(sink.name, `${of}.${sink.name}`)
      const acquired = new Acquired(sink, yield* Scope.make())
      return new Member(yield* this.lane(LogSink.withName(sink, name)), acquired, "fallback", came)
    })
  }

  private lane(given: LogSink.LogSink, fallback?: Member): Effect.Effect<Lane.Lane | SyncLane> {
    const { diagnostics, hooks, mapped, queue } = this.parts
    const sink = mapped(given)
    return !queue && isSyncSink(sink)
      ? Effect.succeed(new SyncLane(sink, diagnostics, hooks, fallback?.lane.inlet))
      : Lane.make(sink, diagnostics, hooks, fallback?.lane.inlet)
  }
}
