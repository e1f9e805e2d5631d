import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Semaphore from "effect/Semaphore"
import { Lane } from "../lane/Lane.ts"
import type { LaneBooks } from "../Ledger.ts"
import { forkOutside } from "../node/outside.ts"
import { shown } from "../options/shown.ts"
import { Deadline } from "./Deadline.ts"
import type { Drain } from "./Drain.ts"
import type { Ending } from "./Ending.ts"
import type { LaneError } from "./LaneError.ts"
import type { LaneMetrics } from "./LaneMetrics.ts"
import type { Lanes } from "./Lanes.ts"
import type { Member } from "./Member.ts"

/** Takes lanes from a runtime that goes on: each drains as at shutdown, against a deadline of its own. */
export class Detaching {
  private readonly running = new Map<Member, Deferred.Deferred<LaneBooks>>()
  private readonly parts: {
    readonly lanes: Lanes
    readonly metrics: LaneMetrics
    readonly drain: Drain
    readonly ending: Ending
    /** Whose turn it is to say which lanes need a fallback. */
    readonly turn: Semaphore.Semaphore
    readonly now: () => number
    readonly timeoutMillis: number
  }

  constructor(parts: Detaching["parts"]) {
    this.parts = parts
  }

  /** Detaches a lane, or waits for who does, be it shutdown; gives its books when it has ended. */
  run(name: string): Effect.Effect<LaneBooks, LaneError> {
    return Effect.suspend(() => {
      const { lanes } = this.parts
      const books = lanes.booksOfClosed(name)
      if (books !== undefined) return Effect.succeed(books)
      return Effect.flatMap(
        lanes.demand(name),
        (member) => member.role === "fallback" ? lanes.refuse(this.neededText(member)) : this.ended(member)
      )
    })
  }

  /** The same of a lane that may have gone: another may have its name. */
  leave(member: Member): Effect.Effect<void> {
    return Effect.suspend(() => this.parts.lanes.members.includes(member) ? this.ended(member) : Effect.void)
  }

  private ended(member: Member): Effect.Effect<LaneBooks> {
    const { drain } = this.parts
    return drain.phase === "open"
      ? this.begun(member)
      : Effect.map(drain.run("shutdown"), () => member.lane.books())
  }

  private neededText(fallback: Member): string {
    const of = this.parts.lanes.members.filter((member) => member.fallback === fallback).map(({ lane }) => lane.name)
    return `the lane ${shown(fallback.lane.name)} is the fallback of ${of.map(shown).join(" and ")}: detach that`
  }

  private begun(member: Member): Effect.Effect<LaneBooks> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const known = this.running.get(member)
        if (known !== undefined) return restore(Deferred.await(known))
        const done = Deferred.makeUnsafe<LaneBooks>()
        this.running.set(member, done)
        this.parts.lanes.leave(member)
        const steps = Effect.onExit(this.steps(member), (exit) => {
          this.running.delete(member)
          return Deferred.done(done, exit)
        })
        return Effect.andThen(forkOutside(steps), restore(Deferred.await(done)))
      })
    )
  }

  private steps(member: Member): Effect.Effect<LaneBooks> {
    return Effect.gen({ self: this }, function*() {
      const { ending, lanes, metrics, now, timeoutMillis, turn } = this.parts
      const deadline = new Deadline(now, timeoutMillis)
      deadline.begin()
      const { reserveMillis } = deadline
      yield* this.drained(member, deadline, deadline.remainingMillis - reserveMillis)
      const fallback = yield* turn.withPermit(Effect.sync(() => lanes.release(member)))
      if (fallback !== undefined) yield* this.drained(fallback, deadline, deadline.remainingMillis - reserveMillis / 2)
      const gone = fallback === undefined ? [member] : [fallback, member]
      yield* ending.close(gone.map(({ acquired }) => acquired), deadline)
      for (const each of gone) {
        metrics.remove(each.lane)
        lanes.remove(each)
      }
      return member.lane.books()
    })
  }

  private drained({ lane }: Member, deadline: Deadline, millis: number): Effect.Effect<void> {
    return lane instanceof Lane
      ? this.parts.ending.drain([lane], deadline, millis)
      : Effect.sync(() => lane.end())
  }
}
