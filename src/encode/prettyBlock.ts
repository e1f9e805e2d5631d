import { CauseSnapshot, ErrorSnapshot } from "../record/ErrorSnapshot.ts"
import { isObject } from "../record/plainData.ts"
import { errorText } from "./causeText.ts"

/** What is longer than this goes over several lines. */
const width = 100

/** Whether a value needs lines of its own: an error anywhere in it, or an object that is long. */
export const needsLines = (value: unknown): boolean =>
  isObject(value) && (holdsError(value) || lineOf(value).length > width)

/**
 * A value over as many lines as it needs: JSON, in which errors stand as their
 * stacks. Newlines of the program's own texts stay escaped, except in errors,
 * and every line but the first is indented.
 */
export const prettyBlock = (value: unknown, indent = ""): string => {
  if (isError(value)) return errorText(value, indent)
  if (!isObject(value) || !needsLines(value)) return lineOf(value)
  const inner = `${indent}  `
  const [open, close, items] = Array.isArray(value)
    ? ["[", "]", value.map((item) => prettyBlock(item, inner))]
    : ["{", "}", Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${prettyBlock(item, inner)}`)]
  return `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`
}

const lineOf = (value: unknown): string => JSON.stringify(value) ?? "undefined"

const isError = (value: unknown): boolean => value instanceof ErrorSnapshot || value instanceof CauseSnapshot

const holdsError = (value: unknown): boolean =>
  isError(value) || (isObject(value) && Object.values(value).some(holdsError))
