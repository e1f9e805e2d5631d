import type { CauseReason } from "./CauseReason.ts"
import { CauseSnapshot, ErrorSnapshot } from "./ErrorSnapshot.ts"
import { isRecord, PlainObject } from "./plainData.ts"

/** Data of a record as object literals are written: its objects inherit what others do. */
export const ordinaryData = (u: unknown): unknown => {
  if (Array.isArray(u)) return u.map(ordinaryData)
  if (u instanceof ErrorSnapshot) return ordinaryError(u)
  if (u instanceof CauseSnapshot) return new CauseSnapshot(u.reasons.map(ordinaryReason))
  return isPlain(u) ? ordinaryFields(u) : u
}

export const ordinaryFields = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, ordinaryData(value)]))

export const ordinaryReason = (reason: CauseReason): CauseReason =>
  "error" in reason ? { ...reason, error: ordinaryData(reason.error) } : reason

const ordinaryError = ({ cause, errors, frames, message, name, properties, tag }: ErrorSnapshot): ErrorSnapshot =>
  new ErrorSnapshot({
    tag,
    name,
    message,
    frames,
    properties: ordinaryFields(properties),
    cause: ordinaryData(cause),
    errors: errors?.map(ordinaryData)
  })

/** Whether it is an object whose prototype is empty, or none. */
const isPlain = (u: unknown): u is Record<string, unknown> => {
  if (!isRecord(u)) return false
  const prototype: unknown = Object.getPrototypeOf(u)
  return prototype === null || prototype === PlainObject.prototype
}
