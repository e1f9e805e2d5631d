/**
 * What the platform's own classes for the web show. Told by their tags, so those
 * of another realm or of a library are no others.
 */
import { PlainObject } from "../record/plainData.ts"
import { plural } from "../record/text.ts"
import { entries, pairsOf } from "./collections.ts"
import { kindOf, tagOf } from "./kinds.ts"
import { nameOf } from "./KnownKeys.ts"
import type { Fields, Walk } from "./walk.ts"

type Copy = (u: Fields, depth: number, walk: Walk) => unknown

/** By kind alone, although a walk would find something. */
const byKind: Copy = (u, _, walk) => walk.kind(u)

const pairs: Copy = (u, depth, walk) => {
  const { entries: iterate, size } = u
  if (typeof iterate !== "function") return walk.kind(u)
  const source = pairsOf(Reflect.apply(iterate, u, []))
  const isSecret = tagOf(u) === "URLSearchParams" ? walk.knownKeys.isSensitiveParameter : undefined
  return entries(source, typeof size === "number" ? size : undefined, depth, walk, isSecret)
}

const url: Copy = (u, _, walk) => typeof u["href"] === "string" ? walk.url(u["href"]) : walk.kind(u)

const blob: Copy = (u, _, walk) => {
  const { name, size, type } = u
  const title = typeof name === "string" ? `${kindOf(u)} ${nameOf(name)}` : kindOf(u)
  const about = [`${Number(size)} ${plural(Number(size), "byte")}`]
  if (typeof type === "string" && type !== "") about.push(nameOf(type))
  return walk.text(`[${title}(${about.join(", ")})]`)
}

/** Copies the named fields of an object that are there. */
const some = (...names: ReadonlyArray<string>): Copy => (u, depth, walk) => {
  const out = new PlainObject()
  out["_id"] = walk.text(nameOf(kindOf(u)))
  for (const name of names) {
    const value = u[name]
    if (value === undefined || value === null || value === "") continue
    out[name] = name === "url" && typeof value === "string" ? walk.url(value) : walk.value(value, depth + 1)
  }
  return out
}

const event = some("type", "message", "error", "code", "reason", "detail")

const copies = new Map<string, Copy>([
  ["URL", url],
  ["URLSearchParams", pairs],
  ["Headers", pairs],
  ["FormData", pairs],
  ["Request", some("method", "url", "headers")],
  ["Response", some("status", "statusText", "url", "headers")],
  ["Blob", blob],
  ["File", blob],
  ["AbortSignal", some("aborted", "reason")],
  ["global", byKind],
  ["console", byKind],
  ["Module", byKind]
])

/** How a value with this tag is copied, when it is one of the web's or of the language's. */
export const webCopy = (u: Fields, tag: string): Copy | undefined =>
  copies.get(tag) ?? (tag.endsWith("Event") && typeof u["composedPath"] === "function" ? event : undefined)
