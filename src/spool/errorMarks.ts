import { CauseSnapshot, errorOfJson, ErrorSnapshot } from "../record/ErrorSnapshot.ts"
import { PackedMessage } from "../record/PackedMessage.ts"
import { isRecord } from "../record/plainData.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"
import { causeOf } from "./causeOf.ts"

/**
 * In JSON an error is an object like any other. Where errors were is kept beside
 * it: what is there, and the keys that lead to it.
 */
export type Mark = readonly [what: typeof anError | typeof aCause, ...path: ReadonlyArray<string | number>]

const anError = 0
const aCause = 1

/** Adds where the errors in a value are, each before those inside it. */
export const markErrors = (u: unknown, path: ReadonlyArray<string | number>, marks: Array<Mark>): void => {
  if (typeof u !== "object" || u === null) return
  if (u instanceof ErrorSnapshot) marks.push([anError, ...path])
  else if (u instanceof CauseSnapshot) marks.push([aCause, ...path])
  const shown = u instanceof ErrorSnapshot || u instanceof CauseSnapshot ? u.toJSON() : u
  if (Array.isArray(shown)) {
    for (let i = 0; i < shown.length; i++) markErrors(shown[i], [...path, i], marks)
  } else {
    for (const [key, value] of Object.entries(shown)) markErrors(value, [...path, key], marks)
  }
}

/** Whether there is an error in what a record says. */
export const holdsError = (u: unknown): boolean => {
  if (typeof u !== "object" || u === null) return false
  if (u instanceof PackedMessage) return u.leaves.some(holdsError)
  return u instanceof ErrorSnapshot || u instanceof CauseSnapshot ||
    (Array.isArray(u) ? u.some(holdsError) : Object.values(u).some(holdsError))
}

/** Whether there is an error in annotations, without putting them together. */
export const contextHoldsError = (context: RecordContext): boolean =>
  context.bound === undefined
    ? holdsError(context.annotations)
    : contextHoldsError(context.bound) || holdsError(context.own)

/** Puts the errors back where marks say they were. A mark that leads nowhere is passed over. */
export const restoreErrors = (fields: Array<unknown>, marks: ReadonlyArray<unknown>): void => {
  for (const mark of marks.toReversed()) {
    if (!Array.isArray(mark)) continue
    const [what, ...path]: ReadonlyArray<unknown> = mark
    const last = path.pop()
    const holder = path.reduce(itemOf, fields)
    const found = itemOf(holder, last)
    const error = what === anError
      ? errorOfJson(found)
      : Array.isArray(found)
      ? new CauseSnapshot(causeOf(found))
      : found
    if (found === undefined) continue
    if (Array.isArray(holder)) holder[Number(last)] = error
    else if (isRecord(holder)) holder[String(last)] = error
  }
}

const itemOf = (holder: unknown, key: unknown): unknown => {
  if (Array.isArray(holder)) return typeof key === "number" ? holder[key] : undefined
  return isRecord(holder) && typeof key === "string" && Object.hasOwn(holder, key) ? holder[key] : undefined
}
