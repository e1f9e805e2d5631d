import type { Inlet } from "../lane/Inlet.ts"
import type { Levels } from "../LogLevels.ts"
import type { Bound } from "../options/level.ts"
import { ofScope } from "../options/levels.ts"
import { severityOf } from "../record/level.ts"
import type { Fanout } from "./Fanout.ts"
import { fanoutTo, type Takers } from "./TappedFanout.ts"

const rememberedScopes = 1024
const longestRemembered = 128

/** The level that is set for a lane. */
const setFor = ({ name }: Inlet, { lanes }: Levels): number | undefined =>
  Object.hasOwn(lanes, name) ? severityOf(lanes[name]!) : undefined

/** The lowest that each lane takes of what is logged. */
export const minimumsOf = (inlets: ReadonlyArray<Inlet>, levels: Levels): ReadonlyArray<number> =>
  inlets.map((inlet) => setFor(inlet, levels) ?? inlet.minimum)

/**
 * What lanes take where levels let it through, by the scope that it is logged in.
 *
 * A lane with a level of its own goes by that where it would go by the level for all; what
 * a scope does not let through no lane has. Nothing below the `floor` is let through.
 */
export class Levelled {
  /** What is logged in no scope, or in one without a level. */
  readonly unscoped: Fanout
  readonly hasScopes: boolean
  private readonly takers: Takers
  private readonly levels: Levels
  private readonly floor: number
  private readonly byLevel = new Map<Bound, Fanout>()
  private readonly byScope = new Map<string, Fanout>()
  /** The scope that was asked for last, and what is in {@link byScope} for it. */
  private lastScope: string | undefined = undefined
  private last: Fanout

  constructor(takers: Takers, levels: Levels, floor: number) {
    const { inlets } = takers
    this.takers = takers
    this.levels = levels
    this.floor = floor
    this.hasScopes = Object.keys(levels.scopes).length > 0
    const all = severityOf(levels.level)
    const set = inlets.map((inlet) => setFor(inlet, levels))
    this.unscoped = this.fanout(
      inlets.map((inlet, i) => set[i] ?? Math.max(all, inlet.minimum)),
      Math.min(all, ...set.filter((one) => one !== undefined))
    )
    this.last = this.unscoped
  }

  of(scope: string | undefined): Fanout {
    if (scope === undefined || !this.hasScopes) return this.unscoped
    return scope === this.lastScope ? this.last : this.enter(scope)
  }

  private enter(scope: string): Fanout {
    const { byScope } = this
    const known = byScope.get(scope)
    const fanout = known ?? this.find(scope)
    if (scope.length > longestRemembered) return fanout
    if (known === undefined) {
      if (byScope.size >= rememberedScopes) byScope.clear()
      byScope.set(scope, fanout)
    }
    this.lastScope = scope
    return this.last = fanout
  }

  private find(scope: string): Fanout {
    const level = ofScope(this.levels.scopes, scope)
    return level === undefined ? this.unscoped : this.at(level)
  }

  private at(level: Bound): Fanout {
    const known = this.byLevel.get(level)
    if (known !== undefined) return known
    const gate = severityOf(level)
    const fanout = this.fanout(
      minimumsOf(this.takers.inlets, this.levels).map((own) => Math.max(gate, own)),
      gate
    )
    this.byLevel.set(level, fanout)
    return fanout
  }

  private fanout(minimums: ReadonlyArray<number>, gate: number): Fanout {
    return fanoutTo(this.takers, minimums.map((one) => Math.max(one, this.floor)), Math.max(gate, this.floor))
  }
}
