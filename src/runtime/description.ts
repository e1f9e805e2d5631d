import type { Levels } from "../LogLevels.ts"

/**
 * The value of an option, and where it comes from: `"code"` is what the options and the sinks say, which have
 * values of their own for their lanes.
 *
 * @category models
 * @since 0.1.0
 */
export interface Setting {
  /** As JSON has it: a function by its name, a duration as text, a sink by the name of its lane; `null` for none. */
  readonly value: unknown
  readonly from: "default" | "code" | "environment"
}

/**
 * The configuration of a runtime as plain data.
 *
 * @category models
 * @since 0.1.0
 */
export interface Description {
  /** The options of the layer, by their names, as the program began with them. */
  readonly options: Readonly<Record<string, Setting>>
  /** The levels that count now: what `level` of the service may be set to again. */
  readonly levels: Levels
  /** The routes that count now, as JSON has them. */
  readonly routes: unknown
  /** The options of each lane that there is, by their names. */
  readonly lanes: Readonly<Record<string, Readonly<Record<string, Setting>>>>
}
