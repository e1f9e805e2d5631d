/**
 * Objects as they can be fields of a document (Elasticsearch 9, "Dynamic field mapping", "Numeric field types" and
 * "Mapping limit settings"): a dot in a name is the border of an object, no name is blank there, 20 objects are in each
 * other at most (`index.mapping.depth.limit`), and a number becomes a `long` where it is written in digits, else a `float`.
 */
import { freeName, isRecord, PlainObject } from "../../record/plainData.ts"

/** How many names lead to a field at most, each part between dots being one: what lies deeper is text. */
const deepest = 16

/** An object as JSON: blank names are `_`, and what lies too deep is text, as a number is that no field of its type holds. */
export const fieldsJson = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(isTaken(fields, 0) ? fields : taken(fields, 0))

/** Whether a value is taken as it is. */
const isTaken = (value: unknown, depth: number): boolean => {
  if (typeof value === "number") return isHeld(value)
  if (typeof value !== "object" || value === null) return true
  if (depth >= deepest || "toJSON" in value) return false
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isTaken(value[i], depth + 1)) return false
    return true
  }
  if (!isRecord(value)) return false
  const names = Object.keys(value)
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    const parts = partsOf(name)
    if (parts === 0 || depth + parts > deepest || !isTaken(value[name], depth + parts)) return false
  }
  return true
}

const taken = (value: unknown, depth: number): unknown => {
  if (typeof value === "number") return isHeld(value) ? value : String(value)
  if (typeof value !== "object" || value === null) return value
  if (depth >= deepest) return JSON.stringify(value)
  if ("toJSON" in value && typeof value.toJSON === "function") return taken(value.toJSON(), depth + 1)
  if (Array.isArray(value)) return value.map((item) => taken(item, depth + 1))
  const out = new PlainObject()
  for (const [given, field] of Object.entries(value)) {
    const name = nameOf(given, deepest - depth)
    out[freeName(out, name)] = taken(field, depth + partsOf(name))
  }
  return out
}

const mostLong = 2 ** 63
const mostFloat = 3.402_823_466_385_288_6e38
/** From here on JSON has an exponent in place of all digits. */
const leastExponent = 1e21

/** Whether the field that a number would make holds it. */
const isHeld = (value: number): boolean => {
  const size = Math.abs(value)
  return size < mostLong || (size >= leastExponent && size <= mostFloat) || !Number.isFinite(size)
}

const dot = 0x2e
const space = 0x20

/** How many parts a name has between its dots; none, if one of them is blank. */
const partsOf = (name: string): number => {
  let parts = 1
  let isBlank = true
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code === dot) {
      if (isBlank) return 0
      isBlank = true
      parts++
    } else if (code > space) isBlank = false
  }
  return isBlank ? 0 : parts
}

/** A name with so many parts at most: in the last one are what were others. */
const nameOf = (given: string, most: number): string => {
  const parts = given.split(".").map((part) => partsOf(part) === 0 ? "_" : part)
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join("_")].filter((part) => part !== "").join(".")
}
