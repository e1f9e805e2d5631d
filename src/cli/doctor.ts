import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const module = Argument.File("module", { mustExist: true }).pipe(
  Argument.withDescription(
    "A module that exports the layer of the log, or its sinks, by default or as LoggingLive or sinks; " +
      "without one, what the environment says"
  ),
  Argument.optional
)

/** Sends a probe through every sink. What it takes is loaded when it is asked for. */
export const doctor = Command.make("doctor", { module }, ({ module }) =>
  Effect.flatMap(
    Effect.promise(() => import("./doctor/examine.ts")),
    ({ examine }) => examine(Option.getOrUndefined(module))
  )).pipe(
    Command.withDescription("Send one probe record through every sink; the exit code is 1 when one fails")
  )
