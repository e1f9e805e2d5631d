import { type Level, severityOf } from "../LogRecord.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"

/**
 * A synchronous logger for code outside Effect. Same lanes, same guarantees: a
 * call never blocks, fails or throws.
 *
 * **Details**
 *
 * Its records have the attributes given to it, and none of a fiber's annotations
 * and log spans; called inside a fiber, they have its id and the ids of its span.
 * Its level is that of the runtime when the layer was built. An error is an
 * attribute: `error("query failed", { error })`.
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
}

type Log = (message: unknown, attributes?: Readonly<Record<string, unknown>>) => void

/** What the logger needs of capture. */
interface Capturing {
  logAt(level: Level, bound: RecordContext): Log
  bind(bound: RecordContext | undefined, attributes: Readonly<Record<string, unknown>>): RecordContext
}

/** The logger for code outside Effect. Levels below `minimum` cost a call and nothing more. */
export const makeDirectLogger = (capture: Capturing, minimum: number, bound: RecordContext): DirectLogger => {
  const at = (level: Level): Log => severityOf(level) < minimum ? () => {} : capture.logAt(level, bound)
  const logger: DirectLogger = {
    trace: at("Trace"),
    debug: at("Debug"),
    info: at("Info"),
    warn: at("Warn"),
    error: at("Error"),
    fatal: at("Fatal"),
    with(attributes) {
      try {
        return makeDirectLogger(capture, minimum, capture.bind(bound, attributes))
      } catch {
        // Where the stack is full, there is room for this one only.
        return logger
      }
    }
  }
  return logger
}
