import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** What a variable of the environment says, without blanks around it; nothing where it is empty, not set, or cannot be read. */
export const variable = (name: string): Effect.Effect<string | undefined> =>
  Effect.map(
    Effect.catch(Config.option(Config.String(name)), () => Effect.succeedNone),
    (found) => Option.getOrElse(found, () => "").trim() || undefined
  )
