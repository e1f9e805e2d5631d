import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { plural } from "../../record/text.ts"
import { type LogView, settledBefore, settledBehind } from "../../spool/log/inspect.ts"
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
    const records = settledBehind(view).open(settledBefore(view), view.end)
    const segments = view.segments.length
    yield* Console.log(
      `${log}: ${records} ${plural(records, "record")} to deliver, ${segments} ${plural(segments, "segment")}, ` +
        `${bytes} ${plural(bytes, "byte")}, ${ownedBy(view, identity)}`
    )
    for (const segment of view.segments) {
      yield* Console.log(`  ${segment.path} ${segment.bytes} ${plural(segment.bytes, "byte")}`)
    }
  }
})

const lives: Readonly<Record<Life, string>> = {
  alive: "owned by",
  dead: "left by dead",
  unknown: "perhaps left by"
}

const ownedBy = ({ directory, owner }: LogView, identity: Identity): string =>
  owner === undefined ? "no owner" : `${lives[identity.lifeOf(owner, directory)]} ${ownerText(owner)}`
