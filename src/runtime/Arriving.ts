import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type * as Semaphore from "effect/Semaphore"
import { describeError } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { Lane } from "../lane/Lane.ts"
import { isSyncSink } from "../lane/SyncLane.ts"
import * as LogSink from "../LogSink.ts"
import { forkOutside, runOutside } from "../node/outside.ts"
import { shown } from "../options/shown.ts"
import { Acquired } from "./Acquired.ts"
import { acquireOne, demandSink, withServices } from "./acquireSinks.ts"
import { Deadline } from "./Deadline.ts"
import type { Detaching } from "./Detaching.ts"
import type { Drain } from "./Drain.ts"
import type { Ending } from "./Ending.ts"
import type { LaneError } from "./LaneError.ts"
import type { LaneMaker } from "./LaneMaker.ts"
import type { LaneMetrics } from "./LaneMetrics.ts"
import type { Lanes } from "./Lanes.ts"
import type { MapSink } from "./mappedSink.ts"
import type { Member } from "./Member.ts"

interface Arrived {
  readonly sink: LogSink.LogSink
  readonly scope: Scope.Closeable
}

/** Gives sinks that come while a runtime goes on lanes of their own, or those of others. */
export class Arriving {
  private readonly parts: {
    readonly lanes: Lanes
    readonly maker: LaneMaker
    readonly mapped: MapSink
    readonly metrics: LaneMetrics
    readonly drain: Drain
    readonly ending: Ending
    readonly detaching: Detaching
    readonly turn: Semaphore.Semaphore
    readonly diagnostics: Diagnostics
    readonly now: () => number
    readonly timeoutMillis: number
    /** What the lanes of the runtime are made with. */
    readonly context: Context.Context<never>
    /** The sinks are others than they were. */
    readonly onChange: () => void
  }

  constructor(parts: Arriving["parts"]) {
    this.parts = parts
  }

  /** Attaches a sink until the scope is closed; gives the name of its lane. */
  attach(source: LogSink.Source): Effect.Effect<string, LaneError, Scope.Scope> {
    return Effect.contextWith((services: Context.Context<Scope.Scope>) =>
      this.within((restore) =>
        Effect.gen({ self: this }, function*() {
          const { detaching, turn } = this.parts
          yield* this.demandOpen
          const arrived = yield* restore(this.acquired(source, "Logging.attach", services))
          const member = yield* turn.withPermit(this.joined(arrived))
          yield* Scope.addFinalizer(Context.get(services, Scope.Scope), detaching.leave(member))
          return member.lane.name
        })
      )
    )
  }

  /** Has a lane write to another sink; completes when the one before is closed. */
  replace(name: string, source: LogSink.Source): Effect.Effect<void, LaneError> {
    return Effect.contextWith((services: Context.Context<never>) =>
      this.within((restore) =>
        Effect.gen({ self: this }, function*() {
          yield* this.demandLane(name)
          const arrived = yield* restore(this.acquired(source, "Logging.replace", services))
          const closed = yield* this.swapped(name, arrived)
          yield* restore(closed)
        })
      )
    )
  }

  /** Runs a change of the lanes outside of the request that asks for it, as the lanes of the start were made. */
  private within<A, E>(
    change: (restore: <B, E2>(effect: Effect.Effect<B, E2>) => Effect.Effect<B, E2>) => Effect.Effect<A, E>
  ): Effect.Effect<A, E> {
    return runOutside(Effect.updateContext(Effect.uninterruptibleMask(change), () => this.parts.context))
  }

  private get demandOpen(): Effect.Effect<void, LaneError> {
    const { drain, lanes } = this.parts
    return Effect.suspend(() =>
      drain.phase === "open" ? Effect.void : lanes.refuse("the runtime takes no other sinks: its shutdown has begun")
    )
  }

  /** The lane of a name, which goes on. */
  private demandLane(name: string): Effect.Effect<Member, LaneError> {
    const { lanes } = this.parts
    return Effect.andThen(this.demandOpen, lanes.demand(name)).pipe(
      Effect.flatMap((member) =>
        member.phase === "attached" && member.lane.isOpen
          ? Effect.succeed(member)
          : lanes.refuse(`the lane ${shown(name)} takes no other sink: it has ended, or is about to`)
      )
    )
  }

  /** What the program gives, in its own services and in a scope of its own. */
  private acquired(source: LogSink.Source, method: string, services: Context.Context<never>) {
    const { diagnostics, lanes } = this.parts
    const from = LogSink.isLogSink(source) ? source : withServices(source, services, diagnostics)
    return Effect.catch(
      acquireOne(from, (sink) => demandSink(method, "source", sink), diagnostics),
      (error) => lanes.refuse(`the sink could not be acquired: ${describeError(error)}`, error)
    )
  }

  private joined({ scope, sink }: Arrived): Effect.Effect<Member, LaneError> {
    return Effect.gen({ self: this }, function*() {
      const { drain, lanes, maker, metrics, onChange } = this.parts
      const name = lanes.reserve(sink.name)
      const members = yield* maker.make(
        new Acquired(name === sink.name ? sink : LogSink.withName(sink, name), scope),
        "later"
      )
      if (drain.phase !== "open") {
        // They never were there.
        for (const { lane } of members) {
          if (lane instanceof Lane) lane.abandon()
          else lane.end()
        }
        yield* this.closed(members.map(({ acquired }) => acquired))
      }
      yield* this.demandOpen
      lanes.add(...members)
      for (const { lane } of members) metrics.register(lane)
      for (const { lane } of members) if (lane instanceof Lane) yield* lane.start
      onChange()
      return yield* lanes.demand(name)
    })
  }

  /** Has a lane write to a sink from this step on; gives the end of the one before. */
  private swapped(name: string, { scope, sink }: Arrived): Effect.Effect<Effect.Effect<void>, LaneError> {
    const { lanes, mapped, onChange } = this.parts
    const acquired = new Acquired(LogSink.withName(sink, name), scope)
    return this.demandLane(name).pipe(
      Effect.flatMap((member) => {
        const given = mapped(acquired.sink)
        if (member.lane instanceof Lane) return Effect.succeed({ member, left: member.lane.replace(given) })
        return isSyncSink(given)
          ? Effect.succeed({ member, left: member.lane.replace(given) })
          : lanes.refuse(`the lane ${shown(name)} has no queue, and the sink cannot do without: give it writeSync`)
      }),
      Effect.tapError(() => this.closed([acquired])),
      Effect.flatMap(({ left, member }) => {
        const before = lanes.replace(member, acquired)
        onChange()
        const closing = left.pipe(
          Effect.andThen(this.closed([before])),
          Effect.andThen(Effect.sync(() => lanes.forget(before)))
        )
        return Effect.map(forkOutside(closing), Fiber.join)
      })
    )
  }

  private closed(acquired: ReadonlyArray<Acquired>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { ending, now, timeoutMillis } = this.parts
      const deadline = new Deadline(now, timeoutMillis)
      deadline.begin()
      return ending.close(acquired, deadline)
    })
  }
}
