import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import type { HeaderOf } from "../access/clientAddress.ts"
import { isObject } from "../record/plainData.ts"
import { isWebRequest, sourceOf } from "./httpRequest.ts"

/** How many bytes the body of a request has. */
export interface RequestBytes {
  readonly count: number | undefined
}

const none: RequestBytes = { count: 0 }
const unknown: RequestBytes = { count: undefined }

/**
 * What its length says, where it says one (RFC 9110 §8.6); of a body without one, what
 * has come through the server when it is asked.
 */
export const requestBytesOf = (request: HttpServerRequest, header: HeaderOf): RequestBytes => {
  const length = header("content-length")
  if (length !== undefined) return /^\d{1,15}$/.test(length) ? { count: Number(length) } : unknown
  const source = sourceOf(request)
  if (isWebRequest(source)) return source["body"] === null ? none : unknown
  // RFC 9112 §6.3: without either header, a request has no body. In HTTP/2 it may.
  if (header("transfer-encoding") === undefined && source["httpVersionMajor"] === 1) return none
  return counting(source)
}

/** Node hands each piece of a body to `push` of its message, whoever reads it. */
const counting = (source: object): RequestBytes => {
  const push: unknown = Reflect.get(source, "push")
  if (typeof push !== "function") return unknown
  const bytes = { count: 0 }
  const counted = Reflect.set(source, "push", (chunk: unknown, ...rest: ReadonlyArray<unknown>): unknown => {
    if (isObject(chunk) && typeof chunk["length"] === "number") bytes.count += chunk["length"]
    return Reflect.apply(push, source, [chunk, ...rest])
  })
  return counted ? bytes : unknown
}
