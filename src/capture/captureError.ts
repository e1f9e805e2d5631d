import * as Cause from "effect/Cause"
import * as Redactable from "effect/Redactable"
import * as SchemaIssue from "effect/SchemaIssue"
import { formOf } from "../events/errorForms.ts"
import type { CauseReason } from "../LogRecord.ts"
import { builtIns } from "../node/builtIns.ts"
import { ErrorSnapshot, standardFields } from "../record/ErrorSnapshot.ts"
import { freeName, isRecord, PlainObject, threw } from "../record/plainData.ts"
import { isTypeId, moreKeys, nameOf } from "./KnownKeys.ts"
import { instead } from "./namedValues.ts"
import { prototypeOf } from "./prototypes.ts"
import { callsOf, framesOf, moreFrames } from "./stackFrames.ts"
import type { Fields, Walk } from "./walk.ts"

/** Fields that errors of Node, of browsers and of clients often have where a walk over their keys does not find them. */
const hidden = ["code", "errno", "syscall", "path", "status", "statusCode"]

/** What a schema finds wrong, in the words of Effect. */
export const issueText = SchemaIssue.makeFormatterDefault()

/** Copies the reasons of a cause. */
export const captureReasons = (
  reasons: ReadonlyArray<Cause.Reason<unknown>>,
  depth: number,
  walk: Walk
): ReadonlyArray<CauseReason> => {
  const out: Array<CauseReason> = []
  const count = Math.min(reasons.length, walk.limits.keys)
  for (let i = 0; i < count; i++) out.push(captureReason(reasons[i]!, depth, walk))
  if (count < reasons.length) out.push({ kind: "More", count: reasons.length - count })
  return out
}

const captureReason = (reason: Cause.Reason<unknown>, depth: number, walk: Walk): CauseReason => {
  walk.bytes += 32
  const frames = calls(reason, Cause.StackTrace.key, walk)
  if (Cause.isFailReason(reason)) return { kind: "Fail", error: walk.failure(reason.error, depth), ...frames }
  if (Cause.isDieReason(reason)) return { kind: "Die", error: walk.failure(reason.defect, depth), ...frames }
  const interruptor = calls(reason, Cause.InterruptorStackTrace.key, walk)?.frames
  return { kind: "Interrupt", fiberId: reason.fiberId, ...frames, ...(interruptor && { interruptor }) }
}

const calls = (
  { annotations }: Cause.Reason<unknown>,
  key: string,
  walk: Walk
): { readonly frames: ReadonlyArray<string> } | undefined => {
  // A cause may be made by hand.
  const frames = annotations instanceof Map ? callsOf(annotations.get(key)) : []
  return frames.length === 0 ? undefined : { frames: keepFrames(frames, walk) }
}

/** Frames as far as the record has room for them. */
const keepFrames = (frames: ReadonlyArray<string>, walk: Walk): ReadonlyArray<string> => {
  const kept: Array<string> = []
  for (const frame of frames) {
    if (walk.isEnough(kept.length)) return [...kept, moreFrames(frames.length - kept.length)]
    kept.push(walk.said(frame))
  }
  return kept
}

/** Whether an object is an error, of this realm or another, or a tagged class with a message. */
export const isError = (u: object): boolean =>
  u instanceof Error || builtIns.isNativeError(u) ||
  ("_tag" in u && typeof u._tag === "string" && "message" in u && typeof u.message === "string" &&
    !prototypeOf(u).isMachinery)

/** Whether an object that something failed with says so itself. */
export const isFailure = (u: Fields): boolean =>
  typeof u["message"] === "string" && typeof u["toJSON"] !== "function" && !(Redactable.symbolRedactable in u) &&
  !(Symbol.toStringTag in u) && !prototypeOf(u).isMachinery

/** An error that lies too deep to be copied: what it is, without where and why. */
export const deepError = (u: Fields, walk: Walk): string => {
  const [tag, name, message] = ["_tag", "name", "message"].map((key) => {
    const value = walk.read(u, key)
    return typeof value === "string" ? value : undefined
  })
  const { title } = new ErrorSnapshot({ tag, name: nameFor(name, tag), message })
  const shown = `[${nameOf(walk.knownKeys.redactText(title))}]`
  walk.bytes += 2 * shown.length
  return shown
}

/**
 * Copies an error: what it is, where it was made, its own properties and what it
 * was caused by. Of a reason, what the error says that has it is left out.
 */
