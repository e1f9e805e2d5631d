import * as Cause from "effect/Cause"
import * as Redactable from "effect/Redactable"
import { types } from "node:util"
import type { CauseReason } from "../LogRecord.ts"
import { ErrorSnapshot, isTaken, standardFields } from "./ErrorSnapshot.ts"
import { isTypeId, moreKeys, nameOf } from "./knownKeys.ts"
import { PlainObject, threw } from "./plainData.ts"
import { prototypeOf } from "./prototypes.ts"
import type { Fields, Snapshot } from "./snapshot.ts"
import { callsOf, framesOf } from "./stackFrames.ts"

/** Fields that errors of Node, of browsers and of clients often have where a walk over their keys does not find them. */
const hidden = ["code", "errno", "syscall", "path", "status", "statusCode"]

/** Copies the reasons of a cause. */
export const captureReasons = (
  reasons: ReadonlyArray<Cause.Reason<unknown>>,
  depth: number,
  walk: Snapshot
): ReadonlyArray<CauseReason> => {
  const out: Array<CauseReason> = []
  const count = Math.min(reasons.length, walk.limits.keys)
  for (let i = 0; i < count; i++) out.push(captureReason(reasons[i]!, depth, walk))
  if (count < reasons.length) out.push({ kind: "More", count: reasons.length - count })
  return out
}

const captureReason = (reason: Cause.Reason<unknown>, depth: number, walk: Snapshot): CauseReason => {
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
  walk: Snapshot
): { readonly frames: ReadonlyArray<string> } | undefined => {
  if (annotations.size === 0) return undefined
  const frames = callsOf(annotations.get(key))
  return frames.length === 0 ? undefined : { frames: frames.map((frame) => walk.text(frame)) }
}

/** Whether an object is an error, of this realm or another, or a tagged class with a message. */
export const isError = (u: Fields): boolean =>
  u instanceof Error || types.isNativeError(u) || (typeof u["_tag"] === "string" && typeof u["message"] === "string")

/** Whether an object that something failed with says so itself. */
export const isFailure = (u: Fields): boolean =>
  typeof u["message"] === "string" && typeof u["toJSON"] !== "function" && !(Redactable.symbolRedactable in u) &&
  !(Symbol.toStringTag in u) && !prototypeOf(u).isMachinery

/** An error that lies too deep to be copied: what it is, without where and why. */
export const deepError = (u: Fields, walk: Snapshot): string => {
  const name = text(walk.read(u, "name")) ?? text(walk.read(u, "_tag")) ?? "Error"
  const message = text(walk.read(u, "message"))
  return walk.text(`[${nameOf(new ErrorSnapshot({ name, message }).title)}]`)
}

/** Copies an error: what it is, where it was made, its own properties and what it was caused by. */
export const captureError = (u: Fields, depth: number, walk: Snapshot): ErrorSnapshot => {
  const properties = new PlainObject()
  const field = (key: string): unknown => {
    const value = walk.read(u, key)
    if (value !== undefined && !isTaken(key, value)) properties[key] = walk.value(value, depth + 1)
    return value
  }
  const tag = text(field("_tag"))
  const name = text(field("name"))
  const message = text(field("message"))
  const stack = text(walk.read(u, "stack"))
  const frames = stack === undefined
    ? []
    : stack === walk.marker || stack === threw
    ? [stack]
    : framesOf(stack, name ?? "Error", message ?? "").map((frame) => walk.text(frame))
  const fields = {
    tag: tag && walk.text(tag),
    name: name && walk.text(name),
    message: message && walk.text(message),
    frames,
    properties
  }
  captureProperties(u, depth, walk, properties)
  const errors = "errors" in u ? field("errors") : undefined
  return new ErrorSnapshot({
    ...fields,
    cause: "cause" in u ? walk.failure(walk.read(u, "cause"), depth + 1) : undefined,
    errors: Array.isArray(errors) ? walk.failures(errors, depth + 1) : undefined
  })
}

const text = (u: unknown): string | undefined => typeof u === "string" ? u : undefined

const captureProperties = (u: Fields, depth: number, walk: Snapshot, out: Record<string, unknown>): void => {
  const own = Object.keys(u).filter((key) => !standardFields.has(key) && !isTypeId(key))
  for (let i = 0; i < own.length; i++) {
    if (walk.isEnough(i)) {
      out[moreKeys] = `[${own.length - i} more keys]`
      break
    }
    walk.field(u, own[i]!, depth, out)
  }
  for (const key of hidden) {
    if (Object.hasOwn(out, key) || !(key in u)) continue
    const value = walk.read(u, key)
    if (typeof value === "string" || typeof value === "number") out[key] = walk.value(value, depth + 1)
  }
}
