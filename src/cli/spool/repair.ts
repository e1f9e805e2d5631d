import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { plural } from "../../record/text.ts"
import { nodeFiles } from "../../spool/disk/files.ts"
import { repairLog } from "../../spool/log/repair.ts"
import { type Held, OwnerLock } from "../../spool/owner/OwnerLock.ts"
import { toolError } from "../ToolError.ts"
import { directory, failForHeld, force, identityAmong, logsIn } from "./logs.ts"

/** Sets damage aside and rebuilds lost cursors. */
export const repair = Command.make(
  "repair",
  { directory, force },
  ({ directory, force }) => repairAll(directory, force)
).pipe(Command.withDescription("Cut torn ends, set damaged frames aside, rebuild a lost cursor"))

const repairAll = Effect.fnUntraced(function*(directory: string, force: boolean) {
  const logs = yield* logsIn(directory)
  const identity = yield* identityAmong(logs, force)
  const held: Array<Held> = []
  for (const path of logs) {
    const acquired = yield* Effect.try({
      try: () => OwnerLock.acquire(nodeFiles, path, identity),
      catch: toolError(path, "lock the spool")
    })
    if (acquired._tag === "Held") {
      held.push(acquired)
      continue
    }
    const done = yield* Effect.try({ try: () => repairLog(nodeFiles, path), catch: toolError(path, "repair") }).pipe(
      Effect.ensuring(Effect.sync(() => acquired.lock.release()))
    )
    yield* Console.log(
      `${path}: ${done.damaged} damaged ${plural(done.damaged, "place")} ` +
        `(${done.damagedBytes} ${plural(done.damagedBytes, "byte")}) set aside, ` +
        `${done.moved} ${plural(done.moved, "file")} moved to quarantine, cursor ${
          done.cursorRebuilt ? "rebuilt" : "kept"
        }`
    )
  }
  yield* failForHeld(held)
})