export const captureError = (u: Fields, depth: number, walk: Walk, reasonOf?: Fields): ErrorSnapshot => {
  walk.isInsideError = true
  const properties = new PlainObject()
  const declared = formOf(walk.read(u, "constructor"))
  const words = declared?.properties(u)
  const valueOf = (key: string): unknown =>
    words !== undefined && declared?.hides(key) === true ? words[key] : walk.read(u, key)
  const field = (key: string): string | undefined => {
    const value = valueOf(key)
    if (typeof value === "string") return value
    if (value !== undefined) properties[key] = walk.value(value, depth + 1)
    return undefined
  }
  const tag = field("_tag")
  const name = field("name")
  const message = field("message")
  const frames = reasonOf === undefined ? captureStack(walk.read(u, "stack"), name, message, walk) : []
  const shownName = reasonOf === undefined || tag === undefined ? nameFor(name, tag) : undefined
  const own = {
    tag: tag && walk.text(tag),
    name: shownName && walk.text(shownName),
    message: reasonOf === undefined ? message && walk.said(declared?.shown(message, u) ?? message) : undefined,
    frames
  }
  captureProperties(u, words ?? wordsOf(u, walk), message, depth, walk, properties)
  const cause = "cause" in u ? valueOf("cause") : undefined
  const errors = "errors" in u ? valueOf("errors") : undefined
  if (errors !== undefined && !Array.isArray(errors)) properties["errors"] = walk.value(errors, depth + 1)
  return new ErrorSnapshot({
    ...own,
    properties,
    cause: reasonOf === undefined || cause !== walk.read(reasonOf, "cause")
      ? walk.failure(cause, depth + 1)
      : undefined,
    errors: Array.isArray(errors) ? walk.failures(errors, depth + 1) : undefined
  })
}

/** Whether a field only says what library its object belongs to: `"~effect/Cause/TimeoutError"` is its key and its value. */
const isMeaningless = (key: string, value: unknown): boolean => isTypeId(key) || (key.startsWith("~") && value === key)

/** The name of an error; for one of Effect's whose name is a path, its tag. */
const nameFor = (name: string | undefined, tag: string | undefined): string | undefined =>
  tag !== undefined && name?.includes("/") === true ? tag : name

const captureStack = (
  stack: unknown,
  name: string | undefined,
  message: string | undefined,
  walk: Walk
): ReadonlyArray<string> => {
  if (typeof stack !== "string") return []
  if (stack === walk.marker || stack === threw) return [stack]
  return keepFrames(framesOf(stack, name ?? "Error", message ?? ""), walk)
}

const captureProperties = (
  u: Fields,
  source: Fields,
  message: string | undefined,
  depth: number,
  walk: Walk,
  out: Record<string, unknown>
): void => {
  const keys = Object.keys(source).filter((key) => !standardFields.has(key))
  const cause = walk.read(u, "cause")
  for (let i = 0; i < keys.length; i++) {
    if (walk.isEnough(i)) {
      out[freeName(out, moreKeys)] = walk.rest(keys.length - i)
      break
    }
    const key = keys[i]!
    const value = walk.read(source, key)
    if (value === undefined || isMeaningless(key, value) || isSaid(value, message, cause)) continue
    const shown = nameOf(key)
    const { holds } = walk.knownKeys.get(key)
    walk.bytes += 16 + shown.length
    out[shown === key ? shown : freeName(out, shown)] = isReason(value, message) && depth + 1 < walk.limits.depth
      ? captureError(value, depth + 1, walk, u)
      : holds === "data" && typeof value === "string"
      ? walk.said(value)
      : walk.kept(holds, instead(holds, source, value, walk), depth + 1)
  }
  for (const key of hidden) {
    if (Object.hasOwn(out, key) || !(key in u) || source !== u && key in source) continue
    const value = walk.read(u, key)
    if (typeof value === "string" || typeof value === "number") out[key] = walk.value(value, depth + 1)
  }
}

/** The fields that an error has for its readers: what its `toJSON` gives, if it has one. */
const wordsOf = (u: Fields, walk: Walk): Fields => {
  const toJSON = walk.read(u, "toJSON")
  if (typeof toJSON !== "function") return u
  try {
    const words: unknown = Reflect.apply(toJSON, u, [])
    return isRecord(words) ? words : u
  } catch {
    return u
  }
}

/** Whether the cause or the message of an error shows a property already. */
const isSaid = (value: unknown, message: string | undefined, cause: unknown): boolean =>
  typeof value === "object" && value !== null &&
  (value === cause || (SchemaIssue.isIssue(value) && issueText(value) === message))

/** Whether a property is an error that gave the one that has it its message. */
const isReason = (value: unknown, message: string | undefined): value is Fields =>
  typeof value === "object" && value !== null && isError(value) && "message" in value && value.message === message
