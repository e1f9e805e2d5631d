import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { repair, replay } from "./spool/change.ts"
import { dump, list, verify } from "./spool/look.ts"

const directory = Argument.Directory("directory", { mustExist: true }).pipe(
  Argument.withDescription("A directory of spools, or the spool of one lane")
)

const force = Flag.Boolean("force").pipe(
  Flag.withDescription(
    "Take spools whose owner cannot be seen from here, and is gone; never those of a living one that can"
  ),
  Flag.withDefault(false)
)

const ls = Command.make("ls", { directory }, ({ directory }) => list(directory)).pipe(
  Command.withDescription("List spools, their segments and how many records wait in them")
)

const verifyCommand = Command.make("verify", { directory }, ({ directory }) => verify(directory)).pipe(
  Command.withDescription("Read every frame; the exit code is 1 when something is damaged")
)

const all = Flag.Boolean("all").pipe(
  Flag.withDescription("Also records that are acknowledged but not removed yet"),
  Flag.withDefault(false)
)

const dumpCommand = Command.make("dump", { directory, all }, ({ all, directory }) => dump(directory, all)).pipe(
  Command.withDescription("Print the records that wait, as JSON lines")
)

const to = Flag.Path("to").pipe(Flag.withDescription("The file to append JSON lines to"))

const replayCommand = Command.make(
  "replay",
  { directory, to, force },
  ({ directory, force, to }) => replay(directory, to, force)
).pipe(Command.withDescription("Append the records that wait to a file and remove them from the spool"))

const repairCommand = Command.make(
  "repair",
  { directory, force },
  ({ directory, force }) => repair(directory, force)
).pipe(Command.withDescription("Cut torn ends, set damaged frames aside, rebuild a lost cursor"))

const spool = Command.make("spool").pipe(
  Command.withDescription("Look at and mend what a process left in its spools"),
  Command.withSubcommands([ls, verifyCommand, dumpCommand, replayCommand, repairCommand])
)

/** The command line of the package. */
export const command = Command.make("effect-spillway").pipe(
  Command.withDescription("Tools of the Spillway logging runtime"),
  Command.withSubcommands([spool])
)
