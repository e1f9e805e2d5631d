import { isObject } from "../record/plainData.ts"
import { classOf } from "./kinds.ts"
import { nameOf } from "./KnownKeys.ts"
import type { Fields, Walk } from "./walk.ts"

/**
 * Shows machinery by its kind, and an HTTP message also by its status, method and
 * URL. It is never walked: all of it leads to sockets, and from there to headers
 * and bodies that were sent.
 */
export const machinery = (u: Fields, walk: Walk): string =>
  walk.text(`[${[nameOf(classOf(u)), ...messageLine(u, walk)].join(" ")}]`)

const messageLine = (u: Fields, walk: Walk): Array<string> => {
  const { method, req, statusCode } = u
  const status = typeof statusCode === "number" ? [String(statusCode)] : []
  const request = typeof method === "string" && method !== "" ? u : req
  if (!isObject(request) || typeof request["method"] !== "string") return status
  return [...status, nameOf(request["method"]), walk.url(urlOf(request))]
}

const urlOf = (u: Fields): string => {
  const { getHeader, host, path, protocol, url } = u
  if (typeof url === "string") return url
  if (typeof path !== "string") return ""
  const named: unknown = typeof getHeader === "function" ? Reflect.apply(getHeader, u, ["host"]) : undefined
  const authority = typeof named === "string" ? named : host
  return typeof protocol === "string" && typeof authority === "string" ? `${protocol}//${authority}${path}` : path
}
