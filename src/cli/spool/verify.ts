import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { plural } from "../../record/text.ts"
import { nodeFiles } from "../../spool/disk/files.ts"
import { contentOf } from "../../spool/frameContent.ts"
import { framesOf, type LogView } from "../../spool/log/inspect.ts"
import { ToolError, toolError } from "../ToolError.ts"
import { directory, logsIn, viewOf } from "./logs.ts"

/** Reads everything; fails with exit code 1 when something is damaged. */
export const verify = Command.make("verify", { directory }, ({ directory }) => verifyAll(directory)).pipe(
  Command.withDescription("Read every frame; the exit code is 1 when something is damaged")
)

const verifyAll = Effect.fnUntraced(function*(directory: string) {
  let damaged = 0
  for (const log of yield* logsIn(directory)) {
    const view = yield* viewOf(log)
    const { damage, frames, records } = yield* Effect.try({
      try: () => check(view),
      catch: toolError(log, "read the spool")
    })
    damaged += damage.length
    yield* Console.log(
      `${log}: ${frames} ${plural(frames, "frame")}, ${records} ${plural(records, "record")}, ` +
        `${damage.length} damaged ${plural(damage.length, "place")}`
    )
    for (const each of damage) yield* Console.log(`  ${each}`)
  }
  if (damaged > 0) {
    return yield* new ToolError({
      exitCode: 1,
      message: `${damaged} damaged ${plural(damaged, "place")}; see spool repair`
    })
  }
})

interface Checked {
  readonly frames: number
  readonly records: number
  readonly damage: ReadonlyArray<string>
}

const check = (view: LogView): Checked => {
  let frames = 0
  let records = 0
  const damage: Array<string> = []
  for (const part of framesOf(nodeFiles, view, 0)) {
    if (part._tag === "Damage") {
      const { bytes, header, offset, segment } = part
      const lost = header === undefined
        ? "an unknown number of records"
        : `${header.count} ${plural(header.count, "record")}`
      damage.push(
        `${segment.path}: ${bytes} ${plural(bytes, "byte")} at ${offset} ${bytes === 1 ? "is" : "are"} damaged, ${lost}`
      )
      continue
    }
    frames++
    const { lost, records: readable } = contentOf(part)
    records += readable.length
    if (lost > 0) damage.push(`${part.segment.path}: ${lost} ${plural(lost, "record")} of a whole frame cannot be read`)
  }
  if (view.cursorLost) damage.push(`${view.directory}: the cursor is lost, everything would be replayed`)
  return { frames, records, damage }
}
