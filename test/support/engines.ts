/** Programs that judge what the library sends. `npm run engines` says how to get them. */
import { type Engine, placeOf, without } from "../../scratchpad/engines/engines.ts"

/** Whether there is one, or must be: with `CI=true` a missing one is a failure. Else a line says so. */
export const hasEngine = (engine: Engine): boolean => {
  if (process.env["CI"] === "true" || placeOf(engine) !== undefined) return true
  console.log(`skipped: ${without(engine)}; npm run engines says how to get it`)
  return false
}
