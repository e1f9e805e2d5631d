import type * as Context from "effect/Context"
import { accessChecks, type AccessOptions, AccessRules } from "../../access/AccessRules.ts"
import type { DirectLogger } from "../../capture/directLogger.ts"
import { eventsElsewhere } from "../../capture/eventsElsewhere.ts"
import type { EventOptions } from "../../events/eventOptions.ts"
import type { Declaration } from "../../events/EventState.ts"
import { open } from "../../events/open.ts"
import type { OpenEvent } from "../../events/OpenEvent.ts"
import * as Check from "../../options/check.ts"
import type { Checked } from "../../options/checkOptions.ts"

/** The runtime that requests are recorded in, with what its options say of them. */
export class RequestRuntime {
  readonly rules: AccessRules
  readonly keepLines: number
  readonly logger: DirectLogger
  private readonly context: Context.Context<never>

  constructor(context: Context.Context<never>, logger: DirectLogger, options: Checked<RequestOptions>) {
    const { keepLines = 0, ...rules } = options
    this.context = context
    this.logger = logger
    this.keepLines = keepLines
    this.rules = new AccessRules(rules)
  }

  open(declaration: Declaration, options: EventOptions): OpenEvent {
    return open(declaration, options, this.context, 0, eventsElsewhere())
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
