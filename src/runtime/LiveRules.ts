import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { type Given, given } from "../contract/given.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { SaidOnce } from "../diagnostics/SaidOnce.ts"
import * as LogLevels from "../LogLevels.ts"
import * as LogRoutes from "../LogRoutes.ts"
import { type Checked, checkOptions } from "../options/checkOptions.ts"
import { shown } from "../options/shown.ts"
import type { Lanes } from "./Lanes.ts"
import { optionsOf, settingsOf } from "./laneSettings.ts"
import type { Routing } from "./Routing.ts"
import { ruleChecks, type Rules } from "./rules.ts"
import type { RuntimeLevels } from "./RuntimeLevels.ts"

/** What a runtime goes by, as one value that is given, and put back. */
export class LiveRules {
  private readonly parts: {
    readonly lanes: Lanes
    readonly routing: Routing
    readonly levels: RuntimeLevels
    readonly diagnostics: Diagnostics
  }
  private readonly said = new SaidOnce()

  constructor(parts: LiveRules["parts"]) {
    this.parts = parts
  }

  readonly now: Effect.Effect<Rules> = Effect.sync(() => {
    const { lanes, levels, routing } = this.parts
    const settings = lanes.members.map(({ lane }) => [lane.name, settingsOf(lane.options)] as const)
    return Object.freeze({
      levels: levels.now(),
      routes: routing.routes,
      lanes: Object.freeze(Object.fromEntries(settings))
    })
  })

  /** Goes by others from one log call to the next. What is left out of them stays. */
  set(rules: Given<Rules>): Effect.Effect<void> {
    const checked = checkOptions("Logging.setRules", ruleChecks, rules)
    const { levels } = checked
    if (levels === undefined) return Effect.sync(() => this.change(checked))
    return this.parts.levels.update(() => {
      this.change(checked)
      return LogLevels.make(levels)
    })
  }

  private change({ lanes: ofLanes = {}, routes }: Checked<Given<Rules>>): void {
    const { lanes, routing } = this.parts
    if (routes !== undefined) routing.become(LogRoutes.make(routes))
    for (const { lane } of lanes.members) {
      const settings = Object.hasOwn(ofLanes, lane.name) ? ofLanes[lane.name]! : {}
      const news = { ...settingsOf(lane.options), ...given(settings) }
      if (!Equal.equals(news, settingsOf(lane.options))) lane.change(optionsOf(settings))
    }
    lanes.refresh()
    this.tell([...Object.keys(ofLanes), ...(routes ?? []).flatMap(({ to }) => to)])
  }

  /** Says which of some names no lane has, once of each. */
  private tell(names: ReadonlyArray<string>): void {
    const { diagnostics, lanes } = this.parts
    const known = new Set(lanes.members.map(({ lane }) => lane.name))
    const missing = this.said.fresh(names.filter((name) => !known.has(name)))
    if (missing.length === 0) return
    const there = lanes.names.length === 0 ? "none" : `only ${lanes.names.map(shown).join(", ")}`
    diagnostics.report(
      "rules",
      `there is no lane ${missing.map(shown).join(", ")} to go by what was set, ${there}; ` +
        "routes hold for a lane of that name, when one comes"
    )
  }
}
