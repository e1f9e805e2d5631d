import * as Effect from "effect/Effect"
import { ClosedLane } from "../lane/ClosedLane.ts"
import type { Inlet } from "../lane/Inlet.ts"
import { Lane } from "../lane/Lane.ts"
import { SyncLane } from "../lane/SyncLane.ts"
import type { LaneBooks } from "../Ledger.ts"
import type { LogSink } from "../LogSink.ts"
import type { Acquired } from "./Acquired.ts"
import { freeName } from "./acquireSinks.ts"
import { ClosedLanes } from "./ClosedLanes.ts"
import { LaneError, noLane } from "./LaneError.ts"
import type { Member } from "./Member.ts"

/**
 * The lanes of a runtime, as they are at the moment. Who acts on them asks for them
 * when it acts.
 */
export class Lanes {
  private readonly taken = new Set<string>()
  private readonly closed = new ClosedLanes()
  /** What was written to before, as long as that is not closed. */
  private readonly replaced = new Set<Acquired>()
  private follow: (inlets: ReadonlyArray<Inlet>) => void = () => {}
  private whenSummed: (name: string, into: string) => void = () => {}
  /** Those that are there, also those that are leaving. */
  members: ReadonlyArray<Member> = []
  /** What capture offers records to: the lanes of the sinks, not those of their fallbacks. */
  inlets: ReadonlyArray<Inlet> = []
  /** Those with a queue. */
  lanes: ReadonlyArray<Lane> = []
  /** Those that take what others give up: they drain after them. */
  fallbacks: ReadonlyArray<Lane> = []
  /** Those without a queue, of sinks and of fallbacks. */
  syncLanes: ReadonlyArray<SyncLane> = []
  /** Those that are to stay. */
  attached: ReadonlyArray<Lane | SyncLane> = []
  /** All that there were, as reports name them. */
  all: ReadonlyArray<Lane | SyncLane | ClosedLane> = []

  /** Takes a name for a lane, as long as its books have it: the first of these that is free, or the last one with a number. */
  reserve(...names: readonly [string, ...ReadonlyArray<string>]): string {
    const name = names.find((each) => !this.taken.has(each)) ?? freeName(this.taken, names.at(-1)!)
    this.taken.add(name)
    return name
  }

  /** Who goes by the lanes that records are offered to, and is told when these are others. */
  followedBy(follow: (inlets: ReadonlyArray<Inlet>) => void): void {
    this.follow = follow
  }

  /** Who knows lanes by their names, and is told that the books of one are in those of another name. */
  summedFor(whenSummed: (name: string, into: string) => void): void {
    this.whenSummed = whenSummed
  }

  add(...members: ReadonlyArray<Member>): void {
    this.become([...this.members, ...members])
  }

  /** From now on no log call offers records to it. */
  leave(member: Member): void {
    member.phase = "leaving"
    this.become(this.members)
  }

  /** It writes to another sink from now on; gives the one before, which is to be closed. */
  replace(member: Member, acquired: Acquired): Acquired {
    const before = member.acquired
    member.acquired = acquired
    this.replaced.add(before)
    return before
  }

  /** A lane takes other records than before. */
  refresh(): void {
    this.become(this.members)
  }

  /** It is closed. */
  forget(replaced: Acquired): void {
    this.replaced.delete(replaced)
  }

  /** It gives up nothing any more. Gives its fallback, when nobody else needs that, which leaves with it. */
  release(member: Member): Member | undefined {
    const { fallback } = member
    member.fallback = undefined
    if (fallback === undefined || this.members.some((other) => other.fallback === fallback)) return undefined
    this.leave(fallback)
    return fallback
  }

  /** It has ended: its books stay. */
  remove(member: Member): void {
    const summed = this.closed.add(new ClosedLane(member.lane), () => this.reserve("detached"))
    if (summed !== undefined) {
      this.taken.delete(summed.lane.name)
      this.whenSummed(summed.lane.name, summed.into)
    }
    this.become(this.members.filter((each) => each !== member))
  }

  /** The lane of a name, be it one that is leaving. */
  demand(name: string): Effect.Effect<Member, LaneError> {
    return Effect.suspend(() => {
      const member = this.members.find(({ lane }) => lane.name === name)
      return member === undefined ? this.refuse(noLane(name, this.names)) : Effect.succeed(member)
    })
  }

  get names(): ReadonlyArray<string> {
    return this.attached.map(({ name }) => name)
  }

  /** Says why the lanes stay as they are. */
  refuse(message: string, cause?: unknown): Effect.Effect<never, LaneError> {
    return Effect.fail(new LaneError({ message, lanes: this.names, cause }))
  }

  booksOfClosed(name: string): LaneBooks | undefined {
    return this.closed.ofName(name)?.books()
  }

  /** The lane that a sink has as a fallback of others. */
  ofFallback(sink: LogSink): Member | undefined {
    return this.members.find(({ acquired, phase, role }) =>
      role === "fallback" && phase === "attached" && acquired.sink === sink
    )
  }

  /** All that the lanes write to, or have written to, and that is not closed. */
  get acquired(): ReadonlyArray<Acquired> {
    return [...this.members.map(({ acquired }) => acquired), ...this.replaced]
  }

  /** The sinks, each once: one can also be a fallback. */
  get sinks(): ReadonlyArray<LogSink> {
    const sinks = this.members.filter(isOfSink).map(sinkOf)
    const fallbacks = this.members.filter(isOfFallback).map(sinkOf)
    const alone = fallbacks.filter(({ close }) => close === undefined || !sinks.some((sink) => sink.close === close))
    return [...sinks, ...alone]
  }

  private become(members: ReadonlyArray<Member>): void {
    const ofSinks = members.filter(isOfSink)
    const attached = members.filter(isAttached)
    this.members = members
    this.lanes = queuesOf(ofSinks)
    this.fallbacks = queuesOf(members.filter(isOfFallback))
    this.syncLanes = members.map(laneOf).filter((lane) => lane instanceof SyncLane)
    this.attached = inOrder(attached)
    this.all = [...inOrder(members), ...this.closed.all]
    this.inlets = attached.filter(isOfSink).map(({ lane }) => lane.inlet)
    this.follow(this.inlets)
  }
}

const isOfSink = ({ role }: Member): boolean => role === "sink"
const isOfFallback = ({ role }: Member): boolean => role === "fallback"
const isAttached = ({ phase }: Member): boolean => phase === "attached"
const laneOf = ({ lane }: Member): Lane | SyncLane => lane
const sinkOf = ({ acquired }: Member): LogSink => acquired.sink

const queuesOf = (members: ReadonlyArray<Member>): ReadonlyArray<Lane> =>
  members.map(laneOf).filter((lane) => lane instanceof Lane)

/** Those with a queue, those without one, and those of fallbacks. */
const inOrder = (members: ReadonlyArray<Member>): ReadonlyArray<Lane | SyncLane> => [
  ...queuesOf(members.filter(isOfSink)),
  ...members.map(laneOf).filter((lane) => lane instanceof SyncLane),
  ...queuesOf(members.filter(isOfFallback))
]
