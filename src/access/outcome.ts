import type { Level } from "../record/level.ts"
import { isObject } from "../record/plainData.ts"

/** Answered for a client that has gone before it had the whole response; the name comes from nginx. */
export const clientClosedRequest = 499

/** How a request ended. */
export type Ended =
  /** The whole response was handed over. */
  | "answered"
  /** The client went away before. */
  | "client-gone"
  /** The server broke it off: the response was destroyed, a time was up, the server was closed. */
  | "broken-off"

/** The level of a record: what the server did wrong is an Error, what the client did a Warn. */
export const levelOfStatus = (ended: Ended, status: number | undefined, error?: unknown): Level => {
  if (hasFailed(ended, status, error)) return "Error"
  return ended === "client-gone" || (status !== undefined && status >= 400) ? "Warn" : "Info"
}

/** Whether it is the server that failed: an error that was answered below 500 is the client's. */
export const hasFailed = (ended: Ended, status: number | undefined, error: unknown): boolean =>
  ended === "broken-off" || (status !== undefined && status >= 500) ||
  (error !== undefined && (ended === "client-gone" || status === undefined))

/**
 * What `error.type` is: the tag or the name of an error, else what broke the response off, else the
 * status of 500 and above, as the conventions have it. A client's mistake is no error of a server.
 */
export const errorTypeOf = (ended: Ended, status: number | undefined, error: unknown): string | undefined => {
  if (error !== undefined) return typeOfError(error)
  if (ended === "broken-off") return "response_broken_off"
  return status !== undefined && status >= 500 ? String(status) : undefined
}

const longestType = 128

/** Total: an error may be anything, and its getters may throw. */
const typeOfError = (error: unknown): string => {
  try {
    if (!isObject(error)) return typeof error
    const { _tag, name } = error
    const type = typeof _tag === "string" ? _tag : typeof name === "string" && name !== "" ? name : "Error"
    return type.length > longestType ? type.slice(0, longestType) : type
  } catch {
    return "Error"
  }
}
