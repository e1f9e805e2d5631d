import { freeName, PlainObject } from "../record/plainData.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"
import { contextJson } from "./contextTexts.ts"
import type { JsonShape } from "./JsonShape.ts"

type Names = ReadonlySet<string>

/** The annotations of a context as fields of a line, each with a comma before it. */
export const flatJson = (context: RecordContext, reserved: Names, { moved }: JsonShape): string => {
  const { annotations } = context
  const json = areFree(Object.keys(annotations), reserved)
    ? contextJson(context)
    : JSON.stringify(withMoved(annotations, reserved, moved))
  return json === "{}" ? "" : `,${json.slice(1, -1)}`
}

/** Whether none of some names is reserved. */
export const areFree = (names: ReadonlyArray<string>, reserved: Names): boolean => {
  for (let i = 0; i < names.length; i++) if (reserved.has(names[i]!)) return false
  return true
}

/** Annotations with other names for those that are reserved. */
const withMoved = (
  annotations: Readonly<Record<string, unknown>>,
  reserved: Names,
  moved: string
): Readonly<Record<string, unknown>> => {
  const taken = Object.assign(new PlainObject(), annotations)
  for (const name of reserved) taken[name] = true
  const out = new PlainObject()
  for (const key of Object.keys(annotations)) {
    const name = reserved.has(key) ? freeName(taken, moved + key) : key
    taken[name] = true
    out[name] = annotations[key]
  }
  return out
}
