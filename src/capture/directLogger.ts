import type { OpenEvent } from "../events/OpenEvent.ts"
import type { Level } from "../LogRecord.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"
import { scopeIn } from "./attributes.ts"

/**
 * A synchronous logger for code outside Effect. Same lanes, same guarantees: a
 * call never blocks, fails or throws.
 *
 * **Details**
 *
 * Its records have the attributes given to it, and none of a fiber's annotations
 * and log spans; called inside a fiber, they have its id and the ids of its span.
 * It goes by the levels of the runtime, those of now, and a bound attribute `scope`
 * says by which of them. An error is an attribute: `error("query failed", { error })`.
 *
 * @category models
 * @since 0.1.0
 */
export interface DirectLogger {
  readonly trace: Log
  readonly debug: Log
  readonly info: Log
  readonly warn: Log
  readonly error: Log
  readonly fatal: Log
  /** A logger whose records all carry these attributes. They are snapshotted now. */
  readonly with: (attributes: Readonly<Record<string, unknown>>) => DirectLogger
  /** A logger for a scope: one whose records all carry it as the attribute `scope`. */
  readonly scope: (name: string) => DirectLogger
  /** A logger whose lines are counted in an event while that is open, see `WideEvent`. Without one a line counts in the event of the fiber it is logged in. */
  readonly within: (event: OpenEvent) => DirectLogger
  /**
   * Whether the levels of now let a record of this level through, for what is costly to put
   * together. Filters, routes and full lanes are not asked.
   */
  readonly isEnabled: (level: Level) => boolean
}

type Log = (message: unknown, attributes?: Readonly<Record<string, unknown>>) => void

/** What the logger needs of capture. */
interface Capturing {
  logAt(level: Level, bound: RecordContext, scope?: string, event?: OpenEvent): Log
  isEnabled(level: Level, scope?: string): boolean
  bind(bound: RecordContext | undefined, attributes: Readonly<Record<string, unknown>>): RecordContext
}

/** The logger for code outside Effect. A level that is off costs a call and two comparisons. */
export const makeDirectLogger = (
  capture: Capturing,
  bound: RecordContext,
  scope?: string,
  event?: OpenEvent
): DirectLogger => {
  const at = (level: Level): Log => capture.logAt(level, bound, scope, event)
  const logger: DirectLogger = {
    trace: at("Trace"),
    debug: at("Debug"),
    info: at("Info"),
    warn: at("Warn"),
    error: at("Error"),
    fatal: at("Fatal"),
    with(attributes) {
      try {
        const context = capture.bind(bound, attributes)
        return makeDirectLogger(capture, context, names(attributes) ? scopeIn(context.annotations) : scope, event)
      } catch {
        // Where the stack is full, there is room for this one only.
        return logger
      }
    },
    scope: (name) => logger.with({ scope: name }),
    within: (inner) => makeDirectLogger(capture, bound, scope, inner),
    isEnabled: (level) => capture.isEnabled(level, scope)
  }
  return logger
}

/** Whether attributes may name a scope. */
const names = (attributes: Readonly<Record<string, unknown>>): boolean => {
  try {
    return Object.hasOwn(attributes, "scope")
  } catch {
    return false
  }
}
