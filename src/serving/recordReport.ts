import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import { emit } from "../events/emit.ts"
import { errorTypeOf } from "../events/outcome.ts"
import { errorOf, isSaid, say } from "../events/said.ts"
import { EventMessage } from "../record/EventMessage.ts"
import type { Level } from "../record/level.ts"
import { isObject } from "../record/plainData.ts"
import { attributesIn, type ReportOf, severityIn } from "./reporting.ts"

/** Makes a record of each error of a report that no record has yet. */
export const recordReport =
  (usual: Level) => ({ cause, fiber }: ReportOf, reasons: ReadonlyArray<Cause.Reason<unknown>>): void => {
    for (const reason of reasons) {
      if (isSaid(cause, reason)) continue
      const error = errorOf(reason)
      const of = Cause.fromReasons([reason])
      const fields = attributesIn(error)
      const message = new EventMessage(
        { text: textOf(error, of), encode: () => ({ fields, isMarked: false }) },
        undefined
      )
      const date = new Date(fiber.getRef(Clock.Clock).currentTimeMillisUnsafe())
      say(of)
      emit(fiber, { level: severityIn(error) ?? usual, message, cause: of, date })
    }
    say(cause)
  }

/** Its message, or else what kind of error it is. Total: an error may be anything, and its getters may throw. */
const textOf = (error: unknown, of: Cause.Cause<unknown>): string => {
  try {
    const said: unknown = isObject(error) ? error["message"] : error
    if (typeof said === "string" && said !== "") return said
  } catch {
    // It is one that cannot be looked at.
  }
  return errorTypeOf(of) ?? "_OTHER"
}
