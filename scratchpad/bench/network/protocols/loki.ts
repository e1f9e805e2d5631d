/** Loki's push API: each entry has a time, a line of JSON and perhaps structured metadata. */
import { itemsOf } from "../plain.ts"
import type { Protocol } from "./protocol.ts"

export const loki: Protocol = {
  takes: (path) => path === "/loki/api/v1/push",
  answer: () => ({ status: 204 }),
  records({ content }) {
    const pushed: unknown = JSON.parse(content.toString())
    return itemsOf(pushed, "streams").flatMap((stream) => itemsOf(stream, "values"))
  }
}
