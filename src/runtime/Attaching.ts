import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type * as Semaphore from "effect/Semaphore"
import { describeError } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { Lane } from "../lane/Lane.ts"
import * as LogSink from "../LogSink.ts"
import { runOutside } from "../node/outside.ts"
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
import type { Member } from "./Member.ts"

/** Gives sinks that come while a runtime goes on lanes of their own. */
export class Attaching {
  private readonly parts: {
    readonly lanes: Lanes
    readonly maker: LaneMaker
    readonly metrics: LaneMetrics
    readonly drain: Drain
    readonly ending: Ending
    readonly detaching: Detaching
    readonly turn: Semaphore.Semaphore
    readonly diagnostics: Diagnostics
    readonly now: () => number
    /** What the lanes of the runtime are made with. */
    readonly context: Context.Context<never>
    /** The sinks are others than they were. */
    readonly onChange: () => void
  }

  constructor(parts: Attaching["parts"]) {
    this.parts = parts
  }

  /** Attaches a sink until the scope is closed; gives the name of its lane. */
  run(source: LogSink.Source): Effect.Effect<string, LaneError, Scope.Scope> {
    return Effect.contextWith((services: Context.Context<Scope.Scope>) =>
      runOutside(Effect.updateContext(
        Effect.uninterruptibleMask((restore) =>
          Effect.gen({ self: this }, function*() {
            yield* this.demandOpen
            const { sink, scope } = yield* restore(this.acquired(source, services))
            const name = yield* this.parts.turn.withPermit(this.joined(sink, scope))
            const { detaching } = this.parts
            yield* Scope.addFinalizer(Context.get(services, Scope.Scope), Effect.ignore(detaching.run(name)))
            return name
          })
        ),
        () => this.parts.context
      ))
    )
  }

  private get demandOpen(): Effect.Effect<void, LaneError> {
    const { drain, lanes } = this.parts
    return Effect.suspend(() =>
      drain.phase === "open" ? Effect.void : lanes.refuse("the runtime takes no other sinks: its shutdown has begun")
    )
  }

  /** What the program gives, in its own services and in a scope of its own. */
  private acquired(source: LogSink.Source, services: Context.Context<never>) {
    const { diagnostics, lanes } = this.parts
    const from = LogSink.isLogSink(source) ? source : withServices(source, services, diagnostics)
    return Effect.catch(
      acquireOne(from, (sink) => demandSink("Logging.attach", "source", sink), diagnostics),
      (error) => lanes.refuse(`the sink could not be acquired: ${describeError(error)}`, error)
    )
  }

  private joined(sink: LogSink.LogSink, scope: Scope.Closeable): Effect.Effect<string, LaneError> {
    return Effect.gen({ self: this }, function*() {
      const { drain, lanes, maker, metrics, onChange } = this.parts
      const name = lanes.reserve(sink.name)
      const members = yield* maker.make(new Acquired(name === sink.name ? sink : LogSink.withName(sink, name), scope))
      if (drain.phase !== "open") yield* this.givenBack(members)
      yield* this.demandOpen
      lanes.add(...members)
      for (const { lane } of members) metrics.register(lane)
      for (const { lane } of members) if (lane instanceof Lane) yield* lane.start
      onChange()
      return name
    })
  }

  /** Shutdown has begun while the lanes were made: they never were there. */
  private givenBack(members: ReadonlyArray<Member>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { ending, now } = this.parts
      for (const { lane } of members) {
        if (lane instanceof Lane) lane.abandon()
        else lane.end()
      }
      const deadline = new Deadline(now, 1000)
      deadline.begin()
      return ending.close(members.map(({ acquired }) => acquired), deadline)
    })
  }
}
