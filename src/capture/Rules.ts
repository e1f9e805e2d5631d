import type * as Fiber from "effect/Fiber"
import * as LogLevels from "../LogLevels.ts"
import type { Bound } from "../options/level.ts"
import { severityOf } from "../record/level.ts"
import type { Fanout } from "./Fanout.ts"
import { Levelled, minimumsOf } from "./Levelled.ts"
import { fanoutTo, type Takers } from "./TappedFanout.ts"

/** Levels that are followed. */
export interface Followed {
  /** What is in the place where levels are set. */
  readonly seen: unknown
  /** Those that count. */
  readonly levels: LogLevels.Levels
  /** What a fiber has for `MinimumLogLevel` whose region has set none. */
  readonly inherited: Bound
  /** The lowest that Effect lets through to us while the program runs. */
  readonly lowest: Bound
}

/** What rules are made of. */
export interface Parts extends Takers {
  readonly followed: Followed
}

const everything: Followed = {
  seen: undefined,
  levels: LogLevels.make({ level: "All" }),
  inherited: "All",
  lowest: "All"
}

/**
 * What log calls go by: a value that a call reads once, and that nobody changes. To have
 * them go by something else while the program runs is to replace it.
 */
export class Rules {
  /** The lanes, and what each of them takes. */
  readonly fanout: Fanout
  /** The same where our levels have let it through. */
  readonly levelled: Levelled
  /** The same of what is logged from outside Effect, where nothing is before our levels. */
  readonly direct: Levelled
  /** Whether levels refuse calls that Effect lets through. */
  readonly isGated: boolean
  /** What was in the place where levels are set, when these rules were made. */
  readonly seen: unknown
  private readonly parts: Parts

  constructor(parts: Takers & Partial<Parts>) {
    const { followed = everything } = parts
    const { inherited, levels, lowest, seen } = followed
    this.fanout = fanoutTo(parts, minimumsOf(parts.inlets, levels))
    this.direct = new Levelled(parts, levels, 0)
    this.levelled = new Levelled(parts, levels, severityOf(lowest))
    this.isGated = this.levelled.hasScopes || !this.levelled.unscoped.isLike(this.fanout, severityOf(inherited))
    this.seen = seen
    this.parts = { ...parts, followed }
  }

  /** The names of the lanes. */
  get lanes(): ReadonlyArray<string> {
    return this.parts.inlets.map(({ name }) => name)
  }

  /** Whether a fiber goes by our levels, because its region has no `MinimumLogLevel` of its own. */
  governs(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    return fiber.cache.minimumLogLevel === this.parts.followed.inherited
  }

  /** The same rules with other parts. */
  with(parts: Partial<Parts>): Rules {
    return new Rules({ ...this.parts, ...parts })
  }
}
