/** Loki's push API: each entry has a time, a line of JSON and perhaps structured metadata. */
import { isObject, itemsOf } from "../plain.ts"
import type { Protocol } from "./protocol.ts"

export const loki: Protocol = {
  takes: (path) => path === "/loki/api/v1/push",
  answer: () => ({ status: 204 }),
  records({ content }) {
    const pushed: unknown = JSON.parse(content.toString())
    return itemsOf(pushed, "streams").flatMap((stream) => itemsOf(stream, "values").map(entryOf))
  }
}

const entryOf = (entry: unknown): unknown => {
  const [, line, metadata]: ReadonlyArray<unknown> = Array.isArray(entry) ? entry : []
  const said: unknown = typeof line === "string" ? JSON.parse(line) : undefined
  return { line: said, ...(isObject(metadata) ? { metadata } : {}) }
}
