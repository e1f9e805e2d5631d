import type * as Cause from "effect/Cause"
import { isObject } from "../record/plainData.ts"

/** What some record has said already: causes, and errors that are objects. */
const saidOnes = new WeakSet<object>()

export const errorOf = (reason: Cause.Reason<unknown>): unknown => {
  switch (reason._tag) {
    case "Fail":
      return reason.error
    case "Die":
      return reason.defect
    case "Interrupt":
      return undefined
  }
}

/** Notes that a record has this cause. */
export const say = (cause: Cause.Cause<unknown>): void => {
  if (cause.reasons.length === 0) return
  saidOnes.add(cause)
  for (const reason of cause.reasons) {
    saidOnes.add(reason)
    const error = errorOf(reason)
    if (isObject(error)) saidOnes.add(error)
  }
}

/** Whether a record has this reason, or the cause that it stands in, already. */
export const isSaid = (cause: Cause.Cause<unknown> | undefined, reason: Cause.Reason<unknown>): boolean => {
  if ((cause !== undefined && saidOnes.has(cause)) || saidOnes.has(reason)) return true
  const error = errorOf(reason)
  return isObject(error) && saidOnes.has(error)
}
