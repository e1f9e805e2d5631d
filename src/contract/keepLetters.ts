import type { LogRecord } from "../LogRecord.ts"
import { plural } from "../record/text.ts"
import type { DeadLetter } from "./Sink.ts"

/** What keeps letters: it says what became of those it was given. */
interface Keeper {
  readonly append: (
    records: ReadonlyArray<LogRecord>,
    verdict: {
      readonly reason: string
      readonly attempts: number
      readonly message: string
      readonly partial?: number | undefined
    }
  ) => { readonly _tag: "Appended" | "Refused" } | { readonly _tag: "Failed"; readonly error: Error }
}

/** Gives a keeper what a lane gave up together. Throws when it does not take it. */
export const keepLetters = (keeper: Keeper, given: ReadonlyArray<DeadLetter>): void => {
  const [first] = given
  if (first === undefined) return
  const { attempts, lastError = "", partial, reason } = first
  const result = keeper.append(given.map(({ record }) => record), { reason, attempts, message: lastError, partial })
  if (result._tag === "Failed") throw result.error
  if (result._tag === "Refused") {
    throw new RangeError(`the dead letters have no room for ${given.length} ${plural(given.length, "record")}`)
  }
}
