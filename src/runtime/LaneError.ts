import * as Data from "effect/Data"
import { shown } from "../options/shown.ts"

/**
 * Raised when a lane cannot be attached, detached or changed as it was asked for:
 * `message` says why, `lanes` names those that there are. Nothing is changed then.
 *
 * @category errors
 * @since 0.1.0
 */
export class LaneError extends Data.TaggedError("LaneError")<{
  readonly message: string
  /** The lanes that there are. */
  readonly lanes: ReadonlyArray<string>
  readonly cause?: unknown
}> {}

/** That there is no lane of a name, and which there are. */
export const noLane = (name: string, lanes: ReadonlyArray<string>): string =>
  lanes.length === 0
    ? `there is no lane ${shown(name)}: the runtime has none`
    : `there is no lane ${shown(name)}, only ${lanes.map(shown).join(", ")}`
