import * as Redacted from "effect/Redacted"
import { isObject } from "../record/plainData.ts"

const deepest = 8
const most = 1000

/** Whether a text or a number in some fields of an object, at any depth, is one that is looked for. It is total. */
export const secretsIn = (
  source: object,
  fields: ReadonlyArray<string>,
  isFound: (text: string) => boolean
): boolean => {
  let left = most
  const look = (u: unknown, depth: number): boolean => {
    if (left-- <= 0 || depth > deepest) return true
    if (typeof u === "string") return u !== "" && isFound(u)
    if (typeof u === "number" || typeof u === "bigint") return isFound(String(u))
    if (!isObject(u)) return false
    if (Redacted.isRedacted(u)) return look(Redacted.value(u), depth + 1)
    const values = u instanceof Map ? [...u.keys(), ...u.values()] : u instanceof Set ? [...u] : Object.values(u)
    return values.some((each) => look(each, depth + 1))
  }
  try {
    return fields.some((field) => look(Reflect.get(source, field), 0))
  } catch {
    return true
  }
}
