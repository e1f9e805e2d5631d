import { defaultLimits } from "../../capture/limits.ts"
import { isObject } from "../../record/plainData.ts"

/**
 * What there is in a value that is shown: plain data; objects that say themselves what they
 * are as JSON; or so much, or values of Effect, which show all that is in them without
 * looking whether they have been there, that only a bounded copy may be shown.
 */
export type Looks = "plain" | "speaking" | "boundless"

/** Of objects and of fields. */
const most = 10_000
/** Of characters: more is not kept of any record. */
const mostText = defaultLimits.recordBytes

/** Looks through a value as `JSON.stringify` would, and says what there is. */
export const looksOf = (value: unknown): Looks => {
  try {
    return isObject(value) ? looked(value) : "plain"
  } catch {
    // What throws when it is read has a marker in a copy.
    return "boundless"
  }
}

const looked = (value: object): Looks => {
  const seen = new Set<object>([value])
  let looks: Looks = "plain"
  let fields = 0
  let text = 0
  for (const one of seen) {
    if (seen.size > most || isOfEffect(one)) return "boundless"
    if (!(one instanceof Date) && typeof Reflect.get(one, "toJSON") === "function") looks = "speaking"
    for (const key of Object.keys(one)) {
      const inner: unknown = Reflect.get(one, key)
      text += key.length + (typeof inner === "string" ? inner.length : 0)
      if (++fields > most || text > mostText) return "boundless"
      if (isObject(inner)) seen.add(inner)
    }
  }
  return looks
}

const isOfEffect = (one: object): boolean =>
  typeof Reflect.get(one, "pipe") === "function" && typeof Reflect.get(one, "toJSON") === "function"
