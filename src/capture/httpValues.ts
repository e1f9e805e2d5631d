/**
 * What requests, responses and bodies of Effect's HTTP modules show: method, URL
 * and status, and bodies by kind and size. Every failed call brings them into
 * records, so headers stay out.
 */
import { freeName, isObject, PlainObject } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import { moreKeys, nameOf } from "./KnownKeys.ts"
import type { Fields, Walk } from "./walk.ts"

export const clientRequest = (u: Fields, _: number, walk: Walk): string =>
  messageText("HttpClientRequest", [...requestLine(u, walk), ...bodyOf(u)], walk)

export const clientResponse = (u: Fields, _: number, walk: Walk): string => {
  const { request, status } = u
  return messageText(
    "HttpClientResponse",
    [String(status), ...(isObject(request) ? requestLine(request, walk) : [])],
    walk
  )
}

export const serverRequest = (u: Fields, _: number, walk: Walk): string =>
  messageText("HttpServerRequest", requestLine(u, walk), walk)

export const serverResponse = (u: Fields, _: number, walk: Walk): string =>
  messageText("HttpServerResponse", [String(u["status"]), ...bodyOf(u)], walk)

export const httpBody = (u: Fields, _: number, walk: Walk): string => messageText("HttpBody", [bodyText(u)], walk)

/** Cookies by their names. */
export const cookies = (u: Fields, _: number, walk: Walk): Record<string, unknown> => {
  const out = new PlainObject()
  const names = Object.keys(isObject(u["cookies"]) ? u["cookies"] : {})
  const bound = Math.min(names.length, walk.limits.keys)
  for (let i = 0; i < bound; i++) out[freeName(out, nameOf(names[i]!))] = walk.text(walk.marker)
  const more = names.length - bound
  if (more > 0) out[moreKeys] = `[${more} more ${plural(more, "key")}]`
  return out
}

export const cookie = (u: Fields, _: number, walk: Walk): Record<string, unknown> => {
  const out = new PlainObject()
  out["name"] = walk.text(String(u["name"]))
  out["value"] = walk.marker
  return out
}

const messageText = (kind: string, parts: ReadonlyArray<string>, walk: Walk): string =>
  walk.text(`[${[kind, ...parts].join(" ")}]`)

const requestLine = (u: Fields, walk: Walk): Array<string> => [
  nameOf(String(u["method"])),
  walk.url(urlOf(u, walk))
]

const urlOf = (u: Fields, walk: Walk): string => {
  const { url, urlParams } = u
  let text = String(url)
  const params = isObject(urlParams) ? urlParams["params"] : undefined
  if (!Array.isArray(params)) return text
  let separator = text.includes("?") ? "&" : "?"
  for (const param of params) {
    if (!Array.isArray(param) || text.length > walk.limits.fieldBytes) break
    const [name, value]: Array<unknown> = param
    text += `${separator}${encoded(name)}=${typeof value === "string" ? encoded(value) : walk.marker}`
    separator = "&"
  }
  return text
}

const encoded = (u: unknown): string => encodeURIComponent(String(u).toWellFormed())

const bodyOf = ({ body }: Fields): Array<string> => isObject(body) && body["_tag"] !== "Empty" ? [bodyText(body)] : []

const bodyText = (body: Fields): string => {
  const { contentLength, contentType } = body
  const about: Array<string> = []
  if (typeof contentLength === "number") about.push(`${contentLength} ${plural(contentLength, "byte")}`)
  if (typeof contentType === "string") about.push(nameOf(contentType))
  const kind = nameOf(String(body["_tag"]))
  return about.length === 0 ? kind : `${kind}(${about.join(", ")})`
}
