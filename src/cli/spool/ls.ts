import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { type LogView, settledBefore } from "../../spool/log/inspect.ts"
import { type Identity, identityIn, type Life, ownerText } from "../../spool/owner/owner.ts"
import { directory, logsIn, viewOf } from "./logs.ts"

/** Lists what each log holds. */
export const ls = Command.make("ls", { directory }, ({ directory }) => list(directory)).pipe(
  Command.withDescription("List spools, their segments and how many records wait in them")
)

const list = Effect.fnUntraced(function*(directory: string) {
  const logs = yield* logsIn(directory)
  const identity = yield* identityIn(logs)
  for (const log of logs) {
    const view = yield* viewOf(log)
    const bytes = view.segments.reduce((sum, segment) => sum + segment.bytes, 0)
    yield* Console.log(
      `${log}: ${view.end - settledBefore(view)} records to deliver, ${view.segments.length} segments, ` +
        `${bytes} bytes, ${ownedBy(view, identity)}`
    )
    for (const segment of view.segments) yield* Console.log(`  ${segment.path} ${segment.bytes} bytes`)
  }
})

const lives: Readonly<Record<Life, string>> = {
  alive: "owned by",
  dead: "left by dead",
  unknown: "perhaps left by"
}

const ownedBy = ({ directory, owner }: LogView, identity: Identity): string =>
  owner === undefined ? "no owner" : `${lives[identity.lifeOf(owner, directory)]} ${ownerText(owner)}`
