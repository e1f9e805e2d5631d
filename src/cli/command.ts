import * as Command from "effect/cli/Command"
import { doctor } from "./doctor.ts"
import { events } from "./events.ts"
import { dump } from "./spool/dump.ts"
import { ls } from "./spool/ls.ts"
import { repair } from "./spool/repair.ts"
import { replay } from "./spool/replay.ts"
import { verify } from "./spool/verify.ts"

const spool = Command.make("spool").pipe(
  Command.withDescription("Look at and mend what a process left in its spools"),
  Command.withSubcommands([ls, verify, dump, replay, repair])
)

/** The command line of the package. */
export const command = Command.make("effect-spillway").pipe(
  Command.withDescription("Tools of the Spillway logging runtime"),
  Command.withSubcommands([doctor, events, spool])
)
