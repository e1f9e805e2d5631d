/** Who writes the lines of the service: nobody, ours, pino. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Logger } from "pino"
import { bodyOf, errorText, type Fields, numbersOf, objectText, textOf, warningText } from "./mix.ts"
import type { RequestLog } from "./program.ts"

const nothing = (): Effect.Effect<void> => Effect.void

const silent: RequestLog = { text: nothing, numbers: nothing, object: nothing, error: nothing, warning: nothing }

export const openSilent = (): RequestLog => silent

const effects: RequestLog = {
  text: (i) => Effect.logInfo(textOf(i)),
  numbers: (i) => Effect.logInfo(numbersOf(i)),
  object: (i) => Effect.logInfo(objectText, bodyOf(i)),
  error: (_, error) => Effect.logError(errorText, error),
  warning: (_, cause) => Effect.logWarning(warningText, cause)
}

/** The fields of the request are annotations of the fiber. */
export const openEffects = (): RequestLog => effects

/** A child for each request. */
export const openPinoChild = (logger: Logger) => (fields: Fields): RequestLog => {
  const child = logger.child(fields)
  return {
    text: (i) => Effect.sync(() => child.info(textOf(i))),
    numbers: (i) => Effect.sync(() => child.info(numbersOf(i))),
    object: (i) => Effect.sync(() => child.info(bodyOf(i), objectText)),
    error: (_, error) => Effect.sync(() => child.error(error, errorText)),
    warning: (_, cause) => Effect.sync(() => child.warn({ err: Cause.squash(cause) }, warningText))
  }
}
