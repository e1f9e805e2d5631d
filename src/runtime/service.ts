import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Capture } from "../capture/Capture.ts"
import { makeDirectLogger } from "../capture/directLogger.ts"
import { source } from "../contract/laneChecks.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import * as Check from "../options/check.ts"
import { checkArgument, checkOptions } from "../options/checkOptions.ts"
import type { Arriving } from "./Arriving.ts"
import type { Describer } from "./Describer.ts"
import type { Detaching } from "./Detaching.ts"
import type { Drain } from "./Drain.ts"
import type { HealthWatch } from "./HealthWatch.ts"
import { noLane } from "./LaneError.ts"
import type { Lanes } from "./Lanes.ts"
import { optionsOf, settingChecks } from "./laneSettings.ts"
import type { LiveRules } from "./LiveRules.ts"
import type { LoggingService } from "./loggingService.ts"
import { ReplayError, resendLetters } from "./resendLetters.ts"
import { roomIn } from "./room.ts"
import type { RuntimeLevels } from "./RuntimeLevels.ts"
import type { Taps } from "./Taps.ts"

const openLetters = Check.satisfies(
  "dead letters that are open, from DeadLetters.open",
  (value) => Predicate.hasProperty(value, "next") && Predicate.hasProperty(value, "lane")
)

const flushAll = (lanes: ReadonlyArray<{ readonly flush: Effect.Effect<void> }>): Effect.Effect<void> =>
  Effect.forEach(lanes, (lane) => lane.flush, { concurrency: "unbounded", discard: true })

export const makeService = (
  { arriving, capture, describer, detaching, diagnostics, drain, health, lanes, levels, rules, taps }: {
    readonly capture: Capture
    readonly lanes: Lanes
    readonly drain: Drain
    readonly taps: Taps
    readonly arriving: Arriving
    readonly detaching: Detaching
    readonly health: HealthWatch
    readonly describer: Describer
    readonly levels: RuntimeLevels
    readonly rules: LiveRules
    readonly diagnostics: Diagnostics
  }
): LoggingService => ({
  logger: makeDirectLogger(capture, capture.bind(undefined, {})),
  level: levels.ref,
  setLevel: levels.setLevel,
  stats: Effect.sync(() => {
    const named = lanes.all.map((lane) => [lane.name, lane.stats()] as const)
    const stats = Object.fromEntries(named)
    return {
      capture: capture.books(),
      lanes: stats,
      healthy: lanes.names.every((name) => stats[name]?.status === "ok")
    }
  }),
  // What the lanes give up is in the fallbacks by then.
  flush: Effect.andThen(
    Effect.suspend(() => flushAll(lanes.lanes)),
    Effect.suspend(() => flushAll(lanes.fallbacks))
  ),
  room: roomIn(lanes),
  shutdown: drain.run("shutdown"),
  replay(letters, options = {}) {
    checkArgument("Logging.replay", "letters", openLetters, letters)
    const { into = letters.lane } = checkOptions("Logging.replay", { into: Check.text }, options)
    const lane = lanes.all.find(({ name }) => name === into)
    if (lane !== undefined) return diagnostics.around(resendLetters(letters, lane))
    return Effect.fail(new ReplayError({ message: noLane(into, lanes.names) }))
  },
  records: (options) => taps.records(options),
  health: health.states,
  describe: Effect.sync(() => describer.now()),
  attach(given) {
    checkArgument("Logging.attach", "source", source, given)
    return arriving.attach(given)
  },
  replace(name, given) {
    checkArgument("Logging.replace", "name", Check.text, name)
    checkArgument("Logging.replace", "source", source, given)
    return arriving.replace(name, given)
  },
  setLane(name, options) {
    checkArgument("Logging.setLane", "name", Check.text, name)
    const settings = optionsOf(checkOptions("Logging.setLane", settingChecks, options))
    return Effect.map(lanes.demand(name), ({ lane }) => {
      lane.change(settings)
      lanes.refresh()
    })
  },
  rules: rules.now,
  setRules: (given) => rules.set(given),
  detach(name) {
    checkArgument("Logging.detach", "name", Check.text, name)
    return detaching.run(name)
  }
})
