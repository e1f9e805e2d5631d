import type * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import type { Arrival, Ending } from "../../access/accessFields.ts"
import { accessChecks, type AccessOptions, AccessRules } from "../../access/AccessRules.ts"
import type { DirectLogger } from "../../capture/directLogger.ts"
import { eventsElsewhere } from "../../capture/eventsElsewhere.ts"
import type { EventOptions } from "../../events/eventOptions.ts"
import type { Declaration } from "../../events/EventState.ts"
import { open } from "../../events/open.ts"
import type { OpenEvent } from "../../events/OpenEvent.ts"
import type { Outcome } from "../../events/outcome.ts"
import * as Check from "../../options/check.ts"
import type { Checked } from "../../options/checkOptions.ts"
import type { Level } from "../../record/level.ts"

/** What one request ends as, while its record is made. */
interface Verdict {
  readonly level: Level
  readonly isLeftOut: boolean
}

/** The runtime that requests are recorded in, with what its options say of them. */
export class RequestRuntime {
  readonly rules: AccessRules
  readonly logger: DirectLogger
  private readonly context: Context.Context<never>
  private readonly eventOptions: EventOptions
  private verdict: Verdict | undefined = undefined

  constructor(context: Context.Context<never>, logger: DirectLogger, options: Checked<RequestOptions>) {
    const { keepLines, ...rules } = options
    this.context = context
    this.logger = logger
    this.rules = new AccessRules(rules)
    this.eventOptions = {
      // What shutdown ends first was nobody's to judge.
      level: () => this.verdict?.level ?? "Warn",
      when: () => this.verdict?.isLeftOut !== true,
      maxFields: 80,
      maxBytes: 64 * 1024,
      keepLines: keepLines ?? 0
    }
  }

  open(declaration: Declaration): OpenEvent {
    return open(declaration, this.eventOptions, this.context, 0, eventsElsewhere())
  }

  end(
    event: OpenEvent,
    arrival: Arrival,
    ending: Ending,
    outcome: Outcome,
    cause: Cause.Cause<unknown> | undefined
  ): void {
    this.verdict = { level: this.rules.level(arrival, ending), isLeftOut: this.rules.leavesOut(arrival, ending) }
    try {
      event.endAs(outcome, cause)
    } finally {
      this.verdict = undefined
    }
  }
}

/**
 * Options of what records requests.
 *
 * @category options
 * @since 0.1.0
 */
export interface RequestOptions extends AccessOptions {
  /**
   * How many of the lines that are logged in a request are part of its record: the last ones, as
   * `event.log`. All are counted.
   *
   * @default 0 lines
   */
  readonly keepLines?: number | undefined
}

export const requestChecks: Check.Checks<RequestOptions> = { ...accessChecks, keepLines: Check.wholeNumber(0, 1000) }
