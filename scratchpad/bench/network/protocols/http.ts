/** Any endpoint: JSON lines, or an array of JSON. */
import type { Protocol } from "./protocol.ts"

export const http: Protocol = {
  takes: (path) => path === "/in",
  answer: () => ({ status: 200 }),
  records({ content }) {
    const text = content.toString()
    const value: unknown = JSON.parse(text.startsWith("[") ? text : `[${text.trimEnd().split("\n").join(",")}]`)
    return Array.isArray(value) ? value : []
  }
}
