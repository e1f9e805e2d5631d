import * as Cause from "effect/Cause"
import type { CauseReason } from "../LogRecord.ts"
import { PlainObject } from "./plainData.ts"
import type { Fields, Snapshot } from "./snapshot.ts"

/** Copies the reasons of a cause. */
export const snapshotReasons = (
  reasons: ReadonlyArray<Cause.Reason<unknown>>,
  depth: number,
  walk: Snapshot
): ReadonlyArray<CauseReason> => {
  const out: Array<CauseReason> = []
  for (const reason of reasons) {
    if (out.length >= walk.limits.keys) break
    walk.bytes += 32
    if (Cause.isFailReason(reason)) out.push({ kind: "Fail", error: walk.value(reason.error, depth) })
    else if (Cause.isDieReason(reason)) out.push({ kind: "Die", error: walk.value(reason.defect, depth) })
    else out.push({ kind: "Interrupt", fiberId: reason.fiberId })
  }
  return out
}

/** Copies an error: what it is, where it was made, its own properties and what it was caused by. */
export const snapshotError = (u: Fields, depth: number, walk: Snapshot): Record<string, unknown> => {
  const out = new PlainObject()
  for (const key of ["_tag", "name", "message", "stack"]) {
    walk.field(u, key, depth, out)
  }
  walk.own(u, depth, out)
  for (const key of ["cause", "errors"]) {
    if (!Object.hasOwn(out, key) && key in u) walk.field(u, key, depth, out)
  }
  return out
}
