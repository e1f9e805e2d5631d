/** What was counted of a workload, by name. */
export type Counts = Readonly<Record<string, number>>

/** The share by which a count may differ. */
const tolerance = 0.1

const anew = "write the counts anew with UPDATE_COUNTS=1"

/** A sentence for each count of a workload that differs by more than that. */
export const changes = (workload: string, before: Counts, now: Counts): ReadonlyArray<string> =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) =>
    change(`workload ${workload}, ${name}`, before[name], now[name]) ?? []
  )

const change = (what: string, before: number | undefined, now: number | undefined): string | undefined => {
  if (before === undefined) return `${what}: ${now} now and unknown before: ${anew}`
  if (now === undefined) return `${what}: ${before} before, and not counted now: ${anew}`
  if (Math.abs(now - before) <= tolerance * before) return undefined
  const share = before === 0 ? "" : ` (${now > before ? "+" : ""}${(100 * (now / before - 1)).toFixed(1)} %)`
  const figures = `${what}: ${before} before, ${now} now${share}`
  return now > before ? `${figures}, where at most 10 % more is allowed` : `${figures}: ${anew}, to keep what was won`
}
