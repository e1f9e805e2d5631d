import type { CauseReason } from "../LogRecord.ts"
import { errorOfJson } from "../record/ErrorSnapshot.ts"
import { isRecord } from "../record/plainData.ts"

/** The reasons that can be read. */
export const causeOf = (reasons: ReadonlyArray<unknown>): ReadonlyArray<CauseReason> => {
  const out: Array<CauseReason> = []
  for (const reason of reasons) {
    if (!isRecord(reason)) continue
    const { count, error, fiberId, kind } = reason
    const frames = textsOf("frames", reason["frames"])
    if (kind === "Fail" || kind === "Die") {
      out.push({ kind, error, ...frames })
    } else if (kind === "Interrupt") {
      const by = textsOf("interruptor", reason["interruptor"])
      out.push({ kind, fiberId: Number.isFinite(fiberId) ? Number(fiberId) : undefined, ...frames, ...by })
    } else if (kind === "More" && Number.isFinite(count)) {
      out.push({ kind, count: Number(count) })
    }
  }
  return out
}

const textsOf = <Key extends string>(
  key: Key,
  u: unknown
): { readonly [K in Key]?: ReadonlyArray<string> } | undefined => {
  if (!Array.isArray(u)) return undefined
  const texts: { [K in Key]?: ReadonlyArray<string> } = {}
  texts[key] = u.filter((each): each is string => typeof each === "string")
  return texts
}

/** The failures of a record that does not say which of its objects were errors: those that look like one. */
export const withLikelyErrors = (reasons: ReadonlyArray<CauseReason>): ReadonlyArray<CauseReason> =>
  reasons.map((reason) => "error" in reason ? { ...reason, error: likelyError(reason.error) } : reason)

const likelyError = (u: unknown): unknown => {
  if (Array.isArray(u)) return u.map(likelyError)
  if (!isRecord(u)) return u
  for (const key of Object.keys(u)) u[key] = likelyError(u[key])
  const isLikely = typeof u["stack"] === "string" || (typeof u["_tag"] === "string" && typeof u["message"] === "string")
  return isLikely ? errorOfJson(u) : u
}
