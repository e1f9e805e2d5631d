import type { Given } from "../contract/given.ts"
import { type Levels, someLevels } from "../LogLevels.ts"
import { type Route, routeList } from "../LogRoutes.ts"
import * as Check from "../options/check.ts"
import { optionsOf } from "../options/checkOptions.ts"
import { type LaneSettings, settingChecks } from "./laneSettings.ts"

/**
 * What a runtime goes by that may change while it runs, as one value that nobody changes. It is plain
 * data, Durations, functions and Schedules, and is compared by what it holds (`Equal.equals`), the last two by identity.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rules {
  /** What is logged, for all, for scopes and for lanes: what `level` of the service has. */
  readonly levels: Levels
  /** Which lanes get a record: the first route that holds decides. Without any all lanes do. */
  readonly routes: ReadonlyArray<Route>
  /** What each lane takes, how much it holds and how it writes, by its name: what `setLane` sets. */
  readonly lanes: Readonly<Record<string, LaneSettings>>
}

/** What they may be. */
export const ruleChecks: Check.Checks<Given<Rules>> = {
  levels: someLevels,
  routes: routeList,
  lanes: Check.objectOf("an object with options of lanes by their names", Check.text, optionsOf(settingChecks))
}
