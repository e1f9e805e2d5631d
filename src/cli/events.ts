import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const module = Flag.File("module", { mustExist: true }).pipe(
  Flag.withDescription("A module that declares the events, or loads those that do")
)

const format = Flag.Literals("format", ["markdown", "json-schema"]).pipe(
  Flag.withDescription("A page for people, or one document of JSON Schema"),
  Flag.withDefault("markdown")
)

/** Prints the catalogue of a module. What it takes is loaded when it is asked for. */
const print = Command.make("print", { module, format }, ({ format, module }) =>
  Effect.flatMap(
    Effect.promise(() => import("./events/run.ts")),
    ({ printed }) => printed(module, format)
  )).pipe(Command.withDescription("Print the events that a module declares"))

const before = Argument.File("before", { mustExist: true }).pipe(
  Argument.withDescription("The events of before: what print --format json-schema has printed")
)

const after = Argument.File("after", { mustExist: true }).pipe(
  Argument.withDescription("The events of now, printed in the same way; without it, those of --module"),
  Argument.optional
)

const check = Command.make(
  "check",
  { before, after, module: Flag.optional(module) },
  ({ after, before, module }) =>
    Effect.flatMap(
      Effect.promise(() => import("./events/run.ts")),
      ({ checked }) => checked(before, Option.getOrUndefined(after), Option.getOrUndefined(module))
    )
).pipe(
  Command.withDescription("Compare events with those of before; the exit code is 1 when a change breaks who reads them")
)

export const events = Command.make("events").pipe(
  Command.withDescription("Print declared events, and compare them with those of before"),
  Command.withSubcommands([print, check])
)
