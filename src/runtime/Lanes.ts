import type { Inlet } from "../lane/Inlet.ts"
import { Lane } from "../lane/Lane.ts"
import { SyncLane } from "../lane/SyncLane.ts"
import { type Acquired, freeName } from "./acquireSinks.ts"

/** A lane, with the sink that it writes to. */
export interface Member {
  readonly lane: Lane | SyncLane
  readonly acquired: Acquired
  /** `fallback`: it takes what others give up, and no log call offers to it. */
  readonly role: "sink" | "fallback"
}

/**
 * The lanes of a runtime, as they are at the moment. Who acts on them asks for them
 * when it acts.
 */
export class Lanes {
  private members: ReadonlyArray<Member> = []
  private readonly names = new Set<string>()
  /** What capture offers records to: the lanes of the sinks, not those of their fallbacks. */
  inlets: ReadonlyArray<Inlet> = []
  lanes: ReadonlyArray<Lane> = []
  /** Lanes that take what others give up: they drain after them. */
  fallbacks: ReadonlyArray<Lane> = []
  /** Lanes without a queue, of sinks and of fallbacks. */
  syncLanes: ReadonlyArray<SyncLane> = []
  /** All of them, as reports name them. */
  all: ReadonlyArray<Lane | SyncLane> = []
  /** What they write to, each once: a sink can also be a fallback. */
  sinks: ReadonlyArray<Acquired> = []

  /** Takes a name for a lane: the first of these that is free, or the last one with a number. */
  reserve(...names: readonly [string, ...ReadonlyArray<string>]): string {
    const name = names.find((each) => !this.names.has(each)) ?? freeName(this.names, names.at(-1)!)
    this.names.add(name)
    return name
  }

  add(...members: ReadonlyArray<Member>): void {
    this.become([...this.members, ...members])
  }

  private become(members: ReadonlyArray<Member>): void {
    const [ofSinks, ofFallbacks] = [members.filter(isOfSink), members.filter((member) => !isOfSink(member))]
    this.members = members
    this.inlets = ofSinks.map(({ lane }) => lane.inlet)
    this.lanes = queuesOf(ofSinks)
    this.fallbacks = queuesOf(ofFallbacks)
    this.syncLanes = members.map(({ lane }) => lane).filter((lane) => lane instanceof SyncLane)
    this.all = [...this.lanes, ...this.syncLanes, ...this.fallbacks]
    this.sinks = [...ofSinks, ...ofFallbacks.filter((fallback) => !isAmong(ofSinks, fallback))]
      .map(({ acquired }) => acquired)
  }
}

const isOfSink = ({ role }: Member): boolean => role === "sink"

/** Whether the sink of a fallback is one of these sinks as well, and closed with that. */
const isAmong = (members: ReadonlyArray<Member>, { acquired: { sink: { close } } }: Member): boolean =>
  close !== undefined && members.some(({ acquired }) => acquired.sink.close === close)

const queuesOf = (members: ReadonlyArray<Member>): ReadonlyArray<Lane> =>
  members.map(({ lane }) => lane).filter((lane) => lane instanceof Lane)
