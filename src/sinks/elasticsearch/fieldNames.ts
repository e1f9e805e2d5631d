import { isRecord } from "../../record/plainData.ts"

/** The fields of a document besides the annotations. */
const own = [
  "@timestamp",
  "log.level",
  "message",
  "data",
  "error.type",
  "error.message",
  "error.stack_trace",
  "trace.id",
  "span.id",
  "effect"
]

/** Whether a field meets one of the document: it is the same, lies in it, or has to be the object around it. */
const meetsOwn = (name: string): boolean =>
  own.some((other) => name === other || name.startsWith(`${other}.`) || other.startsWith(`${name}.`))

/** Whether annotations can be under a name. */
export const isFreeName = (name: unknown): boolean =>
  typeof name === "string" && name.trim() !== "" && !name.includes(".") && !meetsOwn(name)

/** Whether they can be fields of every document. */
export const areFreeFields = (value: unknown): boolean => {
  if (!isRecord(value)) return false
  try {
    const plain: unknown = JSON.parse(JSON.stringify(value))
    return isRecord(plain) && Object.entries(plain).every(([name, field]) => isFree(name, field))
  } catch {
    return false
  }
}

const isFree = (name: string, field: unknown): boolean => {
  if (name.trim() === "") return false
  if (!isRecord(field)) return !meetsOwn(name)
  return Object.entries(field).every(([inner, value]) => isFree(`${name}.${inner}`, value))
}
