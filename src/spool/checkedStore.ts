import * as Effect from "effect/Effect"
import type { Checks, Rule } from "../options/check.ts"
import { type Checked, checkOptions } from "../options/checkOptions.ts"
import { SpoolError } from "./disk/SpoolError.ts"

/** Options as a store takes them, or what is wrong with them. */
export const checkedStore = <O extends object>(
  where: string,
  checks: Checks<O>,
  options: O,
  rule: Rule<O>
): Effect.Effect<Checked<O>, SpoolError> =>
  Effect.try({
    try: () => checkOptions(where, checks, options, rule),
    catch: (cause) =>
      new SpoolError({ reason: "Options", path: "", message: cause instanceof Error ? cause.message : "", cause })
  })
