/** Holds a run against an earlier one. */
import { readFileSync } from "node:fs"
import type { Ratio, Report } from "./report.ts"

const tolerance = 0.15

export interface Change {
  readonly key: string
  readonly before: number
  readonly after: number
  /** How much worse, as a share; negative when better. */
  readonly worse: number
}

export const changes = (
  before: Readonly<Record<string, Ratio>>,
  after: Readonly<Record<string, Ratio>>
): ReadonlyArray<Change> =>
  Object.entries(after).flatMap(([key, { better, value }]) => {
    const base = before[key]?.value
    if (base === undefined || base <= 0 || value <= 0) return []
    return [{ key, before: base, after: value, worse: better === "lower" ? value / base - 1 : base / value - 1 }]
  })

export const readRatios = (file: string): Readonly<Record<string, Ratio>> => {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"))
  if (!isReport(value)) throw new Error(`${file} was not written by this benchmark`)
  return value.ratios
}

const isReport = (u: unknown): u is Pick<Report, "ratios"> =>
  typeof u === "object" && u !== null && "ratios" in u && typeof u.ratios === "object" && u.ratios !== null

/** The lines to print, and whether anything got worse. */
export const comparison = (
  before: Readonly<Record<string, Ratio>>,
  after: Readonly<Record<string, Ratio>>
): { readonly text: string; readonly worse: boolean } => {
  const all = changes(before, after)
  const worse = all.filter((change) => change.worse > tolerance).toSorted((a, b) => b.worse - a.worse)
  const lines = worse.map(({ after, before, key, worse }) =>
    `  ${key}: ${before.toFixed(2)} → ${after.toFixed(2)} (${Math.round(worse * 100)} % worse)`
  )
  const title = worse.length === 0
    ? `Nothing of ${all.length} figures is more than 15 % worse than before.`
    : `${worse.length} of ${all.length} figures are more than 15 % worse than before:`
  return { text: [title, ...lines].join("\n"), worse: worse.length > 0 }
}
