import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { nodeFiles } from "../../spool/disk/files.ts"
import { findLogs, type LogView, viewLog } from "../../spool/log/inspect.ts"
import { type Identity, identityIn, ownerText } from "../../spool/owner/owner.ts"
import type { Held } from "../../spool/owner/OwnerLock.ts"
import { ToolError, toolError } from "../ToolError.ts"

/** The argument of every subcommand. */
export const directory = Argument.Directory("directory", { mustExist: true }).pipe(
  Argument.withDescription("A directory of spools, or the spool of one lane")
)

/** The option of those that change something. */
export const force = Flag.Boolean("force").pipe(
  Flag.withDescription(
    "Take spools whose owner cannot be seen from here, and is gone; never those of a living one that can"
  ),
  Flag.withDefault(false)
)

/** The option of those that write records. */
export const uid = Flag.Boolean("uid").pipe(
  Flag.withDescription("Also the uid of each record, by which a destination knows one that it has"),
  Flag.withDefault(false)
)

/** The logs at or below a directory; fails when there is none. */
export const logsIn = Effect.fnUntraced(function*(directory: string) {
  const logs = yield* Effect.try({
    try: () => findLogs(nodeFiles, directory),
    catch: toolError(directory, "read the spool")
  })
  if (logs.length === 0) {
    return yield* new ToolError({
      exitCode: 2,
      message: `there is no spool at or below ${JSON.stringify(directory)}; name the directory of the spools`
    })
  }
  return logs
})

export const viewOf = (log: string): Effect.Effect<LogView, ToolError> =>
  Effect.try({ try: () => viewLog(nodeFiles, log), catch: toolError(log, "read the spool") })

/** With `force`, an owner that cannot be seen from here counts as dead; one that is known to live never does. */
export const identityAmong = (logs: ReadonlyArray<string>, force: boolean): Effect.Effect<Identity> =>
  Effect.map(identityIn(logs), (identity) => ({
    ...identity,
    lifeOf: (owner, directory) => {
      const life = identity.lifeOf(owner, directory)
      return force && life === "unknown" ? "dead" : life
    }
  }))

/** Fails when nothing was done about some logs, because somebody has them or may have them. */
export const failForHeld = (held: ReadonlyArray<Held>): Effect.Effect<void, ToolError> =>
  held.length === 0
    ? Effect.void
    : Effect.fail(new ToolError({ exitCode: 2, message: held.map(heldText).join("\n") }))

const heldText = ({ directory, life, owner }: Held): string =>
  life === "alive"
    ? `${JSON.stringify(directory)} is in use by ${ownerText(owner)}; stop it first`
    : `${JSON.stringify(directory)} may be in use by ${
      ownerText(owner)
    }, which cannot be seen from here; when it is gone, use --force`
