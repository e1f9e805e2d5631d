import type { LogLevels } from "../../../src/index.ts"

/** The levels of records, the lowest first. */
export const levels = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"] as const

export type Level = (typeof levels)[number]

export type Bound = Level | "All" | "None"

const bounds: ReadonlyArray<Bound> = ["All", ...levels, "None"]

export const rank = (bound: Bound): number => bounds.indexOf(bound)

/** A log call, as far as levels have a say in it. */
export interface Call {
  readonly level: Level
  readonly scope: string | undefined
  /** Who logs: Effect, in a region with a `MinimumLogLevel` of its own where one is named, or the direct logger. */
  readonly by: "effect" | "direct" | { readonly minimum: Bound }
}

/** What levels ask of a lane. */
export interface Levelled {
  readonly name: string
  readonly minimum: Bound
}

interface Temporary {
  readonly target: string
  readonly level: Bound
  readonly until: number
}

const keyOf = ({ lane, scope }: LogLevels.Target): string =>
  lane !== undefined ? `lane ${lane}` : scope !== undefined ? `scope ${scope}` : "all"

/** The levels of a runtime as docs/live.md says they count, without any of what makes that fast. */
export class LevelsModel {
  private now = 0
  private readonly good = new Map<string, Bound>()
  private temporary: ReadonlyArray<Temporary> = []
  private readonly inherited: Bound
  private readonly lowest: Bound

  constructor(start: Bound, lowest: Bound | undefined, scopes: Readonly<Record<string, Bound>>) {
    this.good.set("all", start)
    for (const [scope, level] of Object.entries(scopes)) this.good.set(keyOf({ scope }), level)
    const [first = start] = [start, lowest ?? start, ...Object.values(scopes)].toSorted((a, b) => rank(a) - rank(b))
    this.lowest = first
    this.inherited = rank(first) < rank(start) ? "All" : start
  }

  set(level: Bound, target: LogLevels.Target, millis?: number): void {
    const key = keyOf(target)
    if (millis !== undefined) {
      this.temporary = [...this.temporary, { target: key, level, until: this.now + millis }]
      return
    }
    this.unsetTemporary(key)
    this.good.set(key, level)
  }

  unset(target: LogLevels.Target): void {
    const key = keyOf(target)
    this.unsetTemporary(key)
    if (key !== "all") this.good.delete(key)
  }

  pass(millis: number): void {
    this.now += millis
    this.temporary = this.temporary.filter(({ until }) => until > this.now)
  }

  /** Whether a call is one for the runtime, whose lanes are these, and which of them are to have it. */
  judge<Lane extends Levelled>(call: Call, lanes: ReadonlyArray<Lane>): ReadonlyArray<Lane> | undefined {
    const { by, level, scope } = call
    const severity = rank(level)
    const own = (lane: Levelled): Bound => this.of(keyOf({ lane: lane.name })) ?? lane.minimum
    const from = (bound: number, minimum: (lane: Levelled) => Bound) =>
      severity < bound ? undefined : lanes.filter((lane) => severity >= rank(minimum(lane)))
    // A region's own level is asked for by Effect, and the levels of the runtime are not.
    if (typeof by === "object" && by.minimum !== this.inherited) return from(rank(by.minimum), own)
    const floor = by === "direct" ? 0 : Math.max(rank(this.lowest), rank(this.inherited))
    const ofScope = scope === undefined ? undefined : this.ofScope(scope)
    if (ofScope !== undefined) return from(Math.max(floor, rank(ofScope)), own)
    const all = this.of("all")!
    const set = lanes.flatMap(({ name }) => this.of(keyOf({ lane: name })) ?? [])
    return from(Math.max(floor, Math.min(...[all, ...set].map(rank))), (lane) => {
      const known = this.of(keyOf({ lane: lane.name }))
      return known ?? (rank(all) > rank(lane.minimum) ? all : lane.minimum)
    })
  }

  private ofScope(scope: string): Bound | undefined {
    const parts = scope.split(".")
    const patterns = parts.map((_, i) => `${parts.slice(0, parts.length - i).join(".")}.*`)
    for (const name of [scope, ...patterns]) {
      const level = this.of(keyOf({ scope: name }))
      if (level !== undefined) return level
    }
    return undefined
  }

  private of(key: string): Bound | undefined {
    return this.temporary.findLast(({ target }) => target === key)?.level ?? this.good.get(key)
  }

  private unsetTemporary(key: string): void {
    this.temporary = this.temporary.filter(({ target }) => target !== key)
  }
}
